import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPublicKeys } from '../../../../src/cli/asking/read-public-keys.ts';
import { toDocument, toSaid } from '../../../../src/report/leaving.ts';
import { formatError, toErrorDocument } from '../../../../src/report/results/error-screen.ts';
import type { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { parsePublicKey } from '../../../../src/workspace/keys/public-key.ts';
import { readByShell, spellHere, toLines } from '../../../spelling.ts';

const PUTTY = 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\nAAAAIGnotASecretButLikeOne\n';

let folder: string;
let key: string;
let text: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws keys '));
  key = path.join(folder, 'id');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'me@here', '-f', key]);
  text = readFileSync(key, 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function refuse(source: string, stdin = ''): Promise<WorkspaceError> {
  return readPublicKeys(source, Readable.from([Buffer.from(stdin)])).then(
    () => {
      throw new Error('it was taken');
    },
    (error: WorkspaceError) => error,
  );
}

/** All that a person or a program gets to see of an error. */
function show(error: WorkspaceError): string {
  const screen = formatError(error, { columns: 80, color: false, debug: true, spell: spellHere });
  return `${toSaid(screen)}\n${toDocument(toErrorDocument(error, spellHere))}`;
}

describe('a private key in the place of a public one', () => {
  it('leads to the public half beside that very file', async () => {
    const error = await refuse(key);
    expect(error).toMatchObject({ code: 'BAD_PUBLIC_KEY', reason: expect.stringContaining('private key') });
    expect(readByShell(toLines(error.suggestions))).toEqual([['ws', 'keys', 'add', `${key}.pub`]]);
  });

  it('leads to the command that makes it where there is none, which a shell can run', async () => {
    const alone = path.join(folder, 'alone');
    writeFileSync(alone, text, { mode: 0o600 });
    const [make = '', add, ...others] = toLines((await refuse(alone)).suggestions);
    expect([add, others]).toEqual([`ws keys add '${alone}.pub'`, []]);
    execFileSync('bash', ['-c', make]);
    const made = parsePublicKey(readFileSync(`${alone}.pub`, 'utf8'), 'it');
    expect(made.blob).toBe(parsePublicKey(readFileSync(`${key}.pub`, 'utf8'), 'it').blob);
    expect(toLines((await refuse(alone)).suggestions)).toEqual([`ws keys add '${alone}.pub'`]);
  });

  it('of PuTTY leads to PuTTY, and not to a program that cannot read it', async () => {
    const file = path.join(folder, 'id.ppk');
    writeFileSync(file, PUTTY);
    expect(toLines((await refuse(file)).suggestions)).toEqual([expect.stringContaining('PuTTYgen')]);
  });

  it.each([
    ['as the argument itself', () => refuse(text)],
    ['as the argument, on one line', () => refuse(text.replaceAll('\n', ' '))],
    ['as the argument, of PuTTY', () => refuse(PUTTY)],
    ['on stdin', () => refuse('-', text)],
    ['on stdin, below a public one', () => refuse('-', `${readFileSync(`${key}.pub`, 'utf8')}${text}`)],
    ['in a file', () => refuse(key)],
  ])('is nowhere shown: %s', async (_how, give) => {
    const error = await give();
    const shown = show(error);
    for (const line of [...text.split('\n'), ...PUTTY.split('\n')].filter((one) => /^[\w+/=]{16,}$/.test(one)))
      expect(shown).not.toContain(line.slice(0, 16));
    expect(error.code).toBe('BAD_PUBLIC_KEY');
  });
});
