import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/adapters/files/make-folder.ts';
import { createIdentities } from '../../../src/adapters/ssh/keys/identities.ts';
import { openSshSettings } from '../../../src/adapters/ssh/keys/ssh-settings.ts';
import { findReasonForNoNewKey } from '../../../src/workspace/keys/agents.ts';
import { startAgent } from './agent.ts';
import { makeKey } from './sshd.ts';

const never = new AbortController().signal;

describe('the agent that ssh would ask', () => {
  let home: string;
  let servers: Server[];
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'ws agent-'));
    mkdirSync(join(home, '.ssh'), { mode: 0o700 });
    servers = [];
  });
  afterEach(() => {
    for (const server of servers) server.close();
    rmSync(home, { recursive: true, force: true });
  });

  const configure = (text: string) => writeFileSync(join(home, '.ssh/config'), text, { mode: 0o600 });
  const look = (environment: Record<string, string> = {}, more: object = {}, workspace = 'dev') =>
    createIdentities({
      makeFolder,
      homeDirectory: home,
      findSettings: openSshSettings({
        environment: { PATH: process.env.PATH, ...environment },
        homeDirectory: home,
        accountHome: '/another',
        ownConfigFile: join(home, 'own'),
        platform: 'linux',
        ...more,
      }),
    }).look(never, workspace);
  /** An agent that says this to whatever it is asked, and then nothing. */
  const serve = async (name: string, answer: string) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () =>
        answer === 'hang up' ? socket.destroy() : socket.write(Buffer.from(answer, 'latin1')),
      );
    });
    servers.push(server);
    const path = join(home, name);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return path;
  };

  it('is the one of IdentityAgent, whatever SSH_AUTH_SOCK says, and its key logs in', async () => {
    await using agent = await startAgent(home);
    const key = makeKey(join(home, 'elsewhere'), 'ed25519');
    agent.add(key);
    const empty = await serve('empty', '\0\0\0\x05\x0c\0\0\0\0');
    for (const environment of [{}, { SSH_AUTH_SOCK: empty }, { SSH_AUTH_SOCK: '/nowhere' }] as Record<
      string,
      string
    >[]) {
      configure(`Host *\n  IdentityAgent "${agent.socket}"\n`);
      const { identities, agent: state } = await look(environment);
      expect(identities).toMatchObject([{ source: 'agent', comment: 'a comment' }]);
      expect(state).toMatchObject({ kind: 'answers', keys: 1 });
    }
  });

  it('is another one for another workspace', async () => {
    await using agent = await startAgent(home);
    agent.add(makeKey(join(home, 'elsewhere'), 'ed25519'));
    configure(`Host ws-work\n  IdentityAgent "${agent.socket}"\n`);
    expect((await look({}, {}, 'dev')).agent).toEqual({ kind: 'none' });
    expect((await look({}, {}, 'work')).agent.kind).toBe('answers');
  });

  it('is none where IdentityAgent says so', async () => {
    await using agent = await startAgent(home);
    agent.add(makeKey(join(home, 'elsewhere'), 'ed25519'));
    expect((await look({ SSH_AUTH_SOCK: agent.socket })).identities).toHaveLength(1);
    configure('IdentityAgent none\n');
    expect(await look({ SSH_AUTH_SOCK: agent.socket })).toEqual({ identities: [], agent: { kind: 'none' } });
  });

  it('has keys beside those of files that the configuration names', async () => {
    mkdirSync(join(home, 'keys'));
    const key = makeKey(join(home, 'keys/work'), 'ed25519');
    configure(`Host ws-*\n  IdentityFile "${key}"\n  IdentityFile /nowhere/key\n`);
    expect((await look()).identities).toMatchObject([{ source: 'file', path: key }]);
  });

  it('is known to be empty, or known to list nothing because it may be locked', async () => {
    await using agent = await startAgent(home);
    const environment = { SSH_AUTH_SOCK: agent.socket };
    const empty = (await look(environment)).agent;
    expect(empty).toMatchObject({ kind: 'empty', isUnlocked: true });
    expect(findReasonForNoNewKey(empty)).toBeUndefined();
    agent.add(makeKey(join(home, 'elsewhere'), 'ed25519'));
    const lock =
      'import os,sys,pty\npid,fd=pty.fork()\nif pid==0: os.execvp("ssh-add",["ssh-add","-x"])\nimport time\nfor _ in range(2):\n  os.read(fd,999); time.sleep(.3); os.write(fd,b"x\\n")\ntry:\n  while os.read(fd,999): pass\nexcept OSError: pass\nos.waitpid(pid,0)\n';
    execFileSync('python3', ['-c', lock], { env: { ...process.env, ...environment }, stdio: 'ignore' });
    const locked = (await look(environment)).agent;
    expect(locked).toMatchObject({ kind: 'empty', isUnlocked: false });
    expect(findReasonForNoNewKey(locked)).toMatch(/locked/);
  });

  it.each<[string, string, RegExp]>([
    ['refuses', '\0\0\0\x01\x05', /refused/],
    ['hangs up', 'hang up', /hung up/],
    ['lies', '\xff\xff\xff\xff', /not an agent/],
    ['is cut short', '\0\0\0\x05\x0c\xff\xff\xff\xff', /cut short/],
  ])('that %s is silent, by whichever way it is named', async (name, answer, reason) => {
    const socket = await serve(name, answer);
    const byEnvironment = (await look({ SSH_AUTH_SOCK: socket })).agent;
    configure(`IdentityAgent "${socket}"\n`);
    for (const state of [byEnvironment, (await look()).agent]) {
      expect(state).toMatchObject({ kind: 'silent', reason: expect.stringMatching(reason) });
      expect(findReasonForNoNewKey(state)).toMatch(reason);
    }
  });

  it.each<[string, () => string, RegExp]>([
    ['is not there', () => join(home, 'gone'), /no such socket/],
    ['is a file', () => join(home, '.ssh/config'), /./],
    ['has too long a path', () => `/${'x'.repeat(200)}`, /./],
  ])('whose socket %s is silent', async (_what, toSocket, reason) => {
    configure('');
    expect((await look({ SSH_AUTH_SOCK: toSocket() })).agent).toMatchObject({
      kind: 'silent',
      reason: expect.stringMatching(reason),
    });
  });

  it('that never answers is silent after a while where there are files', async () => {
    makeKey(join(home, '.ssh/id_ed25519'), 'ed25519');
    const start = performance.now();
    const { identities, agent } = await look({ SSH_AUTH_SOCK: await serve('mute', '') });
    expect(identities).toHaveLength(1);
    expect(agent).toMatchObject({ kind: 'silent', reason: expect.stringMatching(/does not answer/) });
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it.each<[string, string, object, RegExp]>([
    ['ssh is not installed', 'IdentityAgent /x', { ssh: '/nowhere/ssh' }, /not installed/],
    ['the configuration is wrong', 'IdentityAgent /x\nNonsense y\n', {}, /Bad configuration option|failed/],
    ['something in it hangs', 'Match exec "sleep 60"\n  IdentityAgent /x\n', {}, /did not answer/],
  ])('cannot be known where %s', async (_what, text, more, reason) => {
    configure(text);
    const { agent } = await look({}, more);
    expect(agent).toMatchObject({ kind: 'silent', reason: expect.stringMatching(reason) });
    expect(findReasonForNoNewKey(agent)).toMatch(reason);
  });

  it('is not looked for with a process where no configuration speaks of one', async () => {
    configure(`Include own\nMatch exec "touch '${join(home, 'ran')}'"\n  User x\n`);
    writeFileSync(join(home, '.ssh/own'), '');
    expect((await look()).agent).toEqual({ kind: 'none' });
    expect(existsSync(join(home, 'ran'))).toBe(false);
  });
});
