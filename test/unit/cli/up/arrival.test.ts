import { describe, expect, it } from 'vitest';
import { describeArrival } from '../../../../src/cli/up/arrival.ts';
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
    const lines = describeArrival(info, 65535, '[127.0.0.1]:65535').split('\n');
    expect(lines).toContain("  ssh knows an older host key there: ssh-keygen -R '[127.0.0.1]:65535'");
    expect(lines.filter((one) => one.length > 80)).toEqual([]);
    expect(describeArrival(info, 2222)).not.toContain('ssh-keygen');
  });
});
