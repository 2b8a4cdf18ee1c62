/** The scheduler's verdict on a pod (pkg/scheduler/framework/types.go, FitError.Error). */

export interface Verdict {
  /** How many nodes there are. */
  nodes: number;
  /** Why each of them was refused, in the scheduler's words: one node may have several reasons. */
  refusals: { nodes: number; why: string }[];
  /** What makes every node useless, such as a claim that is not there; then there are no refusals. */
  general: string | undefined;
}

/** Undefined for words that are no verdict. */
export function readVerdict(words: string): Verdict | undefined {
  const match = /^0\/(?<nodes>\d{1,6}) nodes are available(?::? ?)(?<why>[\s\S]*)$/.exec(words);
  if (match === null) return undefined;
  const { nodes = '', why = '' } = match.groups ?? {};
  // Behind it stands whether other pods could be pushed aside.
  const [first = ''] = why.split(/\.(?=\s|$)/);
  const parts = first.split(/, (?=\d+ )/).map((part) => /^(?<nodes>\d{1,6}) (?<why>[\s\S]+)$/.exec(part)?.groups);
  if (parts.some((part) => part === undefined))
    return { nodes: Number(nodes), refusals: [], general: first.trim() || undefined };
  const refusals = parts.map((part) => ({ nodes: Number(part?.['nodes']), why: part?.['why'] ?? '' }));
  return { nodes: Number(nodes), refusals, general: undefined };
}

/** The taint that older schedulers name: `node(s) had untolerated taint {dedicated: gpu}`. */
export function findNamedTaint(why: string): { key: string; value: string } | undefined {
  const { key, value } = /taint \{(?<key>[^\s:{}]{1,317}): (?<value>[^{}]{0,63})\}/.exec(why)?.groups ?? {};
  return key === undefined || value === undefined ? undefined : { key, value };
}
