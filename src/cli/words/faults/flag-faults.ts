import { enumerate } from '../../../workspace/errors/enumerate.ts';
import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { findNearest } from '../../../workspace/errors/nearest.ts';
import { toQuoted } from '../../../workspace/errors/printable.ts';
import { type Command, run } from '../../../workspace/errors/suggestion.ts';
import type { Judged } from '../judged.ts';
import { readSwitch, SWITCH_WORDS } from '../switch-words.ts';
import type { Token } from '../tokens.ts';
import type { TypedLine } from '../typed-line.ts';
import { helpOf } from '../usage.ts';
import { asksForTerminal } from './flags-of-others.ts';
import { chooseNearest } from './wrong-choice.ts';

type Option = Extract<Token, { kind: 'option' }>;

/** The first thing that is wrong with flags that there are: a value that is missing, too much, repeated or not one. */
export function findFlagFault({ line, tokens, grammar, environment }: Judged): WorkspaceError | undefined {
  const options = tokens.filter((token) => token.kind === 'option');
  const terminal = options.find(({ at, flag }) => flag.name === 'identity' && asksForTerminal(line.words[at]));
  if (terminal !== undefined) return keyAsTerminal(terminal, { line, grammar });
  for (const token of tokens) {
    if (token.kind === 'switch' && token.value !== undefined) return valueOfSwitch(token, line);
    if (token.kind === 'option' && token.value === undefined) return missingValue(token, line);
  }
  for (const { flag } of options) {
    const same = options.filter((other) => other.flag.name === flag.name);
    if (flag.multiple !== true && same.length > 1) return repeated(same, line);
  }
  const count = options.find(
    ({ flag, typed, value = '' }) => flag.name === 'namespace' && typed === '-n' && /^\d+$/.test(value),
  );
  if (count !== undefined && grammar.flags.some(({ name }) => name === 'tail')) return namespaceAsCount(count, line);
  for (const token of options) {
    const { flag, value = '' } = token;
    if (flag.options !== undefined && !flag.options.includes(value)) return wrongValue(token, value, line);
  }
  for (const flag of grammar.flags) {
    const value = environment[flag.env ?? ''] || undefined;
    const isTyped = tokens.some((token) => 'flag' in token && token.flag.name === flag.name);
    if (value === undefined || isTyped) continue;
    if (flag.type === 'boolean' && readSwitch(value) === undefined) return wrongSwitch(flag.env ?? '', value);
    if (flag.options !== undefined && !flag.options.includes(value))
      return wrongVariable(flag.env ?? '', value, flag.options);
  }
  return undefined;
}

/** `--json=false` is no word of ours, and the value would be taken for an argument. */
function valueOfSwitch(token: Extract<Token, { kind: 'switch' }>, line: TypedLine): WorkspaceError {
  const { at, flag, typed, value = '', isNegated } = token;
  const isOff = /^(?:0|no|false|off)$/i.test(value) !== isNegated;
  const negated = flag.allowNo === true ? [`--no-${flag.name}`] : [];
  const words = isOff ? negated : [isNegated ? `--${flag.name}` : typed];
  const isAlone = line.words[at]?.startsWith(`${typed}=`) === true;
  return failure('BAD_VALUE', {
    message: `${typed} takes no value, and was given ${toQuoted(value)}`,
    suggestions: [...(isAlone ? [line.with({ at, words })] : []), helpOf(line.id)],
  });
}

function missingValue({ at, flag, typed }: Option, line: TypedLine): WorkspaceError {
  const next = line.words[at + 1];
  const reason =
    next?.startsWith('-') === true && next !== '--' ? `${next}, which follows, is a flag itself` : undefined;
  const choices = flag.options;
  const because = choices === undefined ? reason : `it is ${enumerate(choices, 'or')}`;
  const place = toPlaceholder(String(flag.helpValue ?? 'VALUE'));
  const toLine = (value: string) => line.with({ at, words: [typed, value] });
  const isAlone = line.words[at] === typed;
  return failure('BAD_VALUE', {
    message: `${typed} needs a value`,
    ...(because === undefined ? {} : { reason: because }),
    suggestions: [...(isAlone ? chooseNearest('', choices ?? [place], toLine) : []), helpOf(line.id)],
  });
}

/** What has to be there of a help's value: `PORT` of `[ADDRESS:]PORT`. In brackets is what may be left out. */
export function toPlaceholder(helpValue: string): string {
  const inner = /\[[^[\]]*\]/g;
  const without = helpValue.replace(inner, '').replace(inner, '').replace(/,…$/, '');
  return without === '' ? 'VALUE' : without;
}

function repeated(same: Option[], line: TypedLine): WorkspaceError {
  const [first] = same;
  const values = [...new Set(same.map(({ value = '' }) => value))];
  const keep = (value: string): Command => {
    const kept = same.find((one) => one.value === value);
    const others = same.filter((one) => one !== kept);
    return line.with(...others.map(({ at, until }) => ({ at, until, words: [] })));
  };
  return failure('BAD_VALUE', {
    message: `--${first?.flag.name} is there ${same.length === 2 ? 'twice' : `${same.length} times`}`,
    reason: 'it takes one value',
    suggestions: values.map(keep),
  });
}

/** `tail -n 10`, and no namespace that anybody has. */
function namespaceAsCount({ at, until, value = '' }: Option, line: TypedLine): WorkspaceError {
  return failure('BAD_VALUE', {
    message: `-n is the namespace, and ${value} is a number`,
    reason: 'How many lines there are to be says --tail',
    suggestions: [
      line.with({ at, until, words: ['--tail', value] }),
      line.with({ at, until, words: ['--namespace', value] }),
    ],
  });
}

function keyAsTerminal({ at }: Option, { line, grammar }: Pick<Judged, 'line' | 'grammar'>): WorkspaceError {
  const hasTerminal = grammar.flags.some(({ name }) => name === 'tty');
  return failure('BAD_VALUE', {
    message: '-i takes a key file',
    reason: hasTerminal
      ? 'A command gets a terminal by -t alone; a shell has one anyway'
      : 'It needs no flag for a terminal',
    suggestions: [line.with({ at, words: hasTerminal ? ['-t'] : [] }), helpOf(line.id)],
  });
}

function wrongValue({ at, until, flag, typed }: Option, value: string, line: TypedLine): WorkspaceError {
  const choices = flag.options ?? [];
  const isAlone = line.words[at] === typed;
  const toLine = (choice: string) =>
    line.with({ at, until, words: isAlone ? [typed, choice] : [`${typed}=${choice}`] });
  return failure('BAD_VALUE', {
    message: `${typed} cannot be ${toQuoted(value)}`,
    reason: `it is ${enumerate(choices, 'or')}`,
    suggestions: chooseNearest(value, choices, toLine),
  });
}

/** A word that resembles none is not taken for an answer: what it may have meant is not proposed either. */
function wrongSwitch(name: string, value: string): WorkspaceError {
  const near = findNearest(value.toLowerCase(), [...SWITCH_WORDS.yes, ...SWITCH_WORDS.no]);
  return failure('BAD_VALUE', {
    message: `${name} cannot be ${toQuoted(value)}`,
    reason: 'it is yes or no',
    suggestions: [...(near === undefined ? [] : [run('export')`${`${name}=${near}`}`]), run('unset')`${name}`],
  });
}

/** The variable holds for the next command as well: it is what has to be mended. */
function wrongVariable(name: string, value: string, choices: readonly string[]): WorkspaceError {
  const [meant] = chooseNearest(value, choices, (choice) => run('export')`${`${name}=${choice}`}`);
  return failure('BAD_VALUE', {
    message: `${name} cannot be ${toQuoted(value)}`,
    reason: `it is ${enumerate(choices, 'or')}`,
    suggestions: [...(meant === undefined ? [] : [meant]), run('unset')`${name}`],
  });
}
