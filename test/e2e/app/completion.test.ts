import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { spawn as spawnPty } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../cluster-under-test.ts';
import { makePerson, type Person, Terminal } from './running/run-ws.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../../bin/run.js');

let place: TestNamespace;
let person: Person;
let environment: Record<string, string>;

beforeAll(async () => {
  place = makeNamespace('app-tab');
  kubectl(['label', 'namespace', place.name, 'pod-security.kubernetes.io/enforce=restricted']);
  person = makePerson(place.name);
  const bin = path.join(person.home, 'bin');
  mkdirSync(bin);
  symlinkSync(PROGRAM, path.join(bin, 'ws'));
  environment = {
    ...person.environment,
    PATH: `${bin}:${path.dirname(process.execPath)}:${person.environment['PATH']}`,
  };
  writeFileSync(path.join(person.home, 'a key.pub'), '');
  for (const name of ['alpha', 'beta']) {
    const run = await person.ws(['up', name, '--yes', '--no-shell', '--storage-class', 'none', '--key', person.key]);
    expect(run.status, run.stderr).toBe(0);
  }
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

/** What bash would offer for these words, and what it would show amid the line that is typed. */
function completeInBash(
  words: string[],
  more: Record<string, string> = {},
): Promise<{ offered: string[]; noise: string }> {
  const script = `source <(ws completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ws_complete; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { promise, resolve, reject } = Promise.withResolvers<{ offered: string[]; noise: string }>();
  execFile(
    'bash',
    ['-c', script, 'bash', 'ws', ...words],
    { env: { ...environment, ...more }, cwd: person.home },
    (error, stdout, stderr) => {
      if (error !== null) reject(error);
      else resolve({ offered: stdout.split('\n').filter((line) => line !== ''), noise: stderr });
    },
  );
  return promise;
}

describe('ws completion bash', () => {
  it.each<[string, string[], string[]]>([
    ['commands', ['comp'], ['completion']],
    ['commands of a topic', ['homes', ''], ['ls', 'rm']],
    ['flags', ['forward', '--so'], ['--socks']],
    ['values of a flag', ['ls', '--progress', '=', 'pl'], ['plain']],
    ['workspaces', ['ssh', ''], ['alpha', 'beta']],
    ['workspaces that begin so', ['logs', '--follow', 'b'], ['beta']],
    ['workspaces for a flag', ['keys', 'add', 'x.pub', '-w', 'a'], ['alpha']],
    ['workspaces and files', ['keys', 'add', 'a'], ['alpha', 'a key.pub']],
    ['files', ['keys', 'add', '-w', 'alpha', 'a'], ['a key.pub']],
    ['no workspace where none is wanted', ['ls', ''], []],
  ])('completes %s', async (_what, words, expected) => {
    expect(await completeInBash(words)).toEqual({ offered: expected, noise: '' });
  });

  it('looks for workspaces where the line says', async () => {
    expect(await completeInBash(['ssh', '--namespace', 'default', ''])).toEqual({ offered: [], noise: '' });
  });

  it('says nothing when there is no cluster', async () => {
    expect(await completeInBash(['ssh', ''], { KUBECONFIG: '/nonexistent' })).toEqual({ offered: [], noise: '' });
  });

  it('works at the Tab key of an interactive bash', async () => {
    const terminal = new Terminal(
      spawnPty('bash', ['--norc', '--noprofile', '-i'], { env: environment, cwd: person.home, name: 'xterm-256color' }),
    );
    terminal.type('PS1="ready> "; source <(ws completion bash)\r');
    await terminal.see(/ready> $/);
    terminal.type('ws stat\t');
    await terminal.see(/ws status $/);
    terminal.type('al\t');
    await terminal.see(/ws status alpha $/);
    terminal.type('\x15exit\r');
    expect(await terminal.exit()).toBe(0);
  });
});

describe('ws completion', () => {
  it('prints scripts that name no other program, and refuses a shell that it does not know', async () => {
    for (const shell of ['zsh', 'fish']) {
      const run = await person.ws(['completion', shell]);
      expect(run.status, run.stderr).toBe(0);
      expect(run.stdout).toContain('ws complete -- ');
    }
    const run = await person.ws(['completion', 'tcsh']);
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/tcsh/);
  });

  it('is a script that bash takes without a warning', async () => {
    const { stdout } = await person.ws(['completion', 'bash']);
    expect(() => execFileSync('bash', ['-n'], { input: stdout })).not.toThrow();
  });
});
