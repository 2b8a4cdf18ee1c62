import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { toTmuxCommand } from '../../../../src/cli/session/words/tmux.ts';
import { listGroups, readForeground } from '../../../../src/supervisor/returning/foreground.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'proc-'));
  writeFileSync(path.join(root, 'uptime'), '1000.00 0.00\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A process with its group, and the group in its terminal's foreground. */
function run(pid: number, group: number, foreground: number, words: string[], folder = '/work'): void {
  mkdirSync(path.join(root, String(pid)));
  const rest = `S 1 ${group} 100 34816 ${foreground} ${'0 '.repeat(13)}5000 0`;
  writeFileSync(path.join(root, String(pid), 'stat'), `${pid} (a) b) ${rest}`);
  writeFileSync(path.join(root, String(pid), 'cmdline'), words.map((word) => `${word}\0`).join(''));
  symlinkSync(folder, path.join(root, String(pid), 'cwd'));
}

const look = () => readForeground(100, listGroups(root), 1_000_000, root);

it.each([
  ['a shell at its prompt', ['-bash'], undefined],
  ['a shell with flags', ['/usr/bin/zsh', '-l', '-i'], undefined],
  ['a shell with a command', ['bash', '-c', 'make "all"'], `bash -c 'make "all"'`],
  ['a shell with a script', ['/bin/bash', './run.sh'], '/bin/bash ./run.sh'],
  ['words that a shell would read', ['echo', '$(id)', "it's", ''], `echo '$(id)' 'it'\\''s'`],
  ['a line end', ['printf', 'a\nb'], undefined],
])('of %s, the command is what somebody would type', (_what, words, expected) => {
  run(100, 100, 100, words);
  expect(look()).toEqual({ folder: '/work', command: expected, agent: undefined });
});

it('is what the shell has put there, in its folder, not what runs behind it', () => {
  run(100, 100, 200, ['-bash']);
  run(150, 150, 200, ['make', 'watch'], '/elsewhere');
  run(200, 200, 200, ['tail', '-f', 'log'], '/logs');
  run(201, 200, 200, ['grep', 'x'], '/logs');
  expect(look()).toMatchObject({ folder: '/logs', command: 'tail -f log' });
});

it('is the command of `ws ssh --tmux -- COMMAND`, not the shell that runs it', () => {
  const line = toTmuxCommand({ name: 'job', isDetached: true, job: 'npm run dev', forwardsAgent: false });
  const words = /'([^]*)' ws '(npm run dev)' '([^]*)'$/.exec(line.replaceAll("'\\''", "'"));
  expect(words?.[2]).toBe('npm run dev');
  run(100, 100, 100, ['sh', '-c', words?.[3] ?? '', 'ws', 'npm run dev']);
  run(101, 100, 100, ['npm run dev']);
  expect(look()).toMatchObject({ command: 'npm run dev' });
});

it('is an agent by its own name, whatever started it', () => {
  run(100, 100, 200, ['-bash']);
  run(200, 200, 200, ['node', '/home/dev/.local/bin/codex']);
  run(201, 200, 200, ['/home/dev/.local/lib/vendor/x86_64/bin/codex'], '/project');
  expect(look()).toMatchObject({
    folder: '/project',
    command: 'codex',
    agent: { pid: 201, startedAtMs: 50_000, agent: { name: 'codex' } },
  });
});

it('is a folder that is still there', () => {
  run(100, 100, 100, ['-bash'], '/gone (deleted)');
  expect(look().folder).toBeUndefined();
});
