/** What a user chose for a workspace, and the chart values it comes to. Undefined means: leave it as it is. */

import { failure } from '../errors/errors.ts';
import { isPrintable } from '../errors/printable.ts';
import { ws } from '../errors/suggestion.ts';
import { flagOfUp, toBytes } from '../names.ts';
export type HomeChoice =
  | { kind: 'emptyDir' }
  /** A new claim, or the kept one of this name. `storageClass` undefined is the cluster's default class. */
  | { kind: 'claim'; storageClass: string | undefined; size: string | undefined }
  | { kind: 'existing-claim'; name: string };

export interface Choices {
  user?: string;
  uid?: number;
  gid?: number;
  home?: HomeChoice;
  subPath?: string;
  /** Lines of authorized_keys. */
  authorizedKeys?: string[];
  /** `repository[:tag][@digest]`. */
  image?: string;
  cpu?: string;
  memory?: string;
  nodeSelector?: Record<string, string>;
  tolerations?: Toleration[];
}

export interface Toleration {
  key: string;
  operator: 'Equal' | 'Exists';
  value?: string;
  effect?: string;
}

/** True when nothing was chosen, so that an existing workspace is left untouched. */
export function isUnchanged(choices: Choices): boolean {
  return Object.values(choices).every((value) => value === undefined);
}

/**
 * Chart values for the choices; `existing` are the release's values, which the choices override key by key. A home claim that has
 * grown beyond what they say, by kubectl or the cluster, is not asked to shrink: `claimSize` is what it asks for.
 */
export function toValues(
  workspace: string,
  choices: Choices,
  existing: Record<string, unknown> = {},
  claimSize?: string,
): Record<string, unknown> {
  const values: Record<string, unknown> = {
    workspace,
    user: dropUndefined({ name: choices.user, uid: choices.uid, gid: choices.gid }),
    image: choices.image === undefined ? {} : parseImage(choices.image),
    home: dropUndefined({ ...toHomeValues(choices.home), subPath: choices.subPath }),
    resources: toResources(choices),
    ...dropUndefined({
      authorizedKeys: choices.authorizedKeys,
      nodeSelector: choices.nodeSelector,
      tolerations: choices.tolerations,
    }),
  };
  const base = withGrownHome(existing, claimSize);
  return merge(choices.image === undefined ? base : dropImage(base), dropEmpty(values));
}

function withGrownHome(existing: Record<string, unknown>, claimSize: string | undefined): Record<string, unknown> {
  const { home } = existing;
  if (!isRecord(home) || typeof home.size !== 'string' || claimSize === undefined) return existing;
  const hasGrown = (toBytes(claimSize) ?? 0) > (toBytes(home.size) ?? Number.POSITIVE_INFINITY);
  return hasGrown ? { ...existing, home: { ...home, size: claimSize } } : existing;
}

/** Another image has another tag and digest: what is left of the old ones would name a third. */
function dropImage(existing: Record<string, unknown>): Record<string, unknown> {
  if (!isRecord(existing.image)) return existing;
  const { repository: _repository, tag: _tag, digest: _digest, ...rest } = existing.image;
  return { ...existing, image: rest };
}

function toHomeValues(home: HomeChoice | undefined): Record<string, unknown> {
  switch (home?.kind) {
    case undefined:
      return {};
    case 'emptyDir':
      return { type: 'emptyDir' };
    case 'claim':
      return dropUndefined({ type: 'claim', storageClass: home.storageClass, size: home.size });
    case 'existing-claim':
      return { type: 'existingClaim', existingClaim: home.name };
  }
}

function toResources(choices: Choices): Record<string, unknown> {
  const amounts = dropUndefined({ cpu: choices.cpu, memory: choices.memory });
  return Object.keys(amounts).length === 0 ? {} : { limits: amounts };
}

/** Splits an image reference into the chart's three values. Throws `BAD_VALUE`. */
export function parseImage(
  reference: string,
  asked = flagOfUp('image'),
): { repository: string; tag?: string; digest?: string } {
  const match =
    /^(?<repository>(?:[^\s/:@]+(?::\d+)?\/)?[^\s:@]+)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/.exec(
      reference,
    );
  if (match?.groups === undefined || !isPrintable(reference)) {
    throw failure('BAD_VALUE', {
      message: `"${reference}" is not an image`,
      reason: 'an image is written NAME[:TAG][@sha256:DIGEST]',
      suggestions: [asked.suggest('registry.example.com/team/ws-workspace:0.1.0')],
    });
  }
  const { repository = '', tag, digest } = match.groups;
  return { repository, ...dropUndefined({ tag, digest }) };
}

/** Parses `KEY=VALUE` pairs of `--node-selector`. Throws `BAD_VALUE`. */
export function parseNodeSelector(pairs: string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0 && isPrintable(pair)) return [pair.slice(0, at), pair.slice(at + 1)];
      throw failure('BAD_VALUE', {
        message: `--node-selector "${pair}" ${at > 0 ? 'holds a control character' : 'has no "="'}`,
        suggestions: [ws`up --node-selector disktype=ssd`],
      });
    }),
  );
}

/** Parses `KEY[=VALUE][:EFFECT]` of `--toleration`, kubectl's taint notation. Throws `BAD_VALUE`. */
export function parseToleration(text: string): Toleration {
  const match = /^(?<key>[^=:\s]+)(?:=(?<value>[^:\s]*))?(?::(?<effect>NoSchedule|PreferNoSchedule|NoExecute))?$/.exec(
    text,
  );
  if (match?.groups === undefined || !isPrintable(text)) {
    throw failure('BAD_VALUE', {
      message: `--toleration "${text}" cannot be read`,
      reason: 'it is written KEY[=VALUE][:EFFECT], with the effect NoSchedule, PreferNoSchedule or NoExecute',
      suggestions: [ws`up --toleration dedicated=dev:NoSchedule`],
    });
  }
  const { key = '', value, effect } = match.groups;
  return { key, operator: value === undefined ? 'Exists' : 'Equal', ...dropUndefined({ value, effect }) };
}

function dropUndefined<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as never;
}

function dropEmpty(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => !(isRecord(value) && Object.keys(value).length === 0)),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deep for objects; a list replaces a list. A key may be any text, `__proto__` as well. */
function merge(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    merged.set(key, isRecord(below) && isRecord(value) ? merge(below, value) : value);
  }
  return Object.fromEntries(merged);
}
