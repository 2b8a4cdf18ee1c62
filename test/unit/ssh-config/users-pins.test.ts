import { describe, expect, it } from 'vitest';
import { toWire } from '../../../src/contract/keys/wire.ts';
import { hasPin, withoutPins, withPins } from '../../../src/workspace/ssh-config/users-pins.ts';

const key = (letter: string) => ({
  type: 'ssh-ed25519',
  blob: Buffer.concat([toWire('ssh-ed25519'), toWire(Buffer.alloc(32, letter))]).toString('base64'),
});
const alias = 'ws-dev.team.cluster-1';
const pin = { name: 'ws-dev', hostKeyAlias: alias, hostKeys: [key('a')] };
const users = `github.com ssh-ed25519 ${key('g').blob}\n# mine\n`;

describe("host keys in the user's own known_hosts", () => {
  it('stand under both names, once, and go again without a trace', () => {
    const text = withPins(users, [pin]);
    expect(text).toBe(`${users}ws-dev ssh-ed25519 ${key('a').blob}\n${alias} ssh-ed25519 ${key('a').blob}\n`);
    expect(withPins(text, [pin])).toBe(text);
    expect([hasPin(text, alias), hasPin(users, alias)]).toEqual([true, false]);
    expect(withoutPins(text, [pin])).toBe(users);
  });

  it('follow a rotation', () => {
    const rotated = withPins(withPins(users, [pin]), [{ ...pin, hostKeys: [key('b')] }]);
    expect(rotated).not.toContain(key('a').blob);
    expect(rotated.match(/ssh-ed25519/g)).toHaveLength(3);
  });

  it('leave a line of the same name alone that the user wrote: the alias is not there', () => {
    const own = `ws-dev ssh-ed25519 ${key('u').blob}\n`;
    expect(withoutPins(own, [pin, { name: 'ws-other', hostKeyAlias: undefined }])).toBe(own);
  });
});
