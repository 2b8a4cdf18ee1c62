import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MOST_KEPT_BYTES } from '../../../../src/contract/resume/carrier.ts';
import { FRAME, toHeader } from '../../../../src/contract/resume/frames.ts';
import type { Session } from '../../../../src/supervisor/connections/session.ts';
import { CarriedSession } from '../../../../src/supervisor/resume/carried-session.ts';

const MEBIBYTE = 2 ** 20;

/** A Dropbear that takes nothing, or a carrier that nobody reads. */
function makeStuck(): Socket {
  return new Duplex({ read: () => undefined, write: () => undefined }) as Socket;
}

/** So many frames of so many bytes each, one behind the other. */
function toFrames(from: number, count: number, bytes: number): Buffer {
  const frame = (index: number) => [toHeader(FRAME.data, from + index * bytes, bytes), Buffer.alloc(bytes)];
  return Buffer.concat(Array.from({ length: count }, (_, index) => frame(index)).flat());
}

const OBSERVER = { mayKeep: () => true, acknowledged: () => undefined, lost: () => undefined, over: () => undefined };

function carry(near: Socket, carrier: Socket): void {
  new CarriedSession({} as Session, near, OBSERVER).carry(carrier, 0, Buffer.alloc(0));
}

describe('what Dropbear writes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const pour = (near: Socket, bytes: number, count: number) => {
    for (let index = 0; index < count; index += 1) near.emit('data', Buffer.alloc(bytes));
  };

  it('waits a moment once much of it comes in small parts, so that they come as one; nothing is left waiting', () => {
    const near = makeStuck();
    carry(near, makeStuck());
    pour(near, 8 * 1024, 17);
    expect(near.isPaused()).toBe(true);
    vi.advanceTimersByTime(2);
    expect(near.isPaused()).toBe(false);
  });

  it.each([
    ['few bytes, as a key typed has', 80, 100],
    ['large parts', 64 * 1024, 30],
  ])('never waits for %s', (_what, bytes, count) => {
    const near = makeStuck();
    carry(near, makeStuck());
    pour(near, bytes, count);
    expect(near.isPaused()).toBe(false);
  });
});

it('holds the carrier of a client that sends more than it may back once, however small its frames are', () => {
  const [near, carrier] = [makeStuck(), makeStuck()];
  carry(near, carrier);
  const most = (2 * MOST_KEPT_BYTES) / MEBIBYTE;
  carrier.emit('data', toFrames(0, most, MEBIBYTE));
  expect(carrier.isPaused()).toBe(false);
  carrier.emit('data', toFrames(most * MEBIBYTE, 1000, 1));
  expect(carrier.isPaused()).toBe(true);
  expect(near.listenerCount('drain')).toBe(1);
});

it('writes the frames of one read to Dropbear at once', () => {
  const writes: number[] = [];
  const near = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => done(void writes.push(1)),
    writev: (chunks, done) => done(void writes.push(chunks.length)),
  }) as Socket;
  const carrier = makeStuck();
  carry(near, carrier);
  carrier.emit('data', toFrames(0, 3, 1024));
  expect(writes).toEqual([3]);
});
