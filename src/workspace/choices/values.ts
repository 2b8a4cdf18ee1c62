/** The chart's values that choices come to. */
import { toNumber } from '../diagnosis/words/quantity.ts';
import { CHOICE_NAMES, type Choices, rowOf } from './chosen.ts';

type Values = Record<string, unknown>;

/** The limits that the chart has by default. */
const LIMITS = ['cpu', 'memory', 'ephemeral-storage'];

export interface Wanted {
  workspace: string;
  choices: Choices;
  /** Lines of authorized_keys; undefined leaves those that are there. */
  authorizedKeys?: string[] | undefined;
}

/**
 * Chart values for the choices; `existing` are the release's values, which the choices override key by key. A home
 * claim that has grown beyond what they say, by kubectl or the cluster, is not asked to shrink: `claimSize` is what it
 * asks for.
 */
export function toValues(
  { workspace, choices, authorizedKeys }: Wanted,
  existing: Values = {},
  claimSize?: string,
): Values {
  const base = withGrownHome(existing, claimSize);
  const chosen = CHOICE_NAMES.flatMap((name) => {
    const value: unknown = choices[name];
    return value === undefined ? [] : [(rowOf(name).toValues?.(value) ?? {}) as Values];
  });
  const own = { workspace, ...(authorizedKeys === undefined ? {} : { authorizedKeys }) };
  const spelled = choices.cpu === undefined && choices.memory === undefined ? base : spellLimits(base);
  const kept = choices.image === undefined ? spelled : dropImage(spelled);
  return [own, ...chosen].reduce(mergeValues, choices.nodeSelector === undefined ? kept : dropSelector(kept));
}

/** The values with the size that the home's claim asks for, where they say a smaller one. */
export function withGrownHome(existing: Values, claimSize: string | undefined): Values {
  const { home } = existing;
  // A values file may have the bytes as a number.
  if (!isRecord(home) || !['string', 'number'].includes(typeof home.size) || claimSize === undefined) return existing;
  const hasGrown = (toNumber(claimSize) ?? 0) > (toNumber(String(home.size)) ?? Number.POSITIVE_INFINITY);
  return hasGrown ? { ...existing, home: { ...home, size: claimSize } } : existing;
}

/**
 * Names each limit that a null of the whole group takes away. Beside the one that is chosen, the chart would otherwise
 * have its defaults for the others again.
 */
function spellLimits(existing: Values): Values {
  const { resources } = existing;
  const none = Object.fromEntries(LIMITS.map((name) => [name, null]));
  if (resources === null) return { ...existing, resources: { requests: null, limits: none } };
  if (!isRecord(resources) || resources.limits !== null) return existing;
  return { ...existing, resources: { ...resources, limits: none } };
}

/** Drops the old tag and digest: beside a new repository they would name a third image. */
function dropImage(existing: Values): Values {
  if (!isRecord(existing.image)) return existing;
  const { repository: _repository, tag: _tag, digest: _digest, ...rest } = existing.image;
  return { ...existing, image: rest };
}

/** Labels that are named replace those from before: beside them a wrong one would never go. */
function dropSelector({ nodeSelector: _nodeSelector, ...rest }: Values): Values {
  return rest;
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deep for objects; a list replaces a list. A key may be any text, `__proto__` as well. */
export function mergeValues(base: Values, over: Values): Values {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    merged.set(key, isRecord(below) && isRecord(value) ? mergeValues(below, value) : value);
  }
  return Object.fromEntries(merged);
}
