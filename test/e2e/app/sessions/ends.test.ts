/** What becomes of a command's programs when its client goes, and what is said when others end a session. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { eventually } from '../../operator/release.ts';
import { listHolders } from '../running/holders.ts';
import { finish, makePerson, type Person } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;

beforeAll(async () => {
  place = makeNamespace('app-ends');
  person = makePerson(place.name);
  await person.make('dev');
  expect((await person.ws(['config-ssh', '--yes'])).status).toBe(0);
  const server =
    "require('http').createServer((_, answer) => answer.end()).listen(process.env.PORT, () => console.log('listening'))";
  const files = [
    'mkdir -p app && cd app',
    `echo ${JSON.stringify(server)} > srv.js`,
    `echo '{"scripts":{"dev":"sh -c \\"node srv.js\\""}}' > package.json`,
  ];
  expect((await person.ws(['ssh', 'dev', files.join(' && ')])).status).toBe(0);
});
afterAll(() => {
  for (const pid of listHolders(person)) process.kill(pid);
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
});

const inPod = (workspace: string, script: string) =>
  kubectl(['-n', place.name, 'exec', `deploy/ws-${workspace}`, '--', 'sh', '-c', script]);

/** Whether something listens there, asked without ssh. */
const isOpen = (port: number) => inPod('dev', `ss -Hltn 'sport = :${port}'`) !== '';

function ssh(command: string): ChildProcess {
  const config = path.join(person.home, '.ssh', 'config');
  const environment = { ...person.environment, PATH: person.environment['PATH'] ?? '' };
  return spawn('ssh', ['-F', config, 'ws-dev', command], { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
}

const starts = {
  'the shared connection': (command: string) =>
    person.start(['ssh', 'dev', command], { environment: { WS_SHARE: 'yes' } }),
  // A client that is killed looks like one whose network is gone: what can be resumed waits for it.
  'one of its own': (command: string) => person.start(['ssh', 'dev', '--no-resume', command]),
  'plain ssh': ssh,
};

let nextPort = 3000;

describe.each(Object.entries(starts))(
  'over %s',
  (_name, start) => {
    beforeAll(async () => {
      await person.ws(['ssh', 'dev', 'true'], { environment: { WS_SHARE: 'yes' } });
      await eventually(
        () => listHolders(person),
        (pids) => pids.length === 1,
      );
    });

    /** Runs a command that prints "listening", ends its client, and says whether a port is open two seconds later. */
    async function leave(toCommand: (port: number) => string, end: NodeJS.Signals | 'reader'): Promise<boolean> {
      nextPort += 1;
      const port = nextPort;
      const child = start(toCommand(port));
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await new Promise((resolve) => child.stdout?.once('data', resolve));
      await eventually(
        () => isOpen(port),
        (open) => open,
      );
      if (end === 'reader') child.stdout?.destroy();
      else child.kill(end);
      if (end !== 'reader') await ended;
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const open = isOpen(port);
      child.kill('SIGKILL');
      return open;
    }

    const npm = (port: number) => `cd app && PORT=${port} npm run dev`;
    const node = (port: number) => `PORT=${port} node app/srv.js`;
    const loud = (port: number) => `(PORT=${port} node app/srv.js &) ; true; exec yes`;

    it.each<[NodeJS.Signals]>([['SIGINT'], ['SIGTERM'], ['SIGKILL']])('%s ends a dev server', async (signal) => {
      expect(await leave(npm, signal)).toBe(false);
      expect(await leave(node, signal)).toBe(false);
      expect(await leave((port) => `PORT=${port} node app/srv.js & wait`, signal)).toBe(false);
    });

    // OpenSSH's client tells a server of its reader's end only if that is OpenSSH's, too.
    if (start !== ssh)
      it('a reader that has gone ends a server that goes on printing', async () => {
        const command = (port: number) => `PORT=${port} node app/srv.js & while sleep 0.1; do echo more; done`;
        expect(await leave(command, 'reader')).toBe(false);
      });

    it.each<[NodeJS.Signals]>([['SIGINT'], ['SIGKILL']])('%s leaves what asked to stay', async (signal) => {
      expect(await leave((port) => `PORT=${port} nohup node app/srv.js & wait`, signal)).toBe(true);
      expect(await leave((port) => `PORT=${port} setsid node app/srv.js & wait`, signal)).toBe(true);
      const inTmux = (port: number) =>
        `tmux new-session -d -s s${port} "PORT=${port} node app/srv.js"; echo listening; sleep 100`;
      expect(await leave(inTmux, signal)).toBe(true);
      expect(await leave(loud, signal)).toBe(true);
    });

    it('what others run is left alone, and what a command left behind that ended by itself', async () => {
      nextPort += 2;
      const [other, behind] = [nextPort, nextPort - 1];
      expect((await person.ws(['ssh', 'dev', `PORT=${behind} node app/srv.js >/dev/null 2>&1 &`])).status).toBe(0);
      const child = start(`PORT=${other} node app/srv.js`);
      await new Promise((resolve) => child.stdout?.once('data', resolve));
      expect(await leave(node, 'SIGKILL')).toBe(false);
      expect([isOpen(other), isOpen(behind)]).toEqual([true, true]);
      child.kill('SIGKILL');
    });
  },
  300_000,
);

it('a shell that ends with its input leaves what it started, as editors start their servers', async () => {
  const config = path.join(person.home, '.ssh', 'config');
  const shell = spawn('ssh', ['-F', config, '-T', 'ws-dev', 'bash'], { env: person.environment as NodeJS.ProcessEnv });
  shell.stdin.write('PORT=2998 node app/srv.js & \n');
  await new Promise((resolve) => shell.stdout.once('data', resolve));
  shell.kill('SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(isOpen(2998)).toBe(true);
});

it('a job that an interactive shell left running by its own rules stays', async () => {
  const shell = person.onTerminal(['ssh', 'dev']);
  await shell.see(/dev ~ \$ /);
  shell.type('PORT=2999 node app/srv.js & disown; echo star""ted\r');
  await shell.see(/started/);
  await eventually(
    () => isOpen(2999),
    (open) => open,
  );
  shell.type('\r~.');
  expect(await shell.exit()).toBe(255);
  expect(shell.text).toMatch(/\nConnection to dev closed\.\r\n$/);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(isOpen(2999)).toBe(true);
});

it('a job of an interactive shell ends with a terminal that is closed, as with ssh', async () => {
  const shell = person.onTerminal(['ssh', 'dev']);
  await shell.see(/dev ~ \$ /);
  shell.type('PORT=2997 node app/srv.js &\r');
  await eventually(
    () => isOpen(2997),
    (open) => open,
  );
  shell.kill('SIGHUP');
  await shell.exit();
  await eventually(
    () => isOpen(2997),
    (open) => !open,
  );
});

describe('an end by others', () => {
  // It loses its files, which the tests above need.
  beforeAll(() => person.make('other'));

  it('by the memory guard is told to a command, with what was ended', async () => {
    await person.make('small', '--memory', '256Mi');
    // 100 MB a second: where it is faster and the machine is busy, the kernel may end it first, which leaves no word.
    const hog = "node -e 'const all = []; setInterval(() => all.push(Buffer.alloc(2e6, 1)), 20)'";
    const run = await person.ws(['ssh', 'small', hog]);
    expect(run.status).toBe(137);
    expect(run.stderr).toMatch(
      /Connection to small closed: the workspace was out of memory, and its memory guard ended node\S* \(process \d+, \d+ MiB\)\.\n/,
    );
  });

  it.each([
    ['shared', { WS_SHARE: 'yes' }],
    ['own', { WS_SHARE: 'no' }],
  ])(
    'because the workspace stops is told to commands and terminals, over a connection that is %s',
    async (_name, environment) => {
      await person.ws(['ssh', 'other', 'true'], { environment });
      const command = person.start(['ssh', 'other', 'echo going; sleep 100'], { environment });
      const ended = finish(command);
      await new Promise((resolve) => command.stdout?.once('data', resolve));
      const shell = person.onTerminal(['ssh', 'other']);
      await shell.see(/other ~ \$ /);
      const tmux = person.onTerminal(['ssh', 'other', '--tmux']);
      await tmux.see(/other ~ \$ /);
      kubectl(['-n', place.name, 'delete', 'pod', '-l', 'ws.dev/workspace=other', '--wait=false']);
      expect(await ended).toEqual({
        status: 129,
        stdout: 'going\n',
        stderr: 'Connection to other closed: the workspace is stopping, to start again.\n',
      });
      for (const terminal of [shell, tmux]) {
        await terminal.exit();
        // With the last session the connection goes, and with that soon the pod.
        expect(terminal.text).toMatch(/the workspace (?:is stopping, to start|starts) again/);
      }
      await person.make('other');
    },
  );

  it('because the pod was killed is told, whether the command or its connection went first', async () => {
    const command = person.start(['ssh', 'other', 'echo going; sleep 100']);
    await new Promise((resolve) => command.stdout?.once('data', resolve));
    const ended = finish(command);
    kubectl(['-n', place.name, 'delete', 'pod', '-l', 'ws.dev/workspace=other', '--grace-period=0', '--force']);
    const run = await ended;
    expect([129, 255]).toContain(run.status);
    expect(run.stderr).toMatch(/its pod was deleted, and the workspace starts again|the workspace is stopping/);
    await person.make('other');
  });

  it('because its server was killed is the reason of the lost connection', async () => {
    const command = person.start(['ssh', 'other', 'echo going; sleep 100']);
    await new Promise((resolve) => command.stdout?.once('data', resolve));
    const ended = finish(command);
    // The kill comes after kubectl has its answer: it would end kubectl's own shell, too.
    const server = `$(ps -eo pid,ppid,args | awk '$2 == 1 && /supervisor/ { print $1; exit }')`;
    inPod('other', `(sleep 0.5; kill -9 ${server}) >/dev/null 2>&1 </dev/null &`);
    const run = await ended;
    expect(run.status).toBe(255);
    expect(run.stderr).toMatch(
      /The connection to the workspace is lost\n {2}its container ended \(Error, exit code 137\)/,
    );
    await person.make('other');
  });
});
