/** A job in tmux, as a script starts it, waits for it and starts it again, with its input closed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { makePerson, type Person } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;

beforeAll(async () => {
  place = makeNamespace('app-jobs');
  person = makePerson(place.name);
  const up = await person.ws(['up', 'dev', '--yes', '--no-shell', '--size', '64Mi', '--key', person.key]);
  expect(up.status, up.stderr).toBe(0);
});
afterAll(() => {
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
});

const ssh = (...words: string[]) => person.ws(['ssh', 'dev', ...words]);
const start = (session: string, command: string) => ssh(`--tmux=${session}`, '--detach', '--', command);
const wait = (session: string) => ssh(`--tmux=${session}`, '--wait');
/** A command that goes on until its test lets it end. */
const held = (session: string, status: number) => `until [ -e ${session} ]; do sleep 0.1; done; exit ${status}`;
const letEnd = (session: string) => ssh('--', 'touch', session);
/** Until somebody waits there for the session's job: the word in brackets keeps this command from finding itself. */
const awaitWaiting = (session: string) =>
  expect.poll(async () => (await ssh('--', `pgrep -f '[=]${session}" 2'`)).status, { timeout: 60_000 }).toBe(0);
const jobs = async () => JSON.parse((await person.ws(['status', 'dev', '--json'])).stdout).jobs;

it.each([0, 3])('is waited for, and its status %d is the status, also of a wait that comes late', async (status) => {
  const session = `ends-${status}`;
  expect(await start(session, `echo out; ${held(session, status)}`)).toMatchObject({ status: 0, stderr: '' });
  expect(await jobs()).toContainEqual({ session, state: 'running' });
  const silent = { status, stdout: '', stderr: '' };
  const waiting = wait(session);
  await awaitWaiting(session);
  await letEnd(session);
  expect(await waiting).toEqual(silent);
  expect(await wait(session)).toEqual(silent);
  expect(await jobs()).toContainEqual({ session, state: 'exited', status });
  expect((await person.ws(['status', 'dev'])).stdout).toContain(` ${session}: ended with status ${status}\n`);
});

it('is waited for over a connection that is held, too', async () => {
  await start('shared', held('shared', 4));
  const waiting = person.ws(['ssh', 'dev', '--tmux=shared', '--wait'], { environment: { WS_SHARE: 'yes' } });
  await awaitWaiting('shared');
  await letEnd('shared');
  expect(await waiting).toEqual({ status: 4, stdout: '', stderr: '' });
});

it('starts again by the same line once it has ended, and not before', async () => {
  const line = `echo run >>runs; ${held('again', 5)}`;
  expect((await start('again', line)).status).toBe(0);
  const early = await start('again', line);
  expect(early).toMatchObject({ status: 255, stdout: '' });
  expect(early.stderr).toContain('The job in tmux session again still runs');
  for (const way of ["capture-pane -p -J -S - -t '=again:'", '--tmux=again --wait', "tmux kill-session -t '=again'"])
    expect(early.stderr).toContain(`${way}\n`);
  await letEnd('again');
  expect((await wait('again')).status).toBe(5);
  const later = await start('again', line);
  expect(later).toMatchObject({ status: 0, stderr: '' });
  expect(later.stdout).toMatch(
    /^Closed session again of before, whose command had ended with status 5\nStarted tmux session again\n/,
  );
  expect((await wait('again')).status).toBe(5);
  expect((await ssh('--', 'cat', 'runs')).stdout).toBe('run\nrun\n');
});

it('that is killed ends the wait, and so does one that was never there', async () => {
  await start('killed', 'sleep 100');
  const waiting = wait('killed');
  await awaitWaiting('killed');
  await ssh('--', 'tmux', 'kill-session', '-t', 'killed');
  const run = await waiting;
  expect(run).toMatchObject({ status: 255, stdout: '' });
  expect(run.stderr).toContain('Somebody closed tmux session killed before its job had ended');
  const never = await wait('killed');
  expect(never).toMatchObject({ status: 255, stdout: '' });
  expect(never.stderr).toMatch(/There is no tmux session killed[\s\S]*tmux list-sessions\n/);
  await ssh('--tmux=shell', '--detach');
  expect((await wait('shell')).stderr).toContain('tmux session shell has no job');
});

it('goes on after Ctrl-C while somebody waits', async () => {
  await start('goes-on', held('goes-on', 7));
  const waiting = person.onTerminal(['ssh', 'dev', '--tmux=goes-on', '--wait']);
  await awaitWaiting('goes-on');
  waiting.type('\x03');
  expect(await waiting.exit()).toBe(130);
  expect(waiting.text).toContain('The job in tmux session goes-on goes on');
  await letEnd('goes-on');
  expect((await wait('goes-on')).status).toBe(7);
});

it('that ran when the pod ended is lost, does not run by itself, and starts again by its line', async () => {
  const line = 'echo run >>lost-runs; sleep 1000';
  await start('failed', 'exit 3');
  await start('lost', line);
  await expect.poll(jobs).toContainEqual({ session: 'lost', state: 'running' });
  const waiting = wait('lost');
  await awaitWaiting('lost');
  const words = ['-n', place.name, 'delete', 'pod', '-l', 'app.kubernetes.io/instance=ws-dev'];
  kubectl(words);
  const ended = await waiting;
  expect(ended).toMatchObject({ status: 255, stdout: '' });
  expect((await ssh('--', 'true')).status).toBe(0);
  await expect.poll(jobs, { timeout: 60_000 }).toContainEqual({ session: 'lost', state: 'lost' });
  expect(await jobs()).toContainEqual({ session: 'failed', state: 'exited', status: 3 });
  const run = await wait('lost');
  expect(run.status).toBe(255);
  expect(run.stderr).toContain('The job in tmux session lost was ended before it could end itself');
  expect((await ssh('--', 'cat', 'lost-runs')).stdout).toBe('run\n');
  const again = await start('lost', line);
  expect(again).toMatchObject({ status: 0, stderr: '' });
  expect(again.stdout).toContain('Closed session lost of before, whose command had not ended by itself\n');
});

it.each([
  [['--wait'], '--wait is for a tmux session'],
  [['--tmux=job', '--wait', '--', 'make'], '--wait takes no command'],
  [['--tmux=job', '--detach', '--wait', '--', 'make'], '--detach and --wait do not go together'],
])('a wait with %j is refused', async (words, message) => {
  const run = await ssh(...words);
  expect(run).toMatchObject({ status: 2, stdout: '' });
  expect(run.stderr).toContain(message);
  expect(run.stderr).toContain(' --wait\n');
});
