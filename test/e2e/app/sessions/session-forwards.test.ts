/** ws ssh with what it carries beside the session, and in a session that outlives it. */
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { eventually } from '../../operator/release.ts';
import { findFreePorts } from '../running/free-ports.ts';
import { finish, makePerson, type Person } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;

beforeAll(async () => {
  place = makeNamespace('app-beside');
  person = makePerson(place.name);
  await person.make('dev');
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

function get(port: number, ...more: string[]): string {
  try {
    return execFileSync('curl', ['-s', '-m', '5', ...more, `http://127.0.0.1:${port}/`], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

it('carries -L and -D while the command runs, and no longer', async () => {
  const [local, socks] = [await findFreePorts(1), await findFreePorts(1)];
  const serve = 'echo from the workspace > index.html; exec python3 -m http.server 8123';
  const child = person.start(['ssh', 'dev', '-L', `${local}:8123`, '-D', String(socks), '--', serve]);
  const done = finish(child);
  await eventually(
    () => get(local),
    (text) => text === 'from the workspace\n',
  );
  expect(get(8123, '--socks5-hostname', `127.0.0.1:${socks}`)).toBe('from the workspace\n');
  child.kill('SIGTERM');
  expect((await done).status).toBe(143);
  expect(get(local)).toBe('');
});

it('carries -R', async () => {
  const server = createServer((_request, response) => response.end('from this machine'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  // The short form of ws, and ssh's.
  for (const remote of [`${port}:8124`, `8124:localhost:${port}`, `localhost:8124:127.0.0.1:${port}`]) {
    const run = await person.ws(['ssh', 'dev', '-R', remote, '--', 'curl -s http://localhost:8124/']);
    expect(run, remote).toMatchObject({ status: 0, stdout: 'from this machine' });
  }
  server.close();
});

it('says at once that a local port is taken, and runs nothing', async () => {
  const taken = createTcpServer();
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
  const { port } = taken.address() as AddressInfo;
  const run = await person.ws(['ssh', 'dev', '-L', `${port}:80`, '--', 'touch ran']);
  taken.close();
  expect(run.status).toBe(255);
  expect(run.stderr).toContain('LOCAL_PORT_TAKEN');
  expect(await person.ws(['ssh', 'dev', '--', 'ls ran'])).toMatchObject({ status: 2 });
});

it('has no terminal there where there is none here, and ends with its input', async () => {
  const script = 'tty -s || echo none; exit 5\n';
  expect(await person.ws(['ssh', 'dev'], { input: script })).toEqual({ status: 5, stdout: 'none\n', stderr: '' });
  expect(await person.ws(['ssh', 'dev'])).toEqual({ status: 0, stdout: '', stderr: '' });
  // Dropbear takes a terminal away with its input, and the output with it.
  const typed = await person.ws(['ssh', 'dev', '-t', '--', 'tty -s && echo one; cat; echo last; exit 6']);
  expect(typed).toMatchObject({ status: 6, stdout: expect.stringMatching(/one\r\n[\s\S]*last\r\n$/) });
  expect((await person.ws(['ssh', 'dev', '-t', '--', 'exec bash -i'])).status).toBe(0);
  const refused = await person.ws(['ssh', 'dev', '--tmux']);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('--tmux needs a terminal');
});

it('comes back to the same tmux session', async () => {
  const first = person.onTerminal(['ssh', 'dev', '--tmux']);
  await first.see(/\$ /);
  await first.see(/main\] 0:bash/);
  first.type('left=behind; echo set-${#left}\r');
  await first.see(/set-6/);
  // tmux's own key to leave: Ctrl-B d.
  first.type('\x02d');
  expect(await first.exit()).toBe(0);
  const second = person.onTerminal(['ssh', 'dev', '--tmux=main']);
  await second.see(/left=behind/);
  second.type('echo $left-${#left}\r');
  await second.see(/behind-6/);
  second.type('exit\r');
  expect(await second.exit()).toBe(0);
});
