/** Whatever lies in the home where the sessions are kept: nothing of it runs, and the next sessions are kept. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage[Symbol.dispose]());

const SCROLLBACK = `scrollback-${'0'.repeat(16)}.gz`;

/** Each would make the file, if a shell, tmux or a terminal obeyed it. */
function listAttempts(hit: string): string[] {
  return [
    `#(touch ${hit})`,
    `##(touch ${hit})`,
    `#{l:#(touch ${hit})}`,
    `x; run-shell 'touch ${hit}'`,
    `x;`,
    `$(touch ${hit})`,
    `\`touch ${hit}\``,
    `'; touch ${hit}; '`,
    `-c`,
    `; touch ${hit}`,
    `touch ${hit} #`,
    `%if 1`,
  ];
}

it('obeys no name, folder, command or picture', async () => {
  const hit = path.join(stage.folder, 'hit');
  const attempts = listAttempts(hit);
  const ends = ['\n', '\r', '\u0003\r', '\u001b[201~\r', '\u2028', '\t\n'];
  const commands = [...attempts, ...ends.map((end) => `touch ${hit}${end}`)];
  mkdirSync(stage.saved, { recursive: true });
  writeFileSync(
    path.join(stage.saved, SCROLLBACK),
    gzipSync(`shown\u001b[6n\u001b]0;#(touch ${hit})\u0007\u001bc\u001b[5n\r\n`),
  );
  const window = { index: 0, layout: 'b25d,80x24,0,0,0', columns: 80, rows: 24, isActive: true, isZoomed: true };
  const sessions = commands.map((command, number) => {
    const attempt = attempts[number % attempts.length] ?? '';
    const agent = { name: 'claude', conversation: `$(touch ${hit})` };
    const panes = [{ folder: `/${attempt}`, command, agent, scrollback: SCROLLBACK, isActive: true }];
    return { name: attempt, windows: [{ ...window, name: attempt, panes }] };
  });
  writeFileSync(path.join(stage.saved, 'sessions.json'), JSON.stringify({ version: 1, sessions }));
  stage.start();
  await stage.until(() => stage.find('sessions.prompted') !== undefined, 30_000);
  await sleep(1000);
  expect(existsSync(hit)).toBe(false);
  const panes = stage.tmux('list-panes', '-a', '-F', '#{pane_id}').split('\n');
  expect(panes).toHaveLength(sessions.length);
  expect(stage.screen(panes[0] ?? '')).toContain('shown');
  // What stands at the prompts is what was kept, and nothing else.
  const typed = panes.map((pane) => stage.screen(pane).split('\n').at(-1));
  for (const attempt of attempts) expect(typed.join('\n')).toContain(attempt);
});

describe('where the folder is to be', () => {
  const things: [string, (folder: string) => void][] = [
    ['a file', (folder) => writeFileSync(folder, 'mine')],
    ['a pipe', (folder) => execFileSync('mkfifo', [folder])],
    ['a link to nowhere', (folder) => symlinkSync('/nowhere/at/all', folder)],
    ['a circle', (folder) => symlinkSync(folder, folder)],
    [
      'a folder with a pipe for the index',
      (folder) => (mkdirSync(folder), execFileSync('mkfifo', [`${folder}/sessions.json`])),
    ],
    ['a folder with a folder for the index', (folder) => mkdirSync(`${folder}/sessions.json/x`, { recursive: true })],
    [
      'a folder with a folder for the next index',
      (folder) => mkdirSync(`${folder}/sessions.json.new/x`, { recursive: true }),
    ],
    [
      'an index of gigabytes',
      (folder) => (mkdirSync(folder), execFileSync('truncate', ['-s', '9G', `${folder}/sessions.json`])),
    ],
  ];

  it.each(things)('%s is, the server goes on, and tmux is left as it is', async (_thing, make) => {
    mkdirSync(path.dirname(stage.saved), { recursive: true });
    make(stage.saved);
    const returning = stage.start();
    stage.tmux('new-session', '-d', '-s', 'main');
    await sleep(300);
    let ended = false;
    await returning.endPrograms(async () => {
      ended = true;
      return 0;
    });
    expect(ended).toBe(true);
    expect(stage.find('sessions.not-returned')).toBeUndefined();
    expect(stage.events.filter(({ event }) => event === 'sessions.not-saved').length).toBeLessThanOrEqual(1);
  });
});

it('keeps the save before where the home is full, and says so once', async () => {
  const kept = path.join(stage.saved, 'sessions.json');
  const first = stage.start();
  stage.tmux('new-session', '-d', '-s', 'main');
  await first.endPrograms(async () => 0);
  const before = readFileSync(kept, 'utf8');
  expect(before).toContain('"main"');
  rmSync(path.join(stage.home, '.local/state/ws/sessions.json.new'), { force: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', stage.home]);
  try {
    mkdirSync(stage.saved, { recursive: true });
    writeFileSync(kept, before);
    execFileSync('sh', ['-c', 'cat /dev/zero > "$1" 2>/dev/null || true', 'sh', path.join(stage.home, 'full')]);
    const second = stage.start();
    await stage.until(() => stage.find('sessions.returned') !== undefined);
    await stage.until(() => stage.find('sessions.not-saved') !== undefined);
    await second.endPrograms(async () => 0);
    expect(readFileSync(kept, 'utf8')).toBe(before);
    expect(stage.events.filter(({ event }) => event === 'sessions.not-saved')).toEqual([
      expect.objectContaining({ reason: expect.stringContaining('ENOSPC') }),
    ]);
  } finally {
    execFileSync('umount', ['--lazy', stage.home]);
  }
});
