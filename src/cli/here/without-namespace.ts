import { amended, hasCode } from '../../workspace/errors/errors.ts';
import { isChanging } from '../../workspace/errors/spell.ts';
import { again, type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';

/**
 * `NAMESPACE_MISSING` where nobody may say which ones there are: the typed line without its namespace leads to the one
 * that commands go to by themselves. There, what changes something would make or end another workspace.
 */
export function withoutNamespace(error: Error, typed: TypedCommand | undefined): Error {
  if (!hasCode(error, 'NAMESPACE_MISSING') || typed === undefined || isChanging(typed.verb)) return error;
  const isTyped = typed.parts.some((part) => part.kind === 'flag' && part.name === 'namespace');
  if (!isTyped || error.suggestions.some(leadsElsewhere)) return error;
  const line = { ...again(ws`ls`, { without: ['namespace'] }), note: 'where commands go without a namespace' };
  return amended(error, { suggestions: [line, ...error.suggestions] });
}

/** To a namespace that is there. */
function leadsElsewhere(suggestion: Suggestion): boolean {
  return (
    'program' in suggestion &&
    suggestion.place?.namespace !== undefined &&
    !suggestion.words.includes('--create-namespace')
  );
}
