import type { Offer } from '../../workspace/choices/choice.ts';
import { type QuestionName, rowOf, suggestFlags } from '../../workspace/choices/chosen.ts';
import { suggestKey } from '../../workspace/choices/options.ts';
import { enumerate } from '../../workspace/errors/enumerate.ts';
import { failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';

type OwnKeys = Pick<Offer, 'identities' | 'newKeyPath'>;

/**
 * Nobody can be asked: all that is missing is named at once, and in one line. A single answer has a line for each. A
 * key is one that is here: a line with another one would fail.
 */
export function answerMissing(names: readonly QuestionName[], silence: string, own: OwnKeys): WorkspaceError {
  const { name: key, making } = suggestKey(own);
  const rows = names.map((name) => ({ name, ...rowOf(name), ...(name === 'identity' ? { examples: [key] } : {}) }));
  const what = rows.map(({ question }) => question?.what ?? '');
  const [only] = rows;
  const lines =
    only !== undefined && rows.length === 1
      ? only.examples.map((example) => suggestFlags([[only.name, example]]))
      : [suggestFlags(rows.map(({ name, examples: [example = ''] }) => [name, example]))];
  return failure('ANSWER_MISSING', {
    message: `No ${enumerate(what, 'or')} was given, and ${silence}`,
    suggestions: [
      ...(names.includes('identity') ? making : []),
      ...lines,
      { ...ws`up --yes`, note: 'takes the defaults' },
    ],
  });
}
