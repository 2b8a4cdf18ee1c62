import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { wrapCommand } from '../../../src/report/wrap.ts';
import { isPrintable } from '../../../src/workspace/errors/printable.ts';
import { toShellWord } from '../../../src/workspace/errors/shell-words.ts';
import { NAMED_FIRST, spell } from '../../../src/workspace/errors/spell.ts';
import { advice, ws } from '../../../src/workspace/errors/suggestion.ts';
import { readByShell } from '../../spelling.ts';
import { hostileText, property } from '../property.ts';

/** No argument holds a NUL, and a lone surrogate is no text that a system could hand over. */
const word = hostileText.map((text) => text.replaceAll('\0', '').toWellFormed());
const printable = word.filter(isPrintable);

const toLine = (words: string[]) => words.map(toShellWord).join(' ');

const lists = fc.array(fc.array(word, { minLength: 1, maxLength: 4 }), { minLength: 20, maxLength: 40 });
const printableLists = fc.array(fc.array(printable, { minLength: 1, maxLength: 4 }), {
  minLength: 20,
  maxLength: 40,
});

describe('words to copy', () => {
  // One process for many command lines.
  property(
    'are read by bash as they were',
    lists,
    (found) => {
      expect(readByShell(found.map(toLine))).toEqual(found);
    },
    12,
  );

  property(
    'are read by a plain POSIX shell as they were, where a terminal can show them',
    printableLists,
    (found) => {
      expect(readByShell(found.map(toLine), 'sh')).toEqual(found);
    },
    12,
  );

  property(
    'are read over several lines as over one',
    printableLists,
    (found) => {
      const lines = found.map((words) =>
        wrapCommand(
          words.map((one, index) => toShellWord(index % 2 ? one : `--f${one}`)),
          20,
        ).join('\n'),
      );
      expect(readByShell(lines)).toEqual(
        found.map((words) => words.map((one, index) => (index % 2 ? one : `--f${one}`))),
      );
    },
    12,
  );

  property('are printable', word, (one) => {
    expect(isPrintable(toShellWord(one))).toBe(true);
  });
});

describe('a command to copy that gets its place', () => {
  const situations = fc.record({
    workspace: fc.option(printable, { nil: undefined }),
    place: fc.record({ context: printable, namespace: printable, kubeconfig: printable }, { requiredKeys: [] }),
  });
  const commands = fc.record({
    verb: fc.constantFrom(...NAMED_FIRST, 'ls', 'doctor'),
    workspace: fc.option(fc.constant('dev'), { nil: undefined }),
    value: printable,
    situation: situations,
  });

  // One process for many commands.
  property(
    'keeps its words and has those of the place, whatever they are',
    fc.array(commands, { minLength: 20, maxLength: 40 }),
    (found) => {
      const lines = found.map(({ verb, workspace, value, situation }) => {
        const { words } = ws`--identity ${value}`;
        return spell({ program: 'ws', words: [...verb.split(' '), ...words], workspace }, situation).line;
      });
      const expected = found.map(({ verb, workspace, value, situation: { place, workspace: otherwise } }) => {
        const name = NAMED_FIRST.includes(verb) ? (workspace ?? otherwise) : undefined;
        return [
          ...['ws', ...verb.split(' ')],
          ...(name === undefined ? [] : [name]),
          ...(place.context === undefined ? [] : ['--context', place.context]),
          ...(place.namespace === undefined ? [] : ['--namespace', place.namespace]),
          ...(place.kubeconfig === undefined ? [] : ['--kubeconfig', place.kubeconfig]),
          ...['--identity', value],
        ];
      });
      expect(readByShell(lines, 'sh')).toEqual(expected);
    },
    12,
  );

  property('is left alone where it is a sentence', fc.tuple(hostileText, situations), ([text, situation]) => {
    expect(spell(advice(text), situation)).toEqual({ line: text });
  });
});
