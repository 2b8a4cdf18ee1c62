/**
 * Stands for `Intl.Segmenter` in the bundles. What draws makes six of them when it is loaded, and the first takes 13 ms to find its
 * rules. Text of characters that never join with a neighbour, which is nearly all that `ws` draws, is taken apart without one.
 */

/** ASCII, Latin-1, dashes, arrows, frames, shapes and dingbats. Not the carriage return, which a line feed joins (UAX #29, GB3). */
const NEVER_JOINED = /^[\0-\f\x0E-\xFF\u2010-\u2027\u2190-\u21FF\u2500-\u25FF\u2700-\u27BF]*$/;

type Segments = Pick<Intl.Segments, 'containing' | typeof Symbol.iterator>;

/** As `Intl.Segmenter` does it, graphemes alone without its rules. */
export class LateSegmenter {
  readonly #locales: string | undefined;
  readonly #options: Intl.SegmenterOptions | undefined;
  #segmenter: Intl.Segmenter | undefined;

  constructor(locales?: string, options?: Intl.SegmenterOptions) {
    this.#locales = locales;
    this.#options = options;
  }

  segment(input: string): Segments {
    const wantsGraphemes = (this.#options?.granularity ?? 'grapheme') === 'grapheme';
    if (wantsGraphemes && NEVER_JOINED.test(input)) return new Characters(input);
    this.#segmenter ??= new globalThis.Intl.Segmenter(this.#locales, this.#options);
    return this.#segmenter.segment(input);
  }
}

class Characters implements Segments {
  readonly #input: string;

  constructor(input: string) {
    this.#input = input;
  }

  containing(at = 0): Intl.SegmentData | undefined {
    const index = Math.trunc(at) || 0;
    const segment = this.#input[index];
    return segment === undefined ? undefined : { segment, index, input: this.#input };
  }

  *[Symbol.iterator](): Generator<Intl.SegmentData> {
    for (let index = 0; index < this.#input.length; index += 1) {
      yield { segment: this.#input.charAt(index), index, input: this.#input };
    }
  }
}
