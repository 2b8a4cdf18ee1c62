import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { makePerson, type Person, type Run } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;
let config: string;
let ownFile: string;

/** The user's own configuration, with what must survive. */
const before = Buffer.concat([
  Buffer.from('# caf\xe9 \xff\n', 'latin1'),
  Buffer.from('Host box\n\tUser "me you"\n\n\nMatch exec "false"\n  ForwardAgent yes'),
]);

beforeAll(async () => {
  place = makeNamespace('app-ssh');
  person = makePerson(place.name);
  config = path.join(person.home, '.ssh/config');
  ownFile = path.join(person.home, 'config/ssh_config');
  await person.make('one');
  await person.make('two', '--user', 'alice', '--uid', '54321');
});

/** Nothing is set up, and nothing is pinned: `ws up` has done that, and config-ssh has to do it by itself. */
beforeEach(() => {
  for (const file of [config, ownFile, usersFile()]) rmSync(file, { force: true });
  writeFileSync(config, before, { mode: 0o644 });
  writeFileSync(path.join(person.home, 'config/known_hosts'), '');
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

/** With a workspace of its own, which is gone afterwards. */
async function withWorkspace(name: string, work: () => Promise<void>): Promise<void> {
  await person.make(name);
  try {
    await work();
  } finally {
    await person.ws(['down', name, '--delete-home', '--yes']);
  }
}

async function setUp(...words: string[]): Promise<void> {
  const run = await person.ws(['config-ssh', '--yes', ...words]);
  expect(run.status, run.stderr).toBe(0);
}

/** Keeps the user's configuration behind a link, as people do who have it in a repository. Returns the file. */
function linkConfig(): string {
  const real = path.join(person.home, 'dotfiles/config');
  mkdirSync(path.dirname(real), { recursive: true });
  writeFileSync(real, before, { mode: 0o644 });
  rmSync(config);
  symlinkSync(real, config);
  return real;
}

/** A real OpenSSH client. It takes the home from passwd, not from HOME: its configuration has to be named. */
function client(program: string, words: string[], input?: string): Promise<Run> {
  const { promise, resolve } = Promise.withResolvers<Run>();
  const child = execFile(
    program,
    words,
    {
      env: { ...person.environment, GIT_SSH_COMMAND: `ssh -F ${config}`, KUBECONFIG: '/nonexistent' },
      cwd: person.home,
    },
    (error, stdout, stderr) => resolve({ status: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
  );
  child.stdin?.end(input);
  return promise;
}

const ssh = (...words: string[]) => client('ssh', ['-F', config, ...words]);
const usersFile = () => path.join(person.home, '.ssh/known_hosts');

describe('the line in the configuration of the user', () => {
  it('is not put there without a yes: exit 2, and nothing is changed', async () => {
    const run = await person.ws(['config-ssh']);
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/ANSWER_MISSING/);
    expect(run.stderr).toContain('ws config-ssh --yes');
    expect(readFileSync(config).equals(before)).toBe(true);
    expect(existsSync(ownFile)).toBe(false);
    expect(readFileSync(path.join(person.home, 'config/known_hosts'), 'utf8')).toBe('');
  });

  it('is shown by --dry-run, as a diff that patch understands', async () => {
    const run = await person.ws(['config-ssh', '--dry-run']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain(`+Include ${ownFile}\n # caf\xe9 \xff\n`);
    expect(run.stdout).toContain('+Host ws-one\n');
    expect(readFileSync(config).equals(before)).toBe(true);
    expect(existsSync(ownFile)).toBe(false);
    const patched = path.join(person.home, 'patched');
    execFileSync('patch', ['--quiet', '--output', patched, config], {
      input: Buffer.from(run.stdout, 'latin1').subarray(0, run.stdout.indexOf('--- /dev/null')),
    });
    expect(readFileSync(patched, 'latin1')).toBe(`Include ${ownFile}\n${before.toString('latin1')}`);
  });

  it('is not put there after a no, which says what to do by hand', async () => {
    const terminal = person.onTerminal(['config-ssh'], { columns: 200, rows: 24 });
    await terminal.see(/Put this line at the top of .*config\?[\s\S]*y\/N/);
    terminal.type('n');
    expect(await terminal.exit()).toBe(0);
    expect(terminal.text).toContain(`First put this line at the top of ${config}:`);
    expect(readFileSync(config).equals(before)).toBe(true);
  });

  it('is put there through a link after a yes, on top, and only once', async () => {
    const real = linkConfig();
    const terminal = person.onTerminal(['config-ssh'], { columns: 200, rows: 24 });
    await terminal.see(/y\/N/);
    terminal.type('y');
    expect(await terminal.exit()).toBe(0);
    // As ssh finds it: it takes the home from passwd. The line is typed as it stands.
    const [, line = ''] = /Try it: (ssh .*ws-one)/.exec(terminal.text) ?? [];
    expect(line).toBe(`ssh -F ${config} ws-one`);
    const tried = await client('bash', ['-c', `${line} hostname`]);
    expect([tried.status, tried.stdout], tried.stderr).toEqual([0, expect.stringMatching(/^ws-one-/)]);
    expect(lstatSync(config).isSymbolicLink()).toBe(true);
    expect(lstatSync(real).mode & 0o777).toBe(0o644);
    const after = Buffer.concat([Buffer.from(`Include ${ownFile}\n`), before]);
    expect(readFileSync(real).equals(after)).toBe(true);
    const own = readFileSync(ownFile);
    // From here on nobody needs to be asked.
    const again = await person.ws(['config-ssh', '--json']);
    expect(JSON.parse(again.stdout)).toEqual({
      v: 1,
      hosts: ['ws-one', 'ws-two'],
      damaged: [],
      file: ownFile,
      includeLine: `Include ${ownFile}`,
      included: true,
      changed: [],
    });
    expect(readFileSync(real).equals(after)).toBe(true);
    expect(readFileSync(ownFile).equals(own)).toBe(true);
  });
});

describe('OpenSSH with it', () => {
  beforeEach(() => setUp());

  it('P3R8-SHELL logs in with a pinned host key, never asking', async () => {
    expect(await ssh('ws-one', 'id -un')).toEqual({ status: 0, stdout: 'developer\n', stderr: '' });
    expect(await ssh('ws-two', 'id -un; exit 3')).toEqual({ status: 3, stdout: 'alice\n', stderr: '' });
    const settings = (await ssh('-G', 'ws-one')).stdout;
    expect(settings).toMatch(/^stricthostkeychecking true$/m);
    expect(settings).toMatch(/^identitiesonly yes$/m);
    expect(settings).toMatch(/^forwardagent no$/m);
    expect((await ssh('-G', 'box')).stdout).not.toContain('proxycommand');
  });

  it('works from a program of the desktop, which has a short PATH and nothing of ours, also with a list of kubeconfigs', async () => {
    const env = { HOME: person.home, PATH: '/usr/bin:/bin' };
    const bare = (host: string) =>
      execFileSync('ssh', ['-F', config, host, 'id -un'], { env, cwd: '/', encoding: 'utf8' });
    expect(bare('ws-one')).toBe('developer\n');
    const absent = path.join(person.home, 'absent');
    const environment = { KUBECONFIG: [absent, person.environment['KUBECONFIG']].join(path.delimiter) };
    expect((await person.ws(['config-ssh', '--yes'], { environment })).status).toBe(0);
    expect(readFileSync(ownFile, 'utf8')).toContain(`env KUBECONFIG=${environment.KUBECONFIG} `);
    expect(bare('ws-one')).toBe('developer\n');
  });

  it('does without the slow post-quantum key exchange inside TLS that has a quick one, and a new OpenSSH with its quick one', async () => {
    expect(readFileSync(ownFile, 'latin1')).toContain('\n  KexAlgorithms -sntrup761*\n');
    const { stderr } = await ssh('-v', 'ws-one', 'true');
    expect(stderr).toMatch(/^debug1: kex: algorithm: (mlkem768x25519-sha256|curve25519-sha256)\r?$/m);
    // The image has a newer client than some machines.
    const words = '-v -p 2222 -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null 127.0.0.1';
    const inside = await ssh('ws-one', `ssh -V; ssh -o 'KexAlgorithms=-sntrup761*' ${words}`);
    expect(inside.stderr).toMatch(/^OpenSSH_(9\.9|\d\d)/m);
    expect(inside.stderr).toMatch(/^debug1: kex: algorithm: mlkem768x25519-sha256\r?$/m);
  });

  it('refuses a server with another host key', async () => {
    const known = path.join(person.home, 'config/known_hosts');
    const text = readFileSync(known, 'utf8');
    // The two workspaces' names, exchanged, each of which stands there under several identities of the cluster.
    const swapped = text.replace(/^ws-(one|two)\./gm, (_, name) => `ws-${name === 'one' ? 'two' : 'one'}.`);
    const other = path.join(person.home, 'swapped');
    writeFileSync(other, swapped);
    const run = await ssh('-o', `UserKnownHostsFile=${other}`, 'ws-one', 'true');
    expect(run.status).toBe(255);
    expect(run.stderr).toContain('Host key verification failed');
  });

  it('copies with scp, sftp and rsync, and clones with git', async () => {
    const bytes = randomBytes(2_000_000);
    const file = path.join(person.home, 'bytes');
    writeFileSync(file, bytes);
    const same = (name: string) => readFileSync(path.join(person.home, name)).equals(bytes);
    expect(await client('scp', ['-q', '-F', config, file, 'ws-one:there'])).toMatchObject({ status: 0 });
    expect(await client('scp', ['-q', '-O', '-F', config, 'ws-one:there', 'by-scp'])).toMatchObject({ status: 0 });
    expect(same('by-scp')).toBe(true);
    const sftp = await client('sftp', ['-q', '-F', config, '-b', '-', 'ws-one'], 'get there by-sftp\n');
    expect(sftp.status, sftp.stderr).toBe(0);
    expect(same('by-sftp')).toBe(true);
    const rsync = await client('rsync', ['-e', `ssh -F ${config}`, 'ws-one:there', 'by-rsync']);
    expect(rsync.status, rsync.stderr).toBe(0);
    expect(same('by-rsync')).toBe(true);
    const script =
      'git init -q -b main repo && cd repo && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m first';
    expect(await ssh('ws-one', script)).toMatchObject({ status: 0 });
    const clone = await client('git', ['clone', '-q', 'ws-one:repo', 'cloned']);
    expect(clone.status, clone.stderr).toBe(0);
    expect(existsSync(path.join(person.home, 'cloned/.git/HEAD'))).toBe(true);
  });

  it('is told of a stopped and of an absent workspace in one line', () =>
    withWorkspace('parked', async () => {
      await setUp();
      kubectl(['-n', place.name, 'scale', 'deploy/ws-parked', '--replicas=0']);
      // Its pod still serves for a moment.
      kubectl(['-n', place.name, 'wait', 'pod', '-l', 'ws.dev/workspace=parked', '--for=delete', '--timeout=60s']);
      const stopped = await ssh('ws-parked', 'true');
      expect(stopped.status).toBe(255);
      expect(stopped.stderr).toMatch(
        /^ws: Workspace parked is stopped; try: ws up parked --context \S+ --kubeconfig \S+ --yes\r?\n(?:.*Connection closed .*\r?\n)*$/,
      );
      expect((await person.ws(['down', 'parked', '--home', 'lose', '--yes'])).status).toBe(0);
      const absent = await ssh('ws-parked', 'true');
      expect(absent.status).toBe(255);
      expect(absent.stderr).toMatch(
        /^ws: There is no workspace parked in namespace .*; try: ws (?:ls|up parked) --.*\r?\n(?:.*Connection closed .*\r?\n)*$/,
      );
    }));
});

describe('host keys in known_hosts of the user', () => {
  const mine = '# mine\nexample.com,192.0.2.1 ssh-rsa AAAA\n';
  /** A client that reads no configuration, as those of editors and libraries do. */
  const bare = (...words: string[]) =>
    client('ssh', [
      ...['-F', '/dev/null', '-i', person.key, '-o', 'StrictHostKeyChecking=yes'],
      ...['-o', `UserKnownHostsFile=${usersFile()}`, '-o', 'GlobalKnownHostsFile=/dev/null'],
      ...['-o', `ProxyCommand=${/ProxyCommand (.*)/.exec(readFileSync(ownFile, 'utf8'))?.[1]}`, ...words],
    ]);

  beforeEach(() => writeFileSync(usersFile(), mine, { mode: 0o644 }));

  it('are there only when it was asked for, and shown by --dry-run', async () => {
    await setUp();
    expect(readFileSync(usersFile(), 'utf8')).toBe(mine);
    const dry = await person.ws(['config-ssh', '--known-hosts', '--dry-run']);
    expect(dry.stdout).toMatch(/^\+ws-one ssh-ed25519 AAAA/m);
    expect(readFileSync(usersFile(), 'utf8')).toBe(mine);
    const refused = await bare('developer@ws-one', 'true');
    expect([refused.status, refused.stderr]).toEqual([255, expect.stringContaining('Host key verification failed')]);
  });

  it('let another client in, strictly', async () => {
    await setUp('--known-hosts');
    expect(readFileSync(usersFile(), 'utf8').startsWith(mine)).toBe(true);
    expect(lstatSync(usersFile()).mode & 0o777).toBe(0o644);
    expect(await bare('developer@ws-one', 'echo in')).toEqual({ status: 0, stdout: 'in\n', stderr: '' });
  });

  it('go with the rest', async () => {
    await setUp('--known-hosts');
    expect(readFileSync(usersFile(), 'utf8')).not.toBe(mine);
    expect((await person.ws(['config-ssh', '--remove'])).status).toBe(0);
    expect(readFileSync(usersFile(), 'utf8')).toBe(mine);
  });
});

describe('once it is set up', () => {
  beforeEach(() => setUp());

  it('ws up adds a workspace and ws down --delete-home takes it away, in the own file alone', async () => {
    const users = readFileSync(config);
    await withWorkspace('three', async () => {
      expect(await ssh('ws-three', 'echo here')).toEqual({ status: 0, stdout: 'here\n', stderr: '' });
      const own = readFileSync(ownFile);
      expect((await person.ws(['up', 'three', '--no-shell'])).status).toBe(0);
      expect(readFileSync(ownFile).equals(own)).toBe(true);
      expect((await person.ws(['down', 'three', '--delete-home', '--yes'])).status).toBe(0);
    });
    expect(readFileSync(ownFile, 'utf8')).not.toContain('ws-three');
    expect(readFileSync(ownFile, 'utf8')).toContain('Host ws-one\n');
    expect(readFileSync(config).equals(users)).toBe(true);
  });

  it('a workspace of this name in another namespace gets a host of its own, and takes nobody’s', async () => {
    using elsewhere = makeNamespace('app-ssh-b');
    const there = ['--namespace', elsewhere.name];
    const host = `ws-one.${elsewhere.name}`;
    const own = readFileSync(ownFile, 'utf8');
    const words = ['--yes', '--no-shell', '--storage-class', 'none', '--key', person.key];
    const made = await person.ws(['up', 'one', ...there, ...words]);
    expect(made.status, made.stderr).toBe(0);
    const said = `ssh knows one as ${host}: ws-one leads to namespace ${place.name} of context `;
    expect(made.stderr.replaceAll(/\s+/g, ' ')).toContain(said);
    expect(readFileSync(ownFile, 'utf8')).toContain(own.slice(own.indexOf('# context')).trim());
    const run = await person.ws(['config-ssh', ...there, '--json']);
    expect(JSON.parse(run.stdout)).toMatchObject({ hosts: [host], changed: [] });
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toContain(said);
    const names = [
      await ssh('ws-one', 'hostname'),
      await ssh(host, 'hostname'),
      await person.ws(['ssh', host, 'hostname']),
    ];
    const [first = '', second = '', third = ''] = names.map(({ stdout }) => stdout);
    expect([first, second]).toEqual([expect.stringMatching(/^ws-one-/), expect.stringMatching(/^ws-one-/)]);
    expect([first === second, second === third]).toEqual([false, true]);
    const status = await person.ws(['status', host, '--json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ name: 'one', namespace: elsewhere.name });
    expect((await person.ws(['down', host, '--delete-home', '--yes'])).status).toBe(0);
    expect(readFileSync(ownFile, 'utf8')).toBe(own);
  });

  it('a key that only an agent holds is the one that is offered, however many the agent has', () =>
    withWorkspace('held', async () => {
      const agent = path.join(person.home, 'agent');
      const started = execFileSync('ssh-agent', ['-a', agent], { encoding: 'utf8' });
      const agentPid = Number(/SSH_AGENT_PID=(\d+)/.exec(started)?.[1]);
      try {
        const env = { ...process.env, SSH_AUTH_SOCK: agent };
        for (let index = 0; index < 24; index += 1) {
          const file = path.join(person.home, `many-${index}`);
          execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
          execFileSync('ssh-add', ['-q', file], { env });
        }
        const last = path.join(person.home, 'many-23');
        expect((await person.ws(['keys', 'add', `${last}.pub`, '--workspace', 'held'])).status).toBe(0);
        const [first] = JSON.parse((await person.ws(['keys', 'ls', 'held', '--json'])).stdout).items;
        expect((await person.ws(['keys', 'rm', first.fingerprint, '--workspace', 'held', '--yes'])).status).toBe(0);
        rmSync(last);
        person.environment['SSH_AUTH_SOCK'] = agent;
        const run = await person.ws(['config-ssh', '--json']);
        expect(run.status, run.stderr).toBe(0);
        const written = JSON.parse(run.stdout).changed.find((file: string) => /ssh_key-[0-9a-f]{16}\.pub$/.test(file));
        expect(readFileSync(written, 'utf8').trim().split(' ')[1]).toBe(
          readFileSync(`${last}.pub`, 'utf8').split(' ')[1],
        );
        // The keys travel to the running pod within 90 seconds.
        const deadline = Date.now() + 100_000;
        let login = await ssh('ws-held', 'echo in');
        while (login.status !== 0 && Date.now() < deadline) login = await ssh('ws-held', 'echo in');
        expect(login).toEqual({ status: 0, stdout: 'in\n', stderr: '' });
        // Without the two lines, the agent's others use up what the server allows.
        const bare = path.join(person.home, 'bare');
        writeFileSync(bare, readFileSync(ownFile, 'utf8').replace(/^ {2}Identit.*\n/gm, ''));
        const refused = await client('ssh', ['-F', bare, 'ws-held', 'echo in']);
        expect([refused.status, refused.stdout]).toEqual([255, '']);
        const readable = await person.ws(['config-ssh', '--remove']);
        expect([readable.status, existsSync(written)]).toEqual([0, false]);
      } finally {
        delete person.environment['SSH_AUTH_SOCK'];
        process.kill(agentPid);
      }
    }));
});

describe('ws config-ssh --remove', () => {
  it('takes both away, without a cluster, and leaves the rest byte for byte', async () => {
    const real = linkConfig();
    await setUp();
    const environment = { KUBECONFIG: '/nonexistent' };
    const dry = await person.ws(['config-ssh', '--remove', '--dry-run'], { environment });
    expect(dry.stdout).toContain(`-Include ${ownFile}\n`);
    expect(existsSync(ownFile)).toBe(true);
    expect(await person.ws(['config-ssh', '--remove'], { environment })).toMatchObject({
      status: 0,
      stdout: 'Removed.\n',
    });
    expect(readFileSync(real).equals(before)).toBe(true);
    expect(lstatSync(config).isSymbolicLink()).toBe(true);
    expect(existsSync(ownFile)).toBe(false);
    expect((await person.ws(['config-ssh', '--remove'], { environment })).stdout).toBe(
      'There was nothing to remove.\n',
    );
  });

  it('says what to do by hand when it is read-only', async () => {
    rmSync(config);
    writeFileSync(config, 'Host box\n', { mode: 0o444 });
    const run = await person.ws(['config-ssh', '--yes']);
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('it is read-only');
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toContain(
      `Put this line at the top of ${config} yourself: Include ${ownFile}`,
    );
    expect(readFileSync(config, 'utf8')).toBe('Host box\n');
  });
});
