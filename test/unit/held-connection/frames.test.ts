import type { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FRAME, FrameReader, writeFrame } from '../../../src/adapters/held-connection/frames.ts';

function encode(frames: [(typeof FRAME)[keyof typeof FRAME], Buffer | string][]): Buffer {
  const chunks: Uint8Array[] = [];
  const stream = {
    cork: () => undefined,
    uncork: () => undefined,
    write: (chunk: Uint8Array) => chunks.push(chunk) > 0,
  } as unknown as Writable;
  for (const [kind, payload] of frames) writeFrame(stream, kind, payload);
  return Buffer.concat(chunks);
}

/**
 * What a reader makes of bytes that come in pieces of these sizes, over and over; a stream's pieces are put together.
 */
function decode(bytes: Buffer, sizes: number[]): [number, string][] {
  const found: [number, string][] = [];
  const reader = new FrameReader((kind, payload) => {
    const last = found.at(-1);
    const isStream = kind === FRAME.input || kind === FRAME.output || kind === FRAME.errors;
    if (isStream && last?.[0] === kind) last[1] += payload.toString('latin1');
    else found.push([kind, payload.toString('latin1')]);
  });
  for (let at = 0, round = 0; at < bytes.length; round += 1) {
    const size = sizes[round % sizes.length] ?? 1;
    reader.push(bytes.subarray(at, at + size));
    at += size;
  }
  return found;
}

describe('frames', () => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const bytes = encode([
    [FRAME.open, 'make test'],
    [FRAME.input, all],
    [FRAME.input, ''],
    [FRAME.inputEnd, ''],
    [FRAME.ready, ''],
    [FRAME.output, all],
    [FRAME.errors, 'no such file'],
    [FRAME.exit, '3'],
  ]);

  it.each([[[1]], [[2, 7]], [[5]], [[6, 1, 300]], [[100_000]]])('come out as they went in, cut into %j', (sizes) => {
    const text = all.toString('latin1');
    expect(decode(bytes, sizes)).toEqual([
      [FRAME.open, 'make test'],
      [FRAME.input, text],
      [FRAME.inputEnd, ''],
      [FRAME.ready, ''],
      [FRAME.output, text],
      [FRAME.errors, 'no such file'],
      [FRAME.exit, '3'],
    ]);
  });

  it('refuse a control frame that is longer than any command', () => {
    const header = Buffer.from([FRAME.open, 0x40, 0, 0, 0]);
    expect(() => new FrameReader(() => undefined).push(header)).toThrow('not a frame');
  });
});
