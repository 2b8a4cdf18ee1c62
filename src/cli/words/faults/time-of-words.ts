import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { toQuoted } from '../../../workspace/errors/printable.ts';
import { isTimeUnit, proposeTime } from '../../../workspace/sleep/time-words.ts';
import type { Judged } from '../judged.ts';
import { helpOf } from '../usage.ts';

/** Flags whose value is a time. */
const TIMES = ['ttl', 'wait-timeout'];

/** Commands that have a time among their arguments. */
const WITH_TIME = ['keep'];

const NUMBER = /^\d{1,6}$/;

interface Part {
  at: number;
  /** The whole word in the line as it is right, but for the time. */
  start: string;
  amount: string;
}

/** `ws keep 2 hours`, `ws up --ttl 8 hours`: as two words, the unit would be taken for a workspace. */
export function findTimeOfWords({ line, tokens }: Judged): WorkspaceError | undefined {
  const positions = tokens.filter((token) => token.kind === 'position');
  const [unit, ...units] = positions.filter(({ word }) => isTimeUnit(word));
  if (unit === undefined || units.length > 0) return undefined;
  const found = tokens.flatMap((token): Part[] => {
    if (token.kind === 'position')
      return WITH_TIME.includes(line.id) && NUMBER.test(token.word)
        ? [{ at: token.at, start: '', amount: token.word }]
        : [];
    if (token.kind !== 'option' || !TIMES.includes(token.flag.name) || !NUMBER.test(token.value ?? '')) return [];
    if (token.until !== unit.at - 1) return [];
    const { until, at, value = '' } = token;
    const word = line.words[at] ?? '';
    return [{ at: until, start: until === at ? word.slice(0, -value.length) : '', amount: value }];
  });
  const [number, ...others] = found;
  const time = number === undefined ? undefined : proposeTime(`${number.amount} ${unit.word}`);
  if (number === undefined || others.length > 0 || time === undefined) return undefined;
  return failure('BAD_VALUE', {
    message: `A time is one word, and ${toQuoted(`${number.amount} ${unit.word}`)} are two`,
    suggestions: [
      line.with({ at: number.at, words: [`${number.start}${time}`] }, { at: unit.at, words: [] }),
      helpOf(line.id),
    ],
  });
}
