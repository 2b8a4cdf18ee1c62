import { describe, expect, it } from 'vitest';
import { FRAME, FrameFault, toHeader } from '../../../../src/contract/resume/frames.ts';
import { Pair } from './two-ends.ts';

function open(): Pair {
  const pair = new Pair();
  pair.connect();
  return pair;
}

describe('a resumable link', () => {
  it('carries bytes both ways, and forgets what was used', () => {
    const pair = open();
    const { near, far } = pair;
    near.link.write(Buffer.from('up'));
    far.link.write(Buffer.from('down'));
    expect([near.link.keptBytes, far.link.keptBytes]).toEqual([2, 4]);
    pair.settle();
    expect([far.got.toString(), near.got.toString()]).toEqual(['up', 'down']);
    expect([near.link.keptBytes, near.link.isFlushed]).toEqual([0, true]);
  });

  it('goes on in the middle of a frame', () => {
    const pair = open();
    pair.near.link.write(Buffer.from('hello there'));
    pair.move(pair.near, 10 + 5);
    pair.cut();
    expect([pair.near.link.state, pair.far.link.state]).toEqual(['lost', 'lost']);
    pair.near.link.write(Buffer.from(', and more'));
    pair.connect();
    pair.settle();
    expect(pair.far.got.toString()).toBe('hello there, and more');
  });

  it('keeps what arrived and was not used', () => {
    const pair = open();
    pair.far.isHungry = false;
    pair.near.link.write(Buffer.alloc(1000));
    pair.settle();
    expect(pair.near.link.keptBytes).toBe(1000);
    pair.far.use();
    pair.settle();
    expect(pair.near.link.keptBytes).toBe(0);
  });

  it('delivers the end after a loss, and is over once both have said it', () => {
    const pair = open();
    pair.far.link.write(Buffer.from('last words'));
    pair.far.link.end();
    pair.cut();
    pair.connect();
    pair.settle();
    expect([pair.near.got.toString(), pair.near.hasEnded, pair.far.link.isFlushed]).toEqual(['last words', true, true]);
    expect(pair.far.link.state).toBe('carried');
    pair.near.link.end();
    pair.settle();
    expect([pair.near.link.state, pair.far.link.state]).toEqual(['over', 'over']);
    expect([pair.near.isClosed, pair.far.isClosed]).toEqual([true, true]);
  });

  it('knows after a loss that its end had arrived', () => {
    const pair = open();
    pair.far.link.end();
    pair.move(pair.far, pair.far.wire.length);
    pair.cut();
    pair.connect();
    expect(pair.far.link.isFlushed).toBe(true);
    pair.settle();
    expect(pair.near.hasEnded).toBe(true);
  });

  it('is over at once for both when one wants no more', () => {
    const pair = open();
    pair.near.link.close();
    pair.far.link.write(Buffer.from('unheard'));
    pair.settle();
    expect([pair.near.link.state, pair.far.link.state, pair.far.isClosed]).toEqual(['over', 'over', true]);
    expect(pair.near.got.length).toBe(0);
  });

  it('answers a question for a sign of life', () => {
    const pair = open();
    pair.near.link.ping();
    pair.move(pair.near, pair.near.wire.length);
    expect(pair.far.wire.equals(toHeader(FRAME.pong, 0))).toBe(true);
  });

  it.each([
    ['data that has a gap before it', toHeader(FRAME.data, 5, 1)],
    ['an end in the middle', toHeader(FRAME.end, 5)],
    ['an acknowledgement of what was never sent', toHeader(FRAME.ack, 5)],
    ['a kind that is none', Buffer.from([9, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['a frame that is too long', Buffer.from([1, 255, 255, 255, 0, 0, 0, 0, 0, 0])],
  ])('refuses %s', (_what, header) => {
    const pair = open();
    expect(() => pair.far.link.push(Buffer.concat([header, Buffer.from('x')]))).toThrow(FrameFault);
  });

  it('does not go on for one that is where nobody can be, and stays as it was', () => {
    const pair = open();
    pair.far.link.write(Buffer.from('abc'));
    pair.settle();
    pair.cut();
    for (const place of [2, 99]) expect(() => pair.far.carry(place)).toThrow(FrameFault);
    expect(pair.far.link.state).toBe('lost');
    pair.connect();
    expect(pair.far.link.state).toBe('carried');
  });
});
