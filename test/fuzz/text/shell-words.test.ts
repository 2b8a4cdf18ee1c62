import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { NAMED_FIRST, withPlace } from '../../../src/cli/command/place-words.ts';
import { wrapCommand } from '../../../src/report/wrap.ts';
import { isPrintable } from '../../../src/workspace/errors/printable.ts';
import { command, readShellWords, toShellWord, toShellWords } from '../../../src/workspace/errors/shell-words.ts';
import { hostileText, property } from '../property.ts';

/** No argument holds a NUL, and a lone surrogate is no text that a system could hand over. */
const word = hostileText.map((text) => text.replaceAll('\0', '').toWellFormed());
const printable = word.filter(isPrintable);

/** What a shell hands to a program that is started with each of these lines. */
function readByShell(shell: string, lines: string[]): string[][] {
  const script = ["ws() { printf '%s\\0' \"$@\"; printf 'end\\0'; }", ...lines.map((line) => `ws ${line}`)].join('\n');
  const printed = execFileSync(shell, [], { encoding: 'utf8', input: script });
  const found: string[][] = [];
  let words: string[] = [];
  for (const one of printed.split('\0').slice(0, -1)) {
    if (one === 'end') {
      found.push(words);
      words = [];
    } else words.push(one);
  }
  return found;
}

const lists = fc.array(
  fc.array(
    word.filter((text) => text !== 'end'),
    { minLength: 1, maxLength: 4 },
  ),
  { minLength: 20, maxLength: 40 },
);
const printableLists = fc.array(
  fc.array(
    printable.filter((text) => text !== 'end'),
    { minLength: 1, maxLength: 4 },
  ),
  {
    minLength: 20,
    maxLength: 40,
  },
);

describe('words to copy', () => {
  // One process for many command lines.
  property(
    'are read by bash as they were',
    lists,
    (found) => {
      expect(readByShell('bash', found.map(toShellWords))).toEqual(found);
    },
    12,
  );

  property(
    'are read by a plain POSIX shell as they were, where a terminal can show them',
    printableLists,
    (found) => {
      expect(readByShell('sh', found.map(toShellWords))).toEqual(found);
    },
    12,
  );

  property(
    'are read over several lines as over one',
    printableLists,
    (found) => {
      const lines = found.map((words) =>
        wrapCommand(toShellWords(words.map((one, index) => (index % 2 ? one : `--f${one}`))), 20).join('\n'),
      );
      expect(readByShell('bash', lines)).toEqual(
        found.map((words) => words.map((one, index) => (index % 2 ? one : `--f${one}`))),
      );
    },
    12,
  );

  property('are printable, and read back by ourselves', fc.array(word), (words) => {
    const line = toShellWords(words);
    expect(isPrintable(line)).toBe(true);
    if (words.every(isPrintable)) expect(readShellWords(line)?.map((found) => found.word)).toEqual(words);
    // A `--` that is put in is quoted, or it would look like the end of the flags.
    if (!words.includes('--')) expect(command`ws ${words}`).toBe(`ws ${line}`);
    else if (words.every(isPrintable))
      expect(readShellWords(command`ws ${words}`)?.map((found) => found.word)).toEqual(['ws', ...words]);
  });

  property('are no words where a shell would do more than read them', hostileText, (text) => {
    for (const { at } of readShellWords(text) ?? []) expect(at).toBeLessThan(text.length);
    if (/^[^'"\\]*[;&|`$<>()]/.test(text)) expect(readShellWords(text)).toBeUndefined();
  });
});

describe('a command to copy that gets its place', () => {
  const flags = fc.record(
    { context: printable, namespace: printable, kubeconfig: printable, workspace: printable },
    { requiredKeys: [] },
  );

  property(
    'keeps its words and has those of the place, whatever they are',
    fc.record({
      verb: fc.constantFrom(...NAMED_FIRST, 'ls', 'doctor'),
      name: fc.option(fc.constant('dev')),
      value: printable,
      flags,
      about: fc.boolean(),
    }),
    ({ verb, name, value, flags: given, about }) => {
      const said = `ws ${verb}${name === null ? '' : ` ${name}`} ${command`--identity ${value}`}`;
      const placed = withPlace(about ? `${said}   (the private key)` : said, given, {});
      expect(placed.endsWith('   (the private key)')).toBe(about);
      const words = readShellWords(placed.replace(/ {3}\(the private key\)$/, ''))?.map((found) => found.word) ?? [];
      const isNamed = name === null && NAMED_FIRST.includes(verb) && given.workspace !== undefined;
      const place = (['context', 'namespace', 'kubeconfig'] as const).flatMap((flag) =>
        given[flag] === undefined ? [] : [`--${flag}`, given[flag]],
      );
      expect(words).toEqual([
        ...['ws', ...verb.split(' ')],
        ...(name === null ? [] : [name]),
        ...(isNamed ? [given.workspace] : []),
        ...['--identity', value],
        ...place,
      ]);
    },
  );

  property(
    'is left alone where it is a sentence',
    hostileText.map((text) => `Ask for less: ${text}`),
    (sentence) => {
      expect(withPlace(sentence, { context: 'work', namespace: 'team', workspace: 'dev' }, {})).toBe(sentence);
    },
  );

  property('never is two', fc.record({ value: hostileText, flags }), ({ value, flags: given }) => {
    const line = withPlace(`kubectl delete secret x && ws up ${value}`, given, {});
    expect(line).toBe(`kubectl delete secret x && ws up ${value}`);
    expect(toShellWord(value)).not.toBe('');
  });
});
