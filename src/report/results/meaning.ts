/** What `ws use` says: what it has bound, and what is meant here. */

import type { Spell } from '../../workspace/errors/spell.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import type { Binding } from '../../workspace/naming/binding.ts';
import type { Cause, Meaning } from '../../workspace/naming/meaning.ts';
import type { Sight } from '../../workspace/naming/sight.ts';
import { findAbsence } from '../../workspace/naming/sight.ts';
import { toHints } from '../hints.ts';
import { wrap } from '../wrap.ts';
import { formatFields } from './tables.ts';

/** A sentence and, where there is no such workspace, how to come to one. */
export function formatBound(
  meaning: Meaning,
  sight: Sight,
  {
    spell,
    width,
    before,
  }: { spell: Spell; width?: number | undefined; before?: { folder: string; binding: Binding } | undefined },
): string {
  const { workspace, namespace, context, bound } = meaning;
  const where = [
    ...(namespace === null ? [] : [`in namespace ${namespace}`]),
    ...(context === null ? [] : [`of context ${context}`]),
  ];
  const said = [`Commands in ${bound} and below now mean workspace ${workspace}`, ...where].join(' ');
  // A name that is not there may be a slip, and what it took the place of would be gone.
  const was = before?.folder === bound && findAbsence(sight) !== undefined ? before?.binding.workspace : undefined;
  const isSlip = was !== undefined && was !== workspace;
  const back = isSlip ? [`It meant ${was} before. To go back:`, `  ${spell(ws`use ${was}`).line}`] : [];
  // What it meant before may be the nearest name as well.
  const absence = describeAbsence(sight, spell).filter((line) => !back.includes(line));
  return [...(width ? wrap(`${said}.`, width) : [`${said}.`]), ...absence, ...back].join('\n');
}

/** What is left: a folder above may have a binding. */
export function formatUnbound(above: { folder: string; binding: Binding } | undefined): string {
  return [
    'This directory has no workspace of its own any more.',
    ...(above === undefined ? [] : [`${above.folder} above it still means workspace ${above.binding.workspace}.`]),
  ].join('\n');
}

/** What is meant, and who says so. */
export function formatMeaning(
  meaning: Meaning,
  sight: Sight,
  /** `isHost`: WS_WORKSPACE says the place as well, as `ws-dev.team` does. */
  options: { color: boolean; spell: Spell; isHost?: boolean | undefined },
): string {
  const { workspace, namespace, context, because, bound, state } = meaning;
  const say = (text: string | null, cause: Cause | null, variable: string) =>
    text === null ? '–' : `${text}  (${cause === null ? '' : describeCause(cause, variable, bound)})`;
  const rows: [string, string][] = [
    ['Workspace', say(workspace, because.workspace, 'WS_WORKSPACE')],
    ['Namespace', say(namespace, because.namespace, options.isHost ? 'WS_WORKSPACE' : 'WS_NAMESPACE')],
    ['Context', say(context, because.context, options.isHost ? 'WS_WORKSPACE' : 'WS_CONTEXT')],
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

function describeAbsence(sight: Sight, spell: Spell): string[] {
  const absence = findAbsence(sight);
  if (absence === undefined) return [];
  const hints = absence.suggestions.flatMap((suggestion) => toHints(suggestion, spell));
  return [absence.message, ...hints.map((hint) => `  ${hint}`)];
}
