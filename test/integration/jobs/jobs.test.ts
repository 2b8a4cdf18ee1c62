/** Jobs in a real tmux, by the lines that the workspace's shell gets: started, waited for, ended, and started again. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killLine, readLine, type TmuxRequest, toTmuxCommand } from '../../../src/cli/session/words/tmux.ts';
import { parseJobState } from '../../../src/workspace/jobs/job.ts';
import { JOB_RUNS_STATUS, SESSION_EXISTS_STATUS } from '../../../src/workspace/jobs/job-script.ts';

const run = promisify(execFile);
const REQUEST = { name: 'job', isDetached: true, forwardsAgent: false };

let home: string;
let children: ChildProcess[];
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'ws-jobs-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await shell('tmux kill-server');
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

/** As the server runs a command. */
async function shell(line: string, input = ''): Promise<{ status: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: home, SHELL: '/bin/bash', TMUX_TMPDIR: home, TMPDIR: home };
  const child = run('/bin/bash', ['-c', line], { env, cwd: home });
  // Many lines read nothing.
  child.child.stdin?.on('error', () => undefined).end(input);
  return child.then(
    (said) => ({ status: 0, ...said }),
    ({ code, stdout, stderr }) => ({ status: code, stdout, stderr }),
  );
}

const start = (job: string, more: Partial<TmuxRequest> = {}) =>
  shell(toTmuxCommand({ ...REQUEST, job, ...more }), more.input?.toString());
const wait = async (name = 'job') => {
  const line = toTmuxCommand({ ...REQUEST, name, isDetached: false, waits: true, job: undefined });
  const { status, stdout } = await shell(line);
  expect(status).toBe(0);
  return stdout.trim();
};
/** Until somebody waits for the job: the word in brackets keeps the search from finding itself. */
const awaitWaiting = () =>
  expect.poll(async () => (await shell(`pgrep -f '[=]job" 2'`)).status, { timeout: 60_000 }).toBe(0);
const tmux = (line: string) => shell(`tmux ${line}`);
const read = async () => (await tmux('capture-pane -p -J -t job')).stdout;

describe('waits for a job', () => {
  it.each([
    ['true', 0],
    ['sleep 1; exit 3', 3],
    ['kill -9 $$', 137],
    ['no-such-command', 127],
  ])('%s ends with %d, and whoever comes late hears so too', async (job, status) => {
    expect(await start(job)).toMatchObject({ status: 0, stdout: '' });
    expect(parseJobState(await wait())).toEqual({ state: 'exited', status });
    expect(await wait()).toBe(`exited-${status}`);
  });

  it('many wait for one', async () => {
    await start('sleep 1; exit 4');
    expect(await Promise.all([wait(), wait(), wait()])).toEqual(['exited-4', 'exited-4', 'exited-4']);
  });

  it('in a pane beside others', async () => {
    await start('sleep 1; exit 5');
    await tmux('split-window -d -t job');
    await tmux('new-window -d -t job');
    expect(await wait()).toBe('exited-5');
  });

  it.each([
    ['kill-session -t job', 'gone'],
    ['kill-server', 'gone'],
  ])('that tmux %s ends', async (how, heard) => {
    await start('sleep 100');
    const waiting = wait();
    await awaitWaiting();
    await tmux(how);
    expect(await waiting).toBe(heard);
  });

  it('whose own shell somebody killed', async () => {
    await start('sleep 100');
    await tmux('set-option -t job remain-on-exit on');
    const waiting = wait();
    await shell("kill -9 $(tmux display-message -p -t job '#{pane_pid}')");
    expect(await waiting).toBe('lost');
  });

  it('and has nothing to wait for without one', async () => {
    expect(await wait()).toBe('no-session');
    await start('true');
    await shell(toTmuxCommand({ ...REQUEST, name: 'shell', job: undefined }));
    expect(await wait('jo')).toBe('no-session');
    expect(await wait('shell')).toBe('no-job');
  });

  it('a wait that is ended ends nothing', async () => {
    await start('sleep 2; exit 6');
    const line = toTmuxCommand({ ...REQUEST, isDetached: false, waits: true, job: undefined });
    const env = { PATH: process.env.PATH, HOME: home, TMUX_TMPDIR: home };
    const child = spawn('/bin/bash', ['-c', line], { env });
    children.push(child);
    await awaitWaiting();
    child.kill('SIGINT');
    expect(await wait()).toBe('exited-6');
  });
});

describe('the same line again', () => {
  it.each([
    ['exit 3', 'Closed session job of before, whose command had ended with status 3\n'],
    ['true', 'Closed session job of before, whose command had ended with status 0\n'],
  ])('replaces what %s has ended', async (job, stdout) => {
    await start(job);
    await wait();
    expect(await start('echo again; exit 7')).toEqual({ status: 0, stdout, stderr: '' });
    expect(await wait()).toBe('exited-7');
    expect(await read()).toContain('again');
  });

  it('replaces a job that no pod has, with its input', async () => {
    await start('sleep 100');
    await tmux('set-option -p -t job: @ws_job lost');
    await shell("pkill -P $(tmux display-message -p -t job '#{pane_pid}') sleep");
    await expect.poll(read).toContain('ended with status');
    await tmux('set-option -p -t job: @ws_job lost');
    const { status, stdout } = await start('cat', { input: Buffer.from('fed\n') });
    expect([status, stdout]).toEqual([0, 'Closed session job of before, whose command had not ended by itself\n']);
    expect(await wait()).toBe('exited-0');
    expect(await read()).toContain('fed');
  });

  it.each([
    ['has ended with its shell', 'true', "send-keys -t job 'exit' Enter", 'with status 0'],
    ['was killed', 'sleep 100', "run-shell 'kill -9 #{pane_pid}'", 'not ended by itself'],
  ])('replaces a pane that stays and %s', async (_what, job, how, said) => {
    await start(job);
    await tmux('set-option -t job remain-on-exit on');
    if (job === 'true') await wait();
    await tmux(how);
    await expect.poll(async () => (await tmux("display-message -p -t job '#{pane_dead}'")).stdout).toBe('1\n');
    const again = await start('exit 8');
    expect(again).toMatchObject({ status: 0, stderr: '' });
    expect(again.stdout).toContain(said);
    expect(await wait()).toBe('exited-8');
  });

  it('starts one job, however many start it at once', async () => {
    await start('true');
    await wait();
    const started = await Promise.all(Array.from({ length: 5 }, () => start('echo run >>runs; sleep 1')));
    expect(started.filter(({ status }) => status === 0)).toHaveLength(1);
    expect(await wait()).toBe('exited-0');
    expect((await shell('cat runs')).stdout).toBe('run\n');
  });

  it('refuses a job that runs, beside other panes too', async () => {
    await start('sleep 100');
    expect(await start('echo never')).toMatchObject({ status: JOB_RUNS_STATUS, stdout: '' });
    await tmux('split-window -d -t job');
    expect(await start('echo never')).toMatchObject({ status: JOB_RUNS_STATUS });
    await tmux('swap-pane -s job:0.0 -t job:0.1');
    expect(await start('echo never')).toMatchObject({ status: JOB_RUNS_STATUS });
  });

  it.each([
    ['something runs in its shell', "send-keys -t job 'sleep 50' Enter"],
    ['somebody has split it', 'split-window -d -t job'],
  ])('refuses a session whose job has ended, but %s', async (_what, how) => {
    await start('true');
    await wait();
    await expect.poll(read).toMatch(/[$#]\s*$/);
    await tmux(how);
    await expect.poll(() => start('echo never')).toMatchObject({ status: SESSION_EXISTS_STATUS, stdout: '' });
  });

  it.each(['true', 'sleep 100'])('takes no other job for it whose name begins with its name (%s)', async (other) => {
    expect(await start(other, { name: 'job-of-another' })).toMatchObject({ status: 0 });
    if (other === 'true') expect(await wait('job-of-another')).toBe('exited-0');
    expect(await wait()).toBe('no-session');
    expect(await start('exit 3')).toMatchObject({ status: 0, stdout: '' });
    expect(await wait()).toBe('exited-3');
    expect((await tmux('ls -F "#{session_name}"')).stdout).toBe('job\njob-of-another\n');
    for (const line of [readLine('nothing'), killLine('jo'), killLine('nothing')]) {
      const words = line.words.slice(line.words.indexOf('--') + 1);
      expect(await shell(words.join(' '))).toMatchObject({ status: 1 });
    }
    expect((await shell(readLine('job').words.slice(2).join(' '))).status).toBe(0);
  });

  it('refuses a shell, and a shell refuses a job that has ended', async () => {
    const shellLine = toTmuxCommand({ ...REQUEST, job: undefined });
    expect(await shell(shellLine)).toMatchObject({ status: 0 });
    expect(await start('echo never')).toMatchObject({ status: SESSION_EXISTS_STATUS });
    await tmux('kill-session -t job');
    await start('true');
    await wait();
    expect(await shell(shellLine)).toMatchObject({ status: SESSION_EXISTS_STATUS });
  });
});

it.each(['echo one;', 'find . -maxdepth 0 -exec echo one \\;', 'echo one; # a;b;'])(
  'the command %s arrives whole',
  async (job) => {
    await start(job);
    expect(await wait()).toBe('exited-0');
    expect(await read()).toMatch(/^(\.|one)/);
  },
);
