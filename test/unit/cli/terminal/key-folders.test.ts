/** A line that is to make a key makes one, wherever its folder is: ssh-keygen makes no folder but its user's `.ssh`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readPublicKeys } from '../../../../src/cli/asking/read-public-keys.ts';
import { toSpell } from '../../../../src/cli/command/spelling.ts';
import { explainKeyFolders, withKeyFolders } from '../../../../src/cli/terminal/key-folders.ts';
import { accountHome } from '../../../../src/cli/terminal/machine.ts';
import type { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { run, type Suggestion, ws } from '../../../../src/workspace/errors/suggestion.ts';
import { makingKey, suggestNewKey } from '../../../../src/workspace/keys/new-key.ts';

let home: string;

beforeEach(() => {
  home = path.join(mkdtempSync(path.join(tmpdir(), 'ws-key-')), "somebody's home");
  mkdirSync(home);
  vi.stubEnv('HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(path.dirname(home), { recursive: true, force: true });
});

const spell = toSpell({});

/** Types the lines of other programs one after the other, as a person does who takes the first answer each time. */
function type(suggestions: readonly Suggestion[]): void {
  for (const one of suggestions) {
    if (!('program' in one) || one.program === 'ws') continue;
    const { line } = spell(one);
    const { status, stderr } = spawnSync('setsid', ['-w', 'bash', '-c', line], { input: '\n\n', encoding: 'utf8' });
    expect(status, `${line}\n${stderr}`).toBe(0);
  }
}

async function findError(): Promise<WorkspaceError> {
  return readPublicKeys('nothing.pub', new PassThrough()).catch((error: WorkspaceError) => error) as never;
}

describe('the key is there afterwards', () => {
  it.each<[string, () => Promise<readonly Suggestion[]> | readonly Suggestion[], string]>([
    ['for a person', () => [suggestNewKey()], '.ssh/id_ed25519'],
    ['for a script', () => [makingKey(path.join(home, 'keys', 'deep', 'id'))], 'keys/deep/id'],
    ['in place of a key file that is not there', async () => (await findError()).suggestions, '.ssh/id_ed25519'],
  ])('%s, in a home without its folder, and then in the same one', async (_what, list, file) => {
    const suggestions = withKeyFolders(await list());
    expect(suggestions.map((one) => 'program' in one && one.program).slice(0, 2)).toEqual(['mkdir', 'ssh-keygen']);
    type(suggestions);
    expect(existsSync(path.join(home, `${file}.pub`))).toBe(true);
    expect(statSync(path.dirname(path.join(home, file))).mode & 0o777).toBe(0o700);
    // Now the folder is there, and nothing is said of it.
    expect(withKeyFolders(await list())).toEqual(await list());
  });

  it('in an error that suggests it', async () => {
    const error = explainKeyFolders(await findError()) as WorkspaceError;
    expect(error).toMatchObject({ code: 'KEY_NOT_FOUND', reason: expect.any(String) });
    expect(error.suggestions.map((one) => spell(one).line.split(' ')[0])).toEqual(['mkdir', 'ssh-keygen', 'ws']);
  });
});

it('is left to ssh-keygen where that makes the folder: in the home of passwd, whatever its file is called', () => {
  const own = accountHome() ?? '';
  for (const name of ['id_ed25519', 'work'])
    expect(withKeyFolders([makingKey(path.join(own, '.ssh', name))])).toHaveLength(1);
});

it('is nothing for lines that make no key', () => {
  const others = [run('ssh-keygen')`-l -f ${path.join(home, 'no', 'key')}`, ws`up --identity FILE`, { text: 'x' }];
  expect(withKeyFolders(others)).toEqual(others);
});
