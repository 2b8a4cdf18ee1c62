/** What came back and nobody looked at comes back again, and the first login hears of it. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage[Symbol.dispose]());

const readIndex = () => {
  try {
    return readFileSync(path.join(stage.saved, 'sessions.json'), 'utf8');
  } catch {
    return '';
  }
};

it('a command stands at its prompt after each of several restarts, though each end writes to its terminal', async () => {
  let returning = stage.start();
  stage.tmux('new-session', '-d', '-s', 'main', '-x', '80', '-y', '24');
  stage.tmux('send-keys', '-t', 'main', 'sleep 1234', 'Enter');
  await stage.until(() => readIndex().includes('sleep 1234'));
  for (let round = 0; round < 3; round += 1) {
    await stage.end(returning);
    expect(readIndex()).toContain('"command":"sleep 1234"');
    returning = stage.start();
    await stage.until(() => stage.find('sessions.prompted') !== undefined);
    await stage.until(() => /sleep 1234$/.test(stage.screen('main')));
    // Longer than a shell takes to show what was typed.
    await sleep(3500);
  }
  // What somebody has changed is not put back.
  stage.tmux('send-keys', '-t', 'main', 'C-u');
  await sleep(1500);
  await stage.until(() => !readIndex().includes('sleep 1234'));
  await stage.end(returning);
  expect(readIndex()).not.toContain('sleep 1234');
});

it('says what came back by the time that nobody waits any more', async () => {
  stage.start();
  stage.tmux('new-session', '-d', '-s', 'main');
  await stage.until(() => readIndex().includes('"main"'));
  await stage.kill();
  stage.start();
  let said: string | undefined;
  while (said === undefined) {
    if (stage.read('returning') === '') said = stage.read('returned');
    await sleep(1);
  }
  expect(said).toContain('[ws] Back in tmux: main (1 pane)');
});

it('sessions are read after the last save of a pod that ends beside the next one, or after ten seconds', async () => {
  const ending = path.join(stage.saved, 'ending');
  const index = path.join(stage.saved, 'sessions.json');
  stage.start();
  stage.tmux('new-session', '-d', '-s', 'early');
  await stage.until(() => existsSync(index) && readIndex().includes('"early"'));
  for (const [before, after, isTaken] of [
    ['early', 'late', true],
    ['late', 'late', false],
  ] as const) {
    await stage.kill();
    stage.events.length = 0;
    writeFileSync(ending, '');
    stage.start();
    await sleep(1000);
    expect(stage.find('sessions.returned')).toBeUndefined();
    writeFileSync(index, readIndex().replace(before, after));
    if (isTaken) rmSync(ending);
    await stage.until(() => stage.find('sessions.returned') !== undefined);
    expect(stage.tmux('list-sessions', '-F', '#{session_name}')).toBe(after);
    expect(existsSync(ending)).toBe(false);
  }
});

it('the last save of a pod that ends is announced, and then done', async () => {
  const ending = path.join(stage.saved, 'ending');
  const returning = stage.start();
  stage.tmux('new-session', '-d', '-s', 'main');
  await stage.until(() => existsSync(stage.saved));
  returning.announceEnd();
  await stage.until(() => existsSync(ending));
  await returning.endPrograms(async () => 0);
  expect(existsSync(ending)).toBe(false);
  expect(readIndex()).toContain('"main"');
});

it('a pod that is asked to end while it waits leaves the mark and what is kept to the next one', async () => {
  const ending = path.join(stage.saved, 'ending');
  stage.start();
  stage.tmux('new-session', '-d', '-s', 'main');
  await stage.until(() => readIndex().includes('"main"'));
  await stage.kill();
  writeFileSync(ending, '');
  const waiting = stage.start();
  await sleep(500);
  waiting.announceEnd();
  await waiting.endPrograms(async () => 0);
  await stage.until(() => stage.find('sessions.not-returned') !== undefined);
  expect(existsSync(ending)).toBe(true);
  expect(readIndex()).toContain('"main"');
  expect(stage.find('sessions.returned')).toBeUndefined();
});

/** An interactive shell that reads what login shells read. */
function login(): Promise<string> {
  const script = path.resolve(import.meta.dirname, '../../../image/root/etc/ws/returned.sh');
  const own = path.join(stage.folder, 'returned.sh');
  writeFileSync(own, readFileSync(script, 'utf8').replaceAll('/run/ws', stage.runtime));
  return new Promise((resolve) => {
    const options = { env: { ...stage.environment, PS1: '' } };
    execFile('bash', ['--norc', '-i', '-c', `. ${own}`], options, (_error, stdout) => resolve(stdout));
  });
}

it.each([
  { comesAfterMs: 0, isTold: true },
  { comesAfterMs: 300, isTold: true },
  { comesAfterMs: 40_000, isTold: false },
])('a login waits a moment for it: %j', async ({ comesAfterMs, isTold }) => {
  writeFileSync(path.join(stage.runtime, 'returning'), 'returning');
  const coming = setTimeout(() => {
    writeFileSync(path.join(stage.runtime, 'returned'), '[ws] Back\n');
    writeFileSync(path.join(stage.runtime, 'returning'), '');
  }, comesAfterMs);
  expect(await login()).toBe(isTold ? '[ws] Back\n' : '');
  clearTimeout(coming);
});
