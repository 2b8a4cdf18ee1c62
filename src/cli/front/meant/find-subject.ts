import { CAUSES, UNKNOWN } from '../../../workspace/diagnosis/causes/table.ts';
import { ERROR_CODES, failure } from '../../../workspace/errors/errors.ts';
import { findNearest } from '../../../workspace/errors/nearest.ts';
import { toQuoted } from '../../../workspace/errors/printable.ts';
import { type Command, ws } from '../../../workspace/errors/suggestion.ts';
import type { Catalogue } from '../../words/catalogue.ts';
import { asTyped } from '../../words/typed-line.ts';
import { explainMeaning, listNeighbours, type Meaning, readPast } from './neighbours.ts';

export type Subject = { kind: 'command'; path: string[] } | { kind: 'code'; code: string };

/** What has a section: every error, an unexpected one by its name in JSON, and every cause. */
export const EXPLAINED: readonly string[] = [
  ...[...ERROR_CODES, 'BUG'],
  ...[...CAUSES, UNKNOWN].map(({ code }) => code),
];

/**
 * What help is about: a command, a topic, everything, or the code of an error or a cause, in any case and with any
 * dashes. What stands behind a command, as `dev` in `help ssh dev`, makes no difference.
 */
export function findSubject(words: readonly string[], catalogue: Catalogue): Subject {
  const path = [...words];
  if (path.length === 0 || catalogue.find(path) !== undefined || catalogue.isTopic(path))
    return { kind: 'command', path };
  const code = words.join('_').toUpperCase().replaceAll('-', '_');
  if (EXPLAINED.includes(code)) return { kind: 'code', code };
  const command = catalogue.findFront(path);
  if (command !== undefined) return { kind: 'command', path: command.id.split(':') };
  const [first = '', next] = path;
  const past = readPast(first, { path: [], next, listNext: (of) => catalogue.listNext(of) });
  if (past !== undefined) return findSubject([...past, ...path.slice(1)], catalogue);
  const meaning = findMeaning(path, catalogue);
  const near = findNearCommand(path, meaning, catalogue);
  const nearCode = findNearest(code, EXPLAINED);
  const reason = meaning === undefined ? undefined : explainMeaning(meaning);
  throw failure('BAD_VALUE', {
    message: `There is no command and no error code ${toQuoted(words.join(' '))}`,
    ...(reason === undefined ? {} : { reason }),
    suggestions: [near ?? (nearCode === undefined ? ws`--help` : ws`help ${nearCode}`)],
  });
}

/** The command that does what another tool's word means. */
function toVerb(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'same':
      return meaning.ours[0].verb;
    case 'remote':
      return 'ssh';
    case 'copy':
      return 'config-ssh';
    case 'rename':
      return 'up';
    case 'place':
      return 'use';
  }
}

/** What other tools mean by the last word. */
function findMeaning(path: readonly string[], catalogue: Catalogue): Meaning | undefined {
  const before = path.slice(0, -1);
  return listNeighbours(before, catalogue.listNext(before)).get((path.at(-1) ?? '').toLowerCase());
}

/** By its last word: what other tools call it, or a similar one. */
function findNearCommand(
  path: readonly string[],
  meaning: Meaning | undefined,
  catalogue: Catalogue,
): Command | undefined {
  const before = path.slice(0, -1);
  const typed = path.at(-1) ?? '';
  const next = catalogue.listNext(before);
  const ours = meaning === undefined ? undefined : toVerb(meaning).split(' ');
  const nearest = findNearest(typed, next);
  const words = ours ?? (nearest === undefined ? undefined : [...before, nearest]);
  return words === undefined ? undefined : asTyped(['help', ...words]);
}
