import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { FrameFault, FrameReader } from '../../src/contract/resume/frames.ts';
import { HELLO_BYTES, HelloReader, parseAnswer, parseHello } from '../../src/contract/resume/hello.ts';
import { End, Pair } from '../unit/contract/resume/two-ends.ts';
import { property } from './property.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 });
const side = fc.constantFrom('near' as const, 'far' as const);

/** What may happen to a stream, in any order. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), side, payload: bytes }),
  fc.record({ kind: fc.constant('move' as const), side, count: fc.nat(80) }),
  fc.record({ kind: fc.constant('pass' as const), side }),
  fc.record({ kind: fc.constant('use' as const), side }),
  fc.record({ kind: fc.constant('starve' as const), side }),
  fc.record({ kind: fc.constant('ping' as const), side }),
  fc.record({ kind: fc.constant('end' as const), side }),
  fc.constant({ kind: 'cut' as const }),
);

describe('a resumable stream', () => {
  property(
    'brings every byte once and in order, both ways, wherever its carriers are cut',
    fc.array(happening, { maxLength: 80 }),
    (happenings) => {
      const pair = new Pair();
      const said = { near: Buffer.alloc(0), far: Buffer.alloc(0) };
      const hasEnded = { near: false, far: false };
      pair.connect();
      for (const one of happenings) {
        if (one.kind === 'cut') {
          pair.cut();
          pair.connect();
          continue;
        }
        const end = pair[one.side];
        if (one.kind === 'write' && !hasEnded[one.side]) {
          said[one.side] = Buffer.concat([said[one.side], one.payload]);
          end.link.write(Buffer.from(one.payload));
        } else if (one.kind === 'move') pair.move(end, one.count);
        else if (one.kind === 'pass') end.pass();
        else if (one.kind === 'ping') end.link.ping();
        else if (one.kind === 'use') end.use();
        else if (one.kind === 'starve') end.isHungry = false;
        else if (one.kind === 'end') {
          end.link.end();
          hasEnded[one.side] = true;
        }
      }
      for (const end of [pair.near, pair.far]) {
        end.isHungry = true;
        end.use();
        end.link.end();
      }
      pair.settle();
      expect(pair.far.got.equals(said.near)).toBe(true);
      expect(pair.near.got.equals(said.far)).toBe(true);
      expect([pair.near.link.state, pair.far.link.state]).toEqual(['over', 'over']);
      expect([pair.near.link.keptBytes, pair.far.link.keptBytes]).toEqual([0, 0]);
    },
  );

  property(
    'takes garbage for what it is, and goes on with the next carrier',
    fc.record({ chunks: fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), payload: bytes }),
    ({ chunks, payload }) => {
      const pair = new Pair();
      pair.connect();
      pair.near.link.write(Buffer.from(payload));
      pair.move(pair.near, 12);
      const before = pair.far.got;
      for (const chunk of chunks) push(pair.far, Buffer.from(chunk));
      if (pair.far.link.state === 'over') return;
      // A stranger who guesses the position is a carrier like any other: SSH is the judge of what it brings.
      if (!pair.far.got.equals(before)) return;
      pair.cut();
      pair.connect();
      pair.settle();
      expect(pair.far.got.equals(Buffer.from(payload))).toBe(true);
    },
  );

  property('keeps of any input no more than a header', fc.array(bytes, { maxLength: 30 }), (chunks) => {
    let handed = 0;
    let said = 0;
    const reader = new FrameReader({
      data: (_position, payload) => {
        handed += payload.length;
      },
      control: () => undefined,
    });
    try {
      for (const chunk of chunks) {
        said += chunk.length;
        reader.push(Buffer.from(chunk));
      }
    } catch (error) {
      expect(error).toBeInstanceOf(FrameFault);
    }
    expect(handed).toBeLessThanOrEqual(said);
  });

  property('hears a hello or none', fc.array(bytes, { maxLength: 4 }), (chunks) => {
    const reader = new HelloReader();
    try {
      for (const chunk of chunks) reader.push(Buffer.from(chunk));
    } catch (error) {
      expect(error).toBeInstanceOf(FrameFault);
    }
    const first = Buffer.concat(chunks).subarray(0, HELLO_BYTES);
    for (const parse of [parseHello, parseAnswer]) expect(() => parse(first)).not.toThrow();
  });
});

function push(end: End, chunk: Buffer): void {
  try {
    end.link.push(chunk);
  } catch (error) {
    expect(error).toBeInstanceOf(FrameFault);
    end.link.lose();
  }
}
