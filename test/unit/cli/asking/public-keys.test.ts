import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findPublicKeys, putWorkspaceFirst, readPublicKeys } from '../../../../src/cli/asking/read-public-keys.ts';
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
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a key file that is not there', () => {
  const suggest = async (source: string) => {
    const error = await readPublicKeys(source, Readable.from([])).then(
      () => undefined,
      (thrown: WorkspaceError) => thrown,
    );
    expect(error).toMatchObject({ code: 'KEY_NOT_FOUND' });
    return readByShell(toLines(error?.suggestions ?? []));
  };

  it('is answered with those that are, each in the place of it, and nothing that is no public key', async () => {
    const home = mkdtempSync(path.join(folder, 'home '));
    vi.stubEnv('HOME', home);
    writeFileSync(path.join(folder, 'notes.pub'), 'my notes');
    const [first, ...others] = await suggest(path.join(folder, 'ip.pub'));
    expect(first).toEqual(['ws', 'keys', 'add', `${key}.pub`]);
    expect(others.flat()).not.toContain(path.join(folder, 'notes.pub'));
  });

  it('is answered with what makes one where there is none', async () => {
    const home = mkdtempSync(path.join(folder, 'home '));
    vi.stubEnv('HOME', home);
    const own = path.join(home, '.ssh', 'id_ed25519');
    expect(await suggest(path.join(home, 'x.pub'))).toEqual([
      ['ssh-keygen', '-t', 'ed25519', '-f', own],
      ['ws', 'keys', 'add', `${own}.pub`],
    ]);
  });
});

describe('what names a key to remove', () => {
  it('is a public key file that is there, or the key itself', () => {
    const { blob } = parsePublicKey(readFileSync(`${key}.pub`, 'utf8'), 'x');
    vi.stubEnv('HOME', folder);
    for (const word of [`${key}.pub`, '~/id.pub', readFileSync(`${key}.pub`, 'utf8')])
      expect(findPublicKeys(word)).toEqual([blob]);
    for (const word of ['me@here', 'SHA256:abc', 'gone.pub', '2', '-', folder, ''])
      expect(findPublicKeys(word)).toBeUndefined();
  });

  // A file that nobody can read from its beginning, root included.
  it.runIf(process.platform === 'linux')('is no file that cannot be read: that is said', () => {
    const error = catchError(() => findPublicKeys('/proc/self/mem'));
    expect(error).toMatchObject({ code: 'KEY_NOT_FOUND', message: '/proc/self/mem cannot be read' });
    expect(toLines(error.suggestions)).toEqual(['ws keys ls']);
  });

  it('is no private key: that leads to the public half, to be removed', () => {
    const error = catchError(() => findPublicKeys(key));
    expect(error).toMatchObject({ code: 'BAD_PUBLIC_KEY' });
    expect(readByShell(toLines(error.suggestions))).toEqual([['ws', 'keys', 'rm', `${key}.pub`]]);
    const pasted = catchError(() => findPublicKeys(text));
    expect(show(pasted)).not.toContain(text.split('\n')[1]);
    expect(toLines(pasted.suggestions)).toEqual(['ws keys rm FILE.pub']);
  });
});

describe('the order of workspace and key', () => {
  it('is either one where it is unmistakable', () => {
    const mixed = [key, `${key}.pub`, 'laptop.pub', './laptop', 'SHA256:abc', '-', `ssh-ed25519 ${'AAAA'.repeat(90)}`];
    for (const source of mixed) {
      expect(putWorkspaceFirst([source, 'alice'], 'add'), source).toEqual(['alice', source]);
      expect(putWorkspaceFirst(['alice', source], 'rm'), source).toEqual(['alice', source]);
    }
  });

  it('is asked for where a file is called as a workspace may be', () => {
    const cwd = process.cwd();
    process.chdir(path.dirname(key));
    try {
      const name = path.basename(key).replaceAll('_', '-');
      copyFileSync(key, name);
      const error = catchError(() => putWorkspaceFirst([name, 'alice'], 'rm'));
      expect(error).toMatchObject({
        code: 'BAD_WORKSPACE_NAME',
        reason: 'the workspace comes first, and then its key',
      });
      expect(readByShell(toLines(error.suggestions))).toEqual([['ws', 'keys', 'rm', 'alice', name]]);
    } finally {
      process.chdir(cwd);
    }
  });

  it('stays where nothing says otherwise', () => {
    for (const words of [
      ['alice', key],
      [undefined, key],
      ['alice', 'laptop'],
      [key, key],
      ['alice', undefined],
      ['a'.repeat(5000), 'alice'],
      // The name's own judge refuses it, and shows nothing of it.
      [text, 'alice'],
    ])
      expect(putWorkspaceFirst(words, 'add')).toEqual(words);
  });
});

function catchError(act: () => void): WorkspaceError {
  try {
    act();
  } catch (error) {
    return error as WorkspaceError;
  }
  throw new Error('it was taken');
}

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
