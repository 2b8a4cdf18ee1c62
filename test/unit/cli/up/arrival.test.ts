import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeArrival } from '../../../../src/cli/up/arrival.ts';
import { findUntried } from '../../../../src/cli/up/arrive.ts';
import { findStaleName } from '../../../../src/workspace/ssh-config/users-pins.ts';
import { makeHostKey } from '../../operations/fake-world.ts';

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

  it('names the file of a key that OpenSSH does not try by itself', () => {
    const info = { user: 'ann', name: 'box' } as Parameters<typeof describeArrival>[0];
    expect(describeArrival(info, 2222, { key: '/home/ann/my keys/ws' })).toContain(
      "ssh -p 2222 -i '/home/ann/my keys/ws' ann@127.0.0.1\n",
    );
    const inSsh = (name: string) => path.join(homedir(), '.ssh', name);
    expect(findUntried(inSsh('id_ed25519'))).toBeUndefined();
    expect(findUntried(undefined)).toBeUndefined();
    expect(findUntried(inSsh('id_ed25519_ws'))).toBe(inSsh('id_ed25519_ws'));
    expect(findUntried('/elsewhere/id_ed25519')).toBe('/elsewhere/id_ed25519');
  });
});
