/** Real programs of a command, as Dropbear starts it: in a session of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { listSession } from '../../../src/supervisor/programs/command-processes.ts';
import { Commands } from '../../../src/supervisor/programs/commands.ts';

const started: { child: ChildProcess; pids: number[] }[] = [];
const commands = new Commands({ listSession, kill: (pid, signal) => process.kill(pid, signal), sleep });

afterEach(() => {
  for (const { child, pids } of started.splice(0)) {
    for (const pid of [child.pid ?? 0, ...pids]) {
      try {
        if (pid > 0) process.kill(pid, 'SIGKILL');
      } catch {
        // It ended in the test.
      }
    }
  }
});

/** Runs a command that prints the process IDs of what it starts, and then its own end of the line. */
async function start(script: string): Promise<{ command: number; pids: number[]; child: ChildProcess }> {
  // The tests themselves may run under nohup, and that is inherited.
  const child = spawn('env', ['--default-signal=HUP', 'bash', '-c', `${script}; echo ready; wait`], {
    env: { ...process.env, _: undefined },
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const pids: number[] = [];
  started.push({ child, pids });
  let text = '';
  while (!text.includes('ready')) text += String((await once(child.stdout as NodeJS.ReadableStream, 'data'))[0]);
  pids.push(...(text.match(/\d+/g) ?? []).map(Number));
  return { command: child.pid ?? 0, pids, child };
}

/** Whether it runs. One that has ended stays in the list of processes until its parent, or the first process, asks. */
function isThere(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const SERVER = `${JSON.stringify(process.execPath)} -e 'setInterval(() => 0, 1000)'`;

describe('when the client has gone', () => {
  it.each([
    ['a program', `${SERVER} & echo $!`],
    ['a program behind a shell, as npm runs it', `sh -c "exec ${SERVER.replaceAll('"', '\\"')}" & echo $!`],
    ['one that has a process group of its own', `timeout 100 ${SERVER} & echo $!`],
  ])('%s ends', async (_what, script) => {
    const { command, pids } = await start(script);
    expect(await commands.leave(command)).toBeGreaterThan(1);
    await expect.poll(() => [command, ...pids].filter(isThere)).toEqual([]);
  });

  it.each([
    ['nohup', 'nohup sleep 100 >/dev/null 2>&1 & echo $!'],
    ['nohup, though Node makes the hang-up deadly again', `nohup ${SERVER} >/dev/null 2>&1 & echo $!`],
    ['setsid', 'setsid sleep 100 >/dev/null 2>&1 & echo $!'],
    ['a shell that has ended since', '(sleep 100 >/dev/null 2>&1 & echo $!)'],
  ])('what was started by %s stays', async (_what, script) => {
    for (const signal of [undefined, 2]) {
      const { command, pids } = await start(script);
      await sleep(100);
      if (signal !== undefined) commands.signal(command, signal);
      await commands.leave(command);
      await expect.poll(() => isThere(command)).toBe(false);
      expect(pids.filter(isThere)).toEqual(pids);
    }
  });
});
