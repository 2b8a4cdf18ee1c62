/** What `ws use` says: what it has bound, and what is meant here. */
import type { Spell } from '../../workspace/errors/spell.ts';
import { type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import type { Binding } from '../../workspace/naming/binding.ts';
import type { Cause, Meaning, Sight } from '../../workspace/naming/meaning.ts';
import { toHints } from '../hints.ts';
import { formatFields } from './tables.ts';

/** A sentence and, where there is no such workspace, how to come to one. */
export function formatBound(meaning: Meaning, sight: Sight, spell: Spell): string {
  const { workspace, namespace, context, bound } = meaning;
  const where = [
    ...(namespace === null ? [] : [`in namespace ${namespace}`]),
    ...(context === null ? [] : [`of context ${context}`]),
  ];
  const said = [`Commands in ${bound} and below now mean workspace ${workspace}`, ...where].join(' ');
  return [`${said}.`, ...describeAbsence(sight, spell)].join('\n');
}

/** What is left: a folder above may have a binding. */
export function formatUnbound(above: { folder: string; binding: Binding } | undefined): string {
  return [
    'This directory has no workspace of its own any more.',
    ...(above === undefined ? [] : [`${above.folder} above it still means workspace ${above.binding.workspace}.`]),
  ].join('\n');
}

/** What is meant, and who says so. */
export function formatMeaning(meaning: Meaning, sight: Sight, options: { color: boolean; spell: Spell }): string {
  const { workspace, namespace, context, because, bound, state } = meaning;
  const say = (text: string | null, cause: Cause | null, variable: string) =>
    text === null ? '–' : `${text}  (${cause === null ? '' : describeCause(cause, variable, bound)})`;
  const rows: [string, string][] = [
    ['Workspace', say(workspace, because.workspace, 'WS_WORKSPACE')],
    ['Namespace', say(namespace, because.namespace, 'WS_NAMESPACE')],
    ['Context', say(context, because.context, 'WS_CONTEXT')],
    ...(state === null || state === 'absent' ? [] : [['State', state] as [string, string]]),
  ];
  return [formatFields(rows, options), ...describeAbsence(sight, options.spell)].join('\n');
}

function describeCause(cause: Cause, variable: string, bound: string | null): string {
  switch (cause) {
    case 'flag':
      return 'a flag';
    case 'variable':
      return variable;
    case 'directory':
      return `ws use in ${bound}`;
    case 'only one':
      return 'the only one';
    case 'kubeconfig':
      return 'the kubeconfig';
  }
}

/** Beyond these, the list of all is of more use. */
const SHOWN = 10;

function enumerate(names: string[]): string {
  const rest = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : '';
  return `${names.slice(0, SHOWN).join(', ')}${rest}`;
}

function describeAbsence(sight: Sight, spell: Spell): string[] {
  const tell = (text: string, ...suggestions: Suggestion[]) => [
    text,
    ...suggestions.flatMap((suggestion) => toHints(suggestion, spell)).map((hint) => `  ${hint}`),
  ];
  switch (sight.kind) {
    case 'there':
      return [];
    case 'absent': {
      const { names, near } = sight;
      if (names.length === 0) return tell('There is none yet. Make it:', ws`up`);
      // The name may have been a flag's.
      const use = near === undefined ? [] : [{ ...ws`use ${near}`, again: { without: ['workspace'] } }];
      return tell(`There is none of this name yet. There is: ${enumerate(names)}`, ...use, {
        ...ws`up`,
        note: 'makes it',
      });
    }
    case 'nowhere':
      return tell(`${sight.fault.message}.`, ...sight.fault.suggestions);
    case 'several':
      return tell(
        `Which one is not said; there is: ${sight.names.join(', ')}`,
        ...sight.names.slice(0, 3).map((name) => ws`use ${name}`),
      );
    case 'unknown':
      return tell(`The cluster could not be asked whether it is there: ${sight.reason}`);
  }
}
