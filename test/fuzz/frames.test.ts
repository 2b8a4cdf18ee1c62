import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { FRAME, type FrameKind, FrameReader, writeFrame } from '../../src/adapters/held-connection/frames.ts';
import { property } from './property.ts';

const bytes = fc.uint8Array({ maxLength: 40 });
const kind = fc.constantFrom(...Object.values(FRAME));

describe('what two processes say over a shared connection’s socket', () => {
  property(
    'is heard as it was said, wherever it is cut',
    fc.record({
      frames: fc.array(fc.tuple(kind, bytes), { maxLength: 12 }),
      cuts: fc.array(fc.nat(9), { minLength: 1 }),
    }),
    ({ frames, cuts }) => {
      expect(hear(say(frames), cuts)).toEqual(hear(say(frames), [1_000_000]));
      const whole = frames
        .filter(([of]) => !isStream(of))
        .map(([of, payload]) => [of, Buffer.from(payload).toString('hex')]);
      expect(hear(say(frames), cuts).filter(([of]) => !isStream(of))).toEqual(whole);
    },
  );

  property(
    'is refused or heard, whatever comes',
    fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }),
    (chunks) => {
      let heardBytes = 0;
      const reader = new FrameReader((_kind, payload) => {
        heardBytes += payload.length;
      });
      try {
        for (const chunk of chunks) reader.push(Buffer.from(chunk));
      } catch (error) {
        expect((error as Error).message).toBe('not a frame');
      }
      expect(heardBytes).toBeLessThanOrEqual(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    },
  );
});

function isStream(of: number): boolean {
  return of === FRAME.input || of === FRAME.output || of === FRAME.errors;
}

function say(frames: [FrameKind, Uint8Array][]): Buffer {
  const said: Uint8Array[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      said.push(chunk);
      done();
    },
  });
  for (const [of, payload] of frames) writeFrame(stream, of, payload);
  return Buffer.concat(said);
}

/** Pieces of one stream that follow each other are one. */
function hear(said: Buffer, cuts: number[]): [number, string][] {
  const heard: [number, string][] = [];
  const reader = new FrameReader((of, payload) => {
    const last = heard.at(-1);
    if (isStream(of) && last?.[0] === of) last[1] += payload.toString('hex');
    else heard.push([of, payload.toString('hex')]);
  });
  for (let at = 0, round = 0; at < said.length; round += 1) {
    const size = (cuts[round % cuts.length] ?? 0) + 1;
    reader.push(said.subarray(at, at + size));
    at += size;
  }
  return heard;
}
