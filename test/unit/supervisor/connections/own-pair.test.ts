import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { openPair } from '../../../../src/supervisor/connections/own-pair.ts';

/** Node keeps it under a symbol of its own; the kernel's flag cannot be read from here. */
function sendsAtOnce(socket: Socket): unknown {
  const key = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'kSetNoDelay');
  return key === undefined ? undefined : Reflect.get(socket, key);
}

it('joins two ends that carry bytes both ways, each at once: a login is many small answers', async () => {
  const { near, far } = await openPair();
  try {
    expect([sendsAtOnce(near), sendsAtOnce(far)]).toEqual([true, true]);
    near.write('to Dropbear');
    expect(String((await once(far.resume(), 'data'))[0])).toBe('to Dropbear');
    far.write('to its client');
    expect(String((await once(near, 'data'))[0])).toBe('to its client');
  } finally {
    near.destroy();
    far.destroy();
  }
});
