/** Commands one after the other, over a connection that the first one leaves open. */
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { eventually } from '../../operator/release.ts';
import { listHolders } from '../running/holders.ts';
import { finish, makePerson, type Person } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;

beforeAll(async () => {
  place = makeNamespace('app-sharing');
  person = makePerson(place.name);
  person.environment.WS_SHARE = 'yes';
  await person.make('dev');
});

/** Each test finds one held connection to the workspace, of nobody else's making. */
beforeEach(() => hold('dev'));

afterAll(() => {
  for (const pid of listHolders(person)) process.kill(pid);
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

const countHolders = (count: number) =>
  eventually(
    () => listHolders(person),
    (pids) => pids.length === count,
  );

/** One connection, to this workspace, which a command takes without a login of its own. */
async function hold(workspace: string): Promise<void> {
  await endHolders();
  const run = () => person.ws(['ssh', workspace, '--', 'true']);
  expect(await run()).toMatchObject({ status: 0 });
  const countOwn = async () => {
    const before = countLogins(workspace);
    await run();
    return countLogins(workspace) - before;
  };
  await eventually(countOwn, (count) => count === 0);
  await countHolders(1);
}

async function endHolders(): Promise<void> {
  for (const pid of listHolders(person)) process.kill(pid);
  await countHolders(0);
}

function listSockets(): string[] {
  const folder = path.join(person.home, 'run', 'ws');
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** How many logins the workspace has seen. */
function countLogins(workspace = 'dev'): number {
  return kubectl(['-n', place.name, 'logs', `deploy/ws-${workspace}`])
    .split('\n')
    .filter((line) => line.includes('"auth.succeeded"')).length;
}

it('logs in once more for the holder, and then no more', async () => {
  await endHolders();
  const before = countLogins();
  expect(await person.ws(['ssh', 'dev', '--', 'echo first'])).toMatchObject({ status: 0, stdout: 'first\n' });
  await eventually(
    () => countLogins(),
    (count) => count === before + 2,
  );
  expect(listHolders(person)).toHaveLength(1);
  expect(listSockets()).toHaveLength(1);
  const run = await person.ws(['ssh', 'dev', '--', 'cat; echo err >&2; exit 7'], { input: 'given' });
  expect(run).toEqual({ status: 7, stdout: 'given', stderr: 'err\n' });
  const bytes = randomBytes(3_000_000);
  const copy = await person.ws(['ssh', 'dev', '--', 'cat'], { input: bytes });
  expect(Buffer.from(copy.stdout, 'latin1').equals(bytes)).toBe(true);
  expect(countLogins()).toBe(before + 2);
});

it('lets nobody else notice that a reader goes away', async () => {
  const before = [countLogins(), listHolders(person)];
  const expected = `${Array.from({ length: 3000 }, (_, index) => index + 1).join('\n')}\n`;
  let next = 0;
  const work = async () => {
    for (let index = next++; index < 24; index = next++) {
      if (index % 3 > 0) {
        const run = await person.ws(['ssh', 'dev', '--', 'seq 3000; exit 3']);
        expect(run).toEqual({ status: 3, stdout: expected, stderr: '' });
        continue;
      }
      const child = person.start(['ssh', 'dev', '--', 'seq 10000000']);
      let missingBytes = randomInt(300_000);
      child.stdout?.on('data', (chunk: Buffer) => {
        missingBytes -= chunk.length;
        if (missingBytes < 0) child.stdout?.destroy();
      });
      const [status] = await once(child, 'exit');
      expect(status).toBe(141);
    }
  };
  await Promise.all(Array.from({ length: 5 }, work));
  expect([countLogins(), listHolders(person)]).toEqual(before);
});

it('goes another way when its holder is stopped', async () => {
  const [pid = 0] = listHolders(person);
  expect(await person.ws(['ssh', 'dev', '--', 'rm -f runs'])).toMatchObject({ status: 0 });
  process.kill(pid, 'SIGSTOP');
  try {
    const run = await person.ws(['ssh', 'dev', '--', 'echo ran >> runs; cat runs']);
    expect(run).toMatchObject({ status: 0, stdout: 'ran\n' });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  expect(await person.ws(['ssh', 'dev', '--', 'cat runs'])).toMatchObject({ status: 0, stdout: 'ran\n' });
  // The one that was started meanwhile finds the socket taken, and goes.
  await eventually(
    () => listHolders(person),
    (pids) => pids.length === 1 && pids[0] === pid,
  );
});

it('makes a connection of its own where one is asked for', async () => {
  const before = countLogins();
  expect(await person.ws(['ssh', 'dev', '--no-share', '--', 'true'])).toMatchObject({ status: 0 });
  expect(await person.ws(['ssh', 'dev', '--', 'true'], { environment: { WS_SHARE: 'no' } })).toMatchObject({
    status: 0,
  });
  expect(await person.ws(['ssh', 'dev', '--identity', person.key, '--', 'true'])).toMatchObject({ status: 0 });
  expect(countLogins()).toBe(before + 3);
  expect(listHolders(person)).toHaveLength(1);
});

it('finds it from a directory that is bound to the workspace', async () => {
  expect(await person.ws(['use', 'dev'])).toMatchObject({ status: 0 });
  // The directory names the context as well: the first command has a connection of its own, and one is held for it.
  const unbound = countLogins();
  expect(await person.ws(['ssh', '--', 'true'])).toMatchObject({ status: 0 });
  await eventually(
    async () => countLogins(),
    (count) => count === unbound + 2,
  );
  const before = countLogins();
  expect(await person.ws(['ssh', '--', 'echo bound'])).toMatchObject({ status: 0, stdout: 'bound\n' });
  expect(countLogins()).toBe(before);
  expect(await person.ws(['use', ''])).toMatchObject({ status: 0 });
});

it('says that the connection is lost when its holder is killed, and the next command makes another', async () => {
  const child = person.start(['ssh', 'dev', '--', 'echo going; exec sleep 60']);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  const done = finish(child);
  for (const pid of listHolders(person)) process.kill(pid, 'SIGKILL');
  const run = await done;
  expect(run.status).toBe(255);
  expect(run.stderr).toContain('CONNECTION_LOST');
  expect(await person.ws(['ssh', 'dev', '--', 'echo again'])).toMatchObject({ status: 0, stdout: 'again\n' });
  await countHolders(1);
});

it.each([
  ['the shared connection', []],
  ['one of its own', ['--no-share']],
])('ends with Ctrl-C, and the command with it, over %s', async (_what, flags) => {
  const child = person.start(['ssh', 'dev', ...flags, '--', 'echo going; exec sleep 4321']);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  const done = finish(child);
  child.kill('SIGINT');
  expect((await done).status).toBe(130);
  await eventually(
    () => kubectl(['-n', place.name, 'exec', 'deploy/ws-dev', '--', 'sh', '-c', 'pgrep -fx "sleep 4321" || true']),
    (pids) => pids === '',
  );
});

it('goes on in the new pod when the old one is replaced, and leaves nothing behind ws down', async () => {
  await person.make('gone');
  await hold('gone');
  const [pid] = listHolders(person);
  kubectl(['-n', place.name, 'delete', 'pod', '-l', 'ws.dev/workspace=gone', '--wait=true']);
  await eventually(
    () => listHolders(person),
    (pids) => !pids.includes(pid ?? 0),
  );
  expect(await person.ws(['ssh', 'gone', '--', 'echo new'])).toMatchObject({ status: 0, stdout: 'new\n' });
  await countHolders(1);
  expect(await person.ws(['down', 'gone', '--delete-home', '--yes'])).toMatchObject({ status: 0 });
  await countHolders(0);
  expect(listSockets()).toEqual([]);
});
