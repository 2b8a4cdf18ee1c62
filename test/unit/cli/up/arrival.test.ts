import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { describeArrival } from '../../../../src/cli/up/arrival.ts';
import { arrive, findUntried } from '../../../../src/cli/up/arrive.ts';
import type { Identity } from '../../../../src/workspace/keys/keys.ts';
import { findStaleName } from '../../../../src/workspace/ssh-config/users-pins.ts';
import { makeHostKey, makeIdentity } from '../../operations/fake-world.ts';

const [ours, other] = [makeHostKey().hostKey, makeHostKey().hostKey];
const line = (name: string, { type, blob } = other) => `${name} ${type} ${blob}\n`;

describe('the local port that other ssh clients may use', () => {
  it.each<[string, string, number, string | undefined]>([
    ['nobody has used', '', 2222, undefined],
    ['this workspace had before', line('[127.0.0.1]:2222', ours), 2222, undefined],
    ['another workspace had before', line('[127.0.0.1]:2222'), 2222, '[127.0.0.1]:2222'],
    ['both had before', line('[127.0.0.1]:2222') + line('[127.0.0.1]:2222', ours), 2222, undefined],
    ['is another one', line('[127.0.0.1]:2223'), 2222, undefined],
    ['is the usual one', line('127.0.0.1'), 22, '127.0.0.1'],
  ])('that %s', (_whose, text, port, expected) => {
    expect(findStaleName(text, port, [ours])).toBe(expected);
  });

  it('comes with the line that takes an older pin away, in 80 columns', () => {
    const info = { user: 'developer', name: 'dev' } as Parameters<typeof describeArrival>[0];
    const lines = describeArrival(info, 65535, { stalePin: '[127.0.0.1]:65535' }).split('\n');
    expect(lines).toContain("  ssh knows an older host key there: ssh-keygen -R '[127.0.0.1]:65535'");
    expect(lines.filter((one) => one.length > 80)).toEqual([]);
    expect(describeArrival(info, 2222)).not.toContain('ssh-keygen');
  });

  it('is told with the command on a line of its own where both are wider than the terminal', () => {
    const info = { user: 'developer', name: 'dev' } as Parameters<typeof describeArrival>[0];
    const key = '/home/developer/.ssh/id_ed25519_work';
    const command = `ssh -p 2222 -i ${key} developer@127.0.0.1`;
    const told = (columns: number) => describeArrival(info, 2222, { key, columns }).split('\n').slice(2, -2);
    expect(told(120)).toEqual([`  other ssh clients: ${command}`]);
    expect(told(80)).toEqual(['  other ssh clients:', `    ${command}`]);
  });

  it('names the file of a key that OpenSSH does not try by itself', () => {
    const info = { user: 'ann', name: 'box' } as Parameters<typeof describeArrival>[0];
    expect(describeArrival(info, 2222, { key: '/home/ann/my keys/ws' })).toContain(
      "ssh -p 2222 -i '/home/ann/my keys/ws' ann@127.0.0.1\n",
    );
  });

  it.each<[string, Partial<Identity>, string | undefined]>([
    ['a usual name', { path: '/home/ann/.ssh/id_ed25519' }, undefined],
    ['a name of its own', { path: '/home/ann/.ssh/id_ed25519_ws' }, '/home/ann/.ssh/id_ed25519_ws'],
    ['a usual name elsewhere', { path: '/elsewhere/id_ed25519' }, '/elsewhere/id_ed25519'],
    ['no file, but the agent', { source: 'agent', path: undefined }, undefined],
    ['a file, and the agent has it', { source: 'agent', path: '/home/ann/.ssh/work' }, undefined],
  ])('of a key that logged in with %s', (_what, parts, expected) => {
    expect(findUntried(makeIdentity(1, parts), '/home/ann')).toBe(expected);
  });

  it('goes by the key that logged in, though nobody chose it', async () => {
    const stderr = new PassThrough();
    const connection = { identity: makeIdentity(1, { path: '/keys/work' }) };
    const result = { info: { user: 'ann', name: 'box' }, snapshot: {}, connection, listener: { port: 2222 } };
    const signal = new AbortController().signal;
    const status = await arrive(result as never, async () => 0, { stderr } as never, {} as never, signal);
    expect(status).toBe(0);
    expect(String(stderr.read())).toContain('ssh -p 2222 -i /keys/work ann@127.0.0.1\n');
  });
});
