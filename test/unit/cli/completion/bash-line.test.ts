import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBashLine, writeBashWord } from '../../../../src/cli/completion/bash-line.ts';

/** As bash has it by default. */
const BREAKS = ' \t\n"\'@><=;|&(:';

describe("bash's line", () => {
  it.each<[string, string[], string]>([
    ['ws ', [''], ''],
    ['ws ssh de', ['ssh', 'de'], ''],
    ['ws keys rm SHA256:ab', ['keys', 'rm', 'SHA256:ab'], 'SHA256:'],
    ['ws keys rm me@lap', ['keys', 'rm', 'me@lap'], 'me@'],
    ['ws ls --context=a:b', ['ls', '--context=a:b'], '--context=a:'],
    ['ws keys rm "my lap', ['keys', 'rm', 'my lap'], ''],
    ["ws keys rm 'my l", ['keys', 'rm', 'my l'], ''],
    ['ws keys rm my\\ l', ['keys', 'rm', 'my l'], ''],
    ['ws keys rm --x="a b" c', ['keys', 'rm', '--x=a b', 'c'], ''],
    ['ws ls --context="a', ['ls', '--context=a'], '--context='],
    ['ws keys rm "a"b:', ['keys', 'rm', 'ab:'], 'ab:'],
  ])('%j is read as %j', (line, words, kept) => {
    expect(readBashLine(line, BREAKS)).toMatchObject({ words, kept });
  });

  it.each([
    ['ws keys rm SHA', 'SHA256:a+b/c', 'SHA256:a+b/c'],
    ['ws keys rm SHA256:a', 'SHA256:a+b/c', 'a+b/c'],
    ['ws keys rm my', "my key (it's)", "my\\ key\\ \\(it\\'s\\)"],
    ['ws keys rm "my', 'my "key" $1', 'my \\"key\\" \\$1'],
    ["ws keys rm 'my", "my key's", "my key'\\''s"],
    ['ws keys rm é', 'é漢', 'é漢'],
  ])('%j gets %j as %s', (line, word, text) => {
    expect(writeBashWord(word, readBashLine(line, BREAKS))).toBe(text);
  });

  it('becomes the word again in bash, whatever it holds and however much of it was typed in whichever quotes', () => {
    const word = fc.stringMatching(/^[a-c@:= '"\\$`!*?(){}[\]&|;<>#~^%é]{1,12}$/);
    fc.assert(
      fc.property(word, fc.nat(12), fc.constantFrom('', "'", '"'), (whole, length, quote) => {
        const typed = whole.slice(0, length);
        const written = quote + (writeBashWord(typed, { words: [], kept: '', quote: quote as '' }) ?? '');
        const line = readBashLine(`ws keys rm ${written}`, BREAKS);
        expect(line.words.at(-1)).toBe(typed);
        const inserted = writeBashWord(whole, line) ?? '';
        // What bash keeps is what stands before its last break; it closes an open quote itself.
        const before = writeBashWord(line.kept, { words: [], kept: '', quote: '' }) ?? '';
        const full = `${quote === '' ? before : quote}${inserted}${quote}`;
        const back = execFileSync('bash', ['-c', `set +H; printf %s ${full}`], { encoding: 'utf8' });
        expect(back).toBe(quote === '' ? whole : whole.slice(line.kept.length));
      }),
      { numRuns: 60 },
    );
  });
});
