import { describe, expect, it } from 'vitest';
import { listCommentSentences, listProseLines, listSentences, readPages, readSources } from './pages.ts';

const COLUMNS = 120;
const WORDS = 35;

/** What began in the past and goes on "has been" so since. */
const WRONG_TENSE = [
  /\b(?:is|are)(?: [\w-]+){1,3} since (?!it\b|its\b|this\b|that\b)/,
  /\bsince when (?:[\w-]+ ){0,4}(?:is|are)\b/,
];

/** Turns of phrase that nobody says aloud. docs/decisions/0031-plain-english.md has better ones. */
const STILTED = [
  ...WRONG_TENSE,
  /\banew\b/,
  /\ball the same\b/,
  /\bput up with\b/,
  /\b(?:that )?is none\b/,
  /\bthat there is no\b/,
  /\bis told\b/,
  /[,;] besides$/,
  /\bas \w+ has it\b/,
  // "Who pulls the plug loses" for "whoever", and "Where it rains, …" for "if".
  /^Who [a-z][^?]*$/,
  /^Where [^?]*, /,
];

/** The same for comments, where "Where the key lies, …" names a thing and "Where nobody asks, …" stands for "If". */
const STILTED_COMMENTS = [
  ...WRONG_TENSE,
  /\banew\b/,
  /\ball the same\b/,
  /\bput up with\b/,
  /\bamid\b/,
  /\b(?:that|it|else|and) is none$/,
  /\bis told\b(?! (?:to|by)\b)/,
  /[,;] besides$/,
  /\bas \w+ has it\b/,
  /^Where (?:nobody|none|no|several|sessions|both|many|that|there)\b/,
];

/** The page of examples quotes what it warns of. */
const pages = readPages().filter(({ file }) => !file.endsWith('plain-english.md'));

describe('prose', () => {
  it.each(readPages())(`of $file has lines of at most ${COLUMNS} characters`, ({ text }) => {
    const long = listProseLines(text).filter(({ line }) => [...line].length > COLUMNS);
    expect(long.map(({ at, line }) => `${at}: ${line}`)).toEqual([]);
  });

  it.each(pages)(`of $file has sentences of at most ${WORDS} words`, ({ text }) => {
    expect(listSentences(text).filter((sentence) => sentence.split(' ').length > WORDS)).toEqual([]);
  });

  it.each(pages)('of $file is what a colleague would say', ({ text }) => {
    expect(listSentences(text).filter((sentence) => STILTED.some((phrase) => phrase.test(sentence)))).toEqual([]);
  });

  it('in comments of the source is what a colleague would say', () => {
    const sources = readSources();
    expect(sources.flatMap(({ text }) => listCommentSentences(text)).length).toBeGreaterThan(2000);
    const stilted = sources.flatMap(({ file, text }) =>
      listCommentSentences(text)
        .filter((sentence) => STILTED_COMMENTS.some((phrase) => phrase.test(sentence)))
        .map((sentence) => `${file}: ${sentence}`),
    );
    expect(stilted).toEqual([]);
  });

  it('of the app has the tense that "since" asks for', () => {
    const said = readSources().flatMap(({ file, text }) =>
      text.split('\n').map((line) => `${file}: ${line.trim().replaceAll(/\$\{[^}]*\}/g, 'value')}`),
    );
    expect(said.filter((line) => WRONG_TENSE.some((phrase) => phrase.test(line)))).toEqual([]);
    expect(WRONG_TENSE.some((phrase) => phrase.test('dev is asleep since value'))).toBe(true);
  });

  it('in comments is read: in lines and in blocks, and never in code', () => {
    const text = "/** One. */\n/**\n * Two\n * three: `a. b`.\n */\nconst four = 'five'; // Six.\n// Seven\n// eight\n";
    expect(listCommentSentences(text)).toEqual(['One', 'Two three', 'code', 'Six', 'Seven eight']);
  });

  it('is read: sentences end at stops, paragraphs, items and cells, and code is one word', () => {
    const text =
      '# No\n\nOne two; three\nfour. Five `a b. c`!\n- six ([x](y.md)): seven\n\n| eight | nine |\n\n```\nno\n```\n';
    expect(listSentences(text)).toEqual(['One two', 'three four', 'Five code', 'six ([x])', 'seven', 'eight', 'nine']);
  });

  it('is found stilted where it is', () => {
    const isStilted = (sentence: string) => STILTED.some((phrase) => phrase.test(sentence));
    for (const sentence of [
      'Who deletes the Secret deletes the keys',
      'Where that is not so, nothing is shared',
      'ws up writes both anew',
      'A port that is none is told later',
    ])
      expect(isStilted(sentence), sentence).toBe(true);
    for (const sentence of ['Who trusts whom?', 'Where a home lives', 'ws up rewrites both', 'It tells you later'])
      expect(isStilted(sentence), sentence).toBe(false);
  });

  it('is what stands outside of tables and code', () => {
    const text = 'One\n\n| two |\n\n```sh\nthree\n```\n\n- four\n';
    expect(listProseLines(text).filter(({ line }) => line !== '')).toEqual([
      { at: 1, line: 'One' },
      { at: 9, line: '- four' },
    ]);
  });
});
