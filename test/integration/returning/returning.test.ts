/** tmux's sessions over the end of a pod, with the real tmux. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { toTmuxCommand } from '../../../src/cli/session/words/tmux.ts';
import { JOB_OPTION } from '../../../src/contract/jobs.ts';
import { listJobs } from '../../../src/supervisor/jobs/list-jobs.ts';
import { listProcesses, type ProcessInfo } from '../../../src/supervisor/measures/proc.ts';
import { countPrograms, leadsTerminal, readStartMs } from '../../../src/supervisor/measures/programs.ts';
import { waitsAtPrompt } from '../../../src/supervisor/measures/shells.ts';
import { Saver } from '../../../src/supervisor/returning/saver.ts';
import { isStarting } from '../../../src/supervisor/returning/starting.ts';
import { Store } from '../../../src/supervisor/returning/store.ts';
import { Tmux } from '../../../src/supervisor/returning/tmux/tmux.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage[Symbol.dispose]());

/** Two sessions, three windows, six panes. */
async function makeSixPanes(): Promise<void> {
  for (const name of ['one', 'two', "it's a #(touch hit) folder;"]) mkdirSync(path.join(stage.home, name));
  const at = (name: string) => ['-c', path.join(stage.home, name)];
  stage.tmux('new-session', '-d', '-s', 'main', '-x', '120', '-y', '40', ...at('one'));
  stage.tmux('split-window', '-h', '-t', 'main:0.0', ...at('two'));
  stage.tmux('split-window', '-v', '-l', '12', '-t', 'main:0.1', ...at('one'));
  stage.tmux('new-window', '-t', 'main:3', '-n', 'logs', ...at('two'));
  stage.tmux('split-window', '-v', '-t', 'main:3.0', ...at('one'));
  stage.tmux('new-session', '-d', '-s', 'other', '-x', '120', '-y', '40');
  stage.tmux('send-keys', '-t', 'other:0.0', `cd "it's a #(touch hit) folder;"`, 'Enter');
  stage.tmux('send-keys', '-t', 'main:0.0', 'seq 3000', 'Enter');
  stage.tmux('send-keys', '-t', 'main:0.2', 'sleep 1234', 'Enter');
  stage.tmux('select-pane', '-t', 'main:0.1');
  await stage.until(() => /\n3000\n/.test(stage.screen('main:0.0')));
  await stage.until(() => stage.tmux('display-message', '-p', '-t', 'main:0.2', '#{pane_current_command}') === 'sleep');
  await stage.until(() => stage.tmux('display-message', '-p', '-t', 'other:0.0', '#{pane_current_path}').endsWith(';'));
}

const SHAPE =
  '#{session_name}:#{window_index}.#{pane_index} #{pane_width}x#{pane_height}+#{pane_left}+#{pane_top} #{window_active}#{pane_active} #{pane_current_path}';

function listPanes(): string[] {
  return stage.tmux('list-panes', '-a', '-F', SHAPE).split('\n');
}

const isSaved = (text: string) => () => {
  try {
    return readFileSync(path.join(stage.saved, 'sessions.json'), 'utf8').includes(text);
  } catch {
    return false;
  }
};

it('come back with windows, layout, folders and what they showed; a command stands at its prompt and does not run', async () => {
  stage.start();
  await makeSixPanes();
  const before = listPanes();
  expect(before).toHaveLength(6);
  await stage.until(isSaved('sleep 1234'));
  await stage.kill();

  stage.start();
  await stage.until(() => stage.find('sessions.prompted') !== undefined);
  await stage.until(() => JSON.stringify(listPanes()) === JSON.stringify(before));
  expect(stage.tmux('list-windows', '-a', '-F', '#{window_name}')).toContain('logs');
  expect(stage.screen('main:0.0')).toMatch(/\n2999\n3000\n.*\n\[ws\] Back after a restart, 20\d\d-.* UTC\n/);
  const typed = stage.screen('main:0.2').split('\n').at(-1);
  expect(typed).toMatch(/sleep 1234$/);
  await sleep(500);
  expect(stage.tmux('display-message', '-p', '-t', 'main:0.2', '#{pane_current_command}')).toBe('bash');
  expect(readdirSync(path.join(stage.home)).toSorted()).not.toContain('hit');
  expect(stage.read('returned')).toBe(
    '[ws] Back in tmux: main (5 panes), other (1 pane)\n     To return: tmux attach -t main\n',
  );
  expect(stage.read('returning')).toBe('');
});

it('have jobs that are as they were, and one that ran is lost and does not run again', async () => {
  stage.start();
  const job = (name: string, line: string) =>
    execFileSync('sh', ['-c', toTmuxCommand({ name, isDetached: true, job: line, forwardsAgent: false })], {
      env: stage.environment,
      cwd: stage.home,
    });
  job('failed', 'echo once >>failed; exit 3');
  job('ran', 'echo once >>ran; sleep 1234');
  const tmux = new Tmux({ uid: process.getuid?.() ?? 0, environment: stage.environment });
  const failed = { session: 'failed', state: 'exited', status: 3 };
  await expect.poll(() => listJobs(tmux)).toEqual([failed, { session: 'ran', state: 'running' }]);
  await stage.until(isSaved('{"state":"running"}'));
  await stage.until(isSaved('{"state":"exited","status":3}'));
  await stage.kill();
  expect(await listJobs(tmux)).toEqual([]);

  stage.start();
  await stage.until(() => stage.find('sessions.prompted') !== undefined);
  const lost = { session: 'ran', state: 'lost' };
  expect(await listJobs(tmux)).toEqual([failed, lost]);
  expect(stage.screen('ran')).toMatch(/echo once >>ran; sleep 1234$/);
  await sleep(500);
  for (const file of ['failed', 'ran']) expect(readFileSync(path.join(stage.home, file), 'utf8')).toBe('once\n');
  // What is kept of them now comes back as well.
  await stage.until(isSaved('{"state":"lost"}'));
});

it('have no end of a job that the pod has ended', async () => {
  const returning = stage.start();
  stage.tmux('new-session', '-d', '-s', 'job', 'sleep 1234', ';', 'set-option', '-p', JOB_OPTION, 'running');
  await stage.until(isSaved('{"state":"running"}'));
  await returning.endPrograms(async () => {
    stage.tmux('set-option', '-p', '-t', 'job:', JOB_OPTION, 'exited-143');
    return 0;
  });
  expect(isSaved('{"state":"running"}')()).toBe(true);
});

it('are kept for the user alone, and without the environment', async () => {
  stage.environment['SECRET'] = 'not-for-the-disk';
  stage.start();
  stage.tmux('new-session', '-d', '-s', 'main');
  await stage.until(isSaved('"main"'));
  const files = readdirSync(stage.saved).map((name) => path.join(stage.saved, name));
  expect(files).toHaveLength(2);
  for (const file of files) {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'latin1')).not.toContain('not-for-the-disk');
  }
  expect(statSync(stage.saved).mode & 0o777).toBe(0o700);
});

it('lose no output at an orderly end, whatever programs print on their way out', async () => {
  const returning = stage.start();
  stage.tmux(
    'new-session',
    '-d',
    '-s',
    'main',
    '-x',
    '80',
    '-y',
    '24',
    `trap 'echo "last words"; exit' HUP; n=0; while :; do n=$((n+1)); echo "line $n"; echo $n >> ${stage.home}/n; sleep 0.02; done`,
  );
  await stage.until(() => stage.screen('main').includes('line 20'));
  const pid = Number(stage.tmux('display-message', '-p', '-t', 'main', '#{pane_pid}'));
  let spared: number[] = [];
  await returning.endPrograms(async (tmuxPids) => {
    spared = tmuxPids;
    await sleep(300);
    process.kill(pid, 'SIGHUP');
    await sleep(300);
    return 0;
  });
  expect(spared).toHaveLength(1);
  const last = readFileSync(path.join(stage.home, 'n'), 'utf8').trim().split('\n').at(-1);
  stage.stop();
  stage.start();
  await stage.until(() => stage.find('sessions.returned') !== undefined);
  await stage.until(() => stage.screen('main').includes(`line ${last}\nlast words`));
});

/** tmux on a machine that is too busy to read any pane before the programs end. */
class BusyTmux extends Tmux {
  readonly ended = Promise.withResolvers<void>();

  override async run(...words: string[]): Promise<string> {
    if (words[0] === 'capture-pane') await this.ended.promise;
    return super.run(...words);
  }
}

it('lose none on a busy machine either', async () => {
  stage.tmux('new-session', '-d', '-s', 'main', '-x', '80', '-y', '24', 'echo begun; read -r line; echo "got $line"');
  stage.tmux('split-window', '-t', 'main', 'sleep 100');
  stage.tmux('split-window', '-t', 'main', 'sleep 100');
  await stage.until(() => stage.screen('main:0.0').includes('begun'));
  const tmux = new BusyTmux({ uid: process.getuid?.() ?? 0, environment: stage.environment });
  const saver = new Saver(tmux, new Store(stage.home), stage.home, stage.log);
  await saver.saveAround(async () => {
    stage.tmux('send-keys', '-t', 'main:0.0', 'the end', 'Enter');
    await stage.until(() => stage.tmux('list-panes', '-a', '-F', '#{pane_dead}').startsWith('1'));
    tmux.ended.resolve();
    return 0;
  });
  stage.start();
  await stage.until(() => stage.find('sessions.returned') !== undefined);
  await stage.until(() => stage.screen('main:0.0').includes('got the end'));
});

it('begin anew where a save was cut or is damaged, and the server runs', async () => {
  const write = (text: string) => writeFileSync(path.join(stage.saved, 'sessions.json'), text);
  mkdirSync(stage.saved, { recursive: true });
  for (const text of [
    '',
    '{',
    '{"version":1,"sessions":',
    '[]',
    'null',
    '{"version":1,"sessions":[{"windows":[{"panes":[{}]}]}]}',
  ]) {
    write(text);
    stage.start();
    await sleep(150);
    stage.stop();
  }
  expect(stage.find('sessions.returned')).toBeUndefined();
  expect(stage.find('sessions.not-returned')).toBeUndefined();
  stage.start();
  stage.tmux('new-session', '-d', '-s', 'main');
  await stage.until(isSaved('"main"'));
});

it('are never looked for in another server: where the folder has gone, tmux itself would ask the one in /tmp', async () => {
  const tmux = new Tmux({ uid: process.getuid?.() ?? 0, environment: stage.environment });
  stage[Symbol.dispose]();
  await expect(tmux.run('display-message', '-p', '-t', '%0', '#{pane_tty}')).rejects.toThrow(tmux.socket);
});

it('come back as work of nobody, while a shell reads its profile as well', async () => {
  const pane = () => Number(stage.tmux('display-message', '-p', '-t', 'main:0.0', '#{pane_pid}'));
  const count = () => {
    const processes = listProcesses();
    const server = Number(stage.tmux('display-message', '-p', '#{pid}'));
    return countPrograms({
      // Those of the test alone, whose tmux is nobody's child.
      processes: [...findBelow(server, processes)].map((one) => (one.pid === server ? { ...one, parent: 1 } : one)),
      connectionPids: [],
      ownPids: [1],
      findStartMs: (pid) => readStartMs(pid, Date.now()),
      isServers: () => false,
      leadsTerminal,
      waitsAtPrompt,
      isStarting: (pid, below) => isStarting(pid, below, Date.now()),
    })?.detached;
  };
  stage.start();
  stage.tmux('new-session', '-d', '-s', 'main', '-x', '120', '-y', '40');
  await stage.until(isSaved('main'));
  await stage.kill();
  writeFileSync(path.join(stage.home, '.profile'), 'sleep 4; touch ended\n');
  stage.start();
  await stage.until(() => stage.find('sessions.returned') !== undefined);
  const counts = new Set<number | undefined>();
  await stage.until(() => {
    counts.add(count());
    return existsSync(path.join(stage.home, 'ended'));
  });
  await stage.until(() => waitsAtPrompt(pane()));
  counts.add(count());
  expect([...counts]).toEqual([0]);
  // What somebody starts there counts, from its first second on.
  stage.tmux('send-keys', '-t', 'main:0.0', 'sleep 1234', 'Enter');
  await stage.until(() => stage.tmux('display-message', '-p', '-t', 'main:0.0', '#{pane_current_command}') === 'sleep');
  expect(count()).toBe(1);
});

function findBelow(root: number, processes: ProcessInfo[]): Set<ProcessInfo> {
  const found = new Set(processes.filter(({ pid }) => pid === root));
  for (const { pid } of found) for (const one of processes) if (one.parent === pid) found.add(one);
  return found;
}
