/** The chart's values that choices come to. */
import { toBytes } from '../names.ts';
import { CHOICE_NAMES, type Choices, rowOf } from './chosen.ts';

type Values = Record<string, unknown>;

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
  const kept = choices.image === undefined ? base : dropImage(base);
  return [own, ...chosen].reduce(merge, choices.nodeSelector === undefined ? kept : dropSelector(kept));
}

/** The values with the size that the home's claim asks for, where they say a smaller one. */
export function withGrownHome(existing: Values, claimSize: string | undefined): Values {
  const { home } = existing;
  if (!isRecord(home) || typeof home.size !== 'string' || claimSize === undefined) return existing;
  const hasGrown = (toBytes(claimSize) ?? 0) > (toBytes(home.size) ?? Number.POSITIVE_INFINITY);
  return hasGrown ? { ...existing, home: { ...home, size: claimSize } } : existing;
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
function merge(base: Values, over: Values): Values {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    merged.set(key, isRecord(below) && isRecord(value) ? merge(below, value) : value);
  }
  return Object.fromEntries(merged);
}
