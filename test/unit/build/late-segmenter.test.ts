import { describe, expect, it } from 'vitest';
import { LateSegmenter } from '../../../scripts/late-segmenter.ts';

const real = new Intl.Segmenter();

function toSegments(segments: Iterable<Intl.SegmentData>): string[] {
  return Array.from(segments, ({ segment, index, input }) => `${index} ${segment} ${input.length}`);
}

/** The characters that it takes apart by itself, as its regular expression has them. */
const ALONE = [
  [0x00, 0x0c],
  [0x0e, 0xff],
  [0x2010, 0x2027],
  [0x2190, 0x21ff],
  [0x2500, 0x25ff],
  [0x2700, 0x27bf],
].flatMap(([first = 0, last = 0]) =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCharCode(first + index)),
);

describe('the segmenter of the bundles', () => {
  it('finds what the real one finds in every pair of the characters that it knows', () => {
    for (const before of ALONE) {
      const text = ALONE.map((after) => before + after).join('');
      const count = [...real.segment(text)].length;
      expect([...new LateSegmenter().segment(text)].length, JSON.stringify(before)).toBe(count);
      expect(count).toBe(text.length);
    }
  }, 60_000);

  it.each([
    '',
    'plain',
    '✓ Installed · ws-dev',
    'one\r\ntwo',
    'e\u0301te\u0301',
    '👩‍💻 at work',
    '1️⃣ 2️⃣',
    '🇩🇪🇫🇷',
    '✓\u200d✓',
    '❤️',
    '日本語 한국어 각',
    'नमस्ते',
  ])('takes %j apart as the real one does', (text) => {
    expect(toSegments(new LateSegmenter().segment(text))).toEqual(toSegments(real.segment(text)));
    for (const index of [0, 1, text.length - 1, text.length, -1]) {
      expect(new LateSegmenter().segment(text).containing(index)).toEqual(real.segment(text).containing(index));
    }
  });

  it('leaves words to the real one', () => {
    const options = { granularity: 'word' } as const;
    const words = new LateSegmenter('en', options).segment('two words');
    expect(Array.from(words, ({ segment }) => segment)).toEqual(['two', ' ', 'words']);
  });
});
