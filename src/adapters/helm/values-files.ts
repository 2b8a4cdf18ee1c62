/** What users' own values files say, as far as it decides which values of the release still count. */
import { readFile } from 'node:fs/promises';
import { CORE_SCHEMA, loadAll, mergeTag } from 'js-yaml';
import { mergeValues } from '../../workspace/choices/values.ts';
import type { Extras } from '../../workspace/release/releases.ts';
import type { Amounts } from '../../workspace/state/cluster-pods.ts';

type Values = Record<string, unknown>;

/** These values name one image together. A new tag beside an old repository would name a third image. */
const IMAGE_PARTS = ['repository', 'tag', 'digest'];

/**
 * The values of a release without what the files set. Helm merges the files below what `ws` hands it, so what the
 * release had would hide each change of a file that was given before. A null of a file stays one: who chooses a value
 * beside it must know of it.
 */
export async function dropGiven(values: Values, files: string[]): Promise<Values> {
  const all = await Promise.all(files.map(read));
  return addMissing(all.reduce(drop, values), findNulls(all));
}

function addMissing(values: Values, nulls: Values): Values {
  const added = Object.entries(nulls).map(([key, given]): [string, unknown] => {
    if (!isGiven(values, key)) return [key, given];
    const value = values[key];
    return [key, isRecord(value) && isRecord(given) ? addMissing(value, given) : value];
  });
  return Object.fromEntries([...Object.entries(values), ...added]);
}

/**
 * What the files take away of the chart's values: each null in its place, and nothing else. Whoever chooses a value
 * beside one must know of it, since Helm lets a map that is chosen win over it.
 */
export async function readNulls(files: string[]): Promise<Values> {
  return findNulls(await Promise.all(files.map(read)));
}

/** `mergeValues` merges as Helm merges its files. */
function findNulls(all: Values[]): Values {
  return pickNulls(all.reduce(mergeValues, {}));
}

function pickNulls(values: Values): Values {
  const entries = Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
    if (value === null) return [[key, null]];
    const nulls = isRecord(value) ? pickNulls(value) : {};
    return Object.keys(nulls).length === 0 ? [] : [[key, nulls]];
  });
  return Object.fromEntries(entries);
}

/** What the files say of CPU and memory, the last one first; text, whatever YAML makes of it. */
export async function readAmounts(files: string[]): Promise<Amounts> {
  const all = await Promise.all(files.toReversed().map(read));
  const find = (which: 'limits' | 'requests') => {
    const said = (name: string) => all.map((values) => findText(values, ['resources', which, name])).find(Boolean);
    const [cpu, memory] = ['cpu', 'memory'].map(said);
    return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
  };
  return { limits: find('limits'), requests: find('requests') };
}

/** What the files add to a plain workspace: by what the chart makes it. */
export async function readExtras(files: string[]): Promise<Extras> {
  const all = await Promise.all(files.map(read));
  const { idle, podMonitor } = all.reduce(mergeValues, {});
  return {
    sleeps: isRecord(idle) && idle['actor'] === true,
    ends: Boolean(findText(idle, ['endAfter'])),
    isMonitored: isRecord(podMonitor) && podMonitor['enabled'] === true,
  };
}

/** The claim that the files bring along as the home, and its folder, the last one first. */
export async function readHome(files: string[]): Promise<{ claim: string | undefined; subPath: string | undefined }> {
  const all = await Promise.all(files.toReversed().map(read));
  const find = (name: string) => all.map((values) => findText(values, ['home', name])).find(Boolean);
  return { claim: find('type') === 'existingClaim' ? find('existingClaim') : undefined, subPath: find('subPath') };
}

function findText(values: unknown, [key, ...rest]: string[]): string | undefined {
  if (key !== undefined) return isRecord(values) ? findText(values[key], rest) : undefined;
  return typeof values === 'string' || typeof values === 'number' ? String(values) : undefined;
}

function drop(values: Values, given: Values): Values {
  const kept = Object.entries(values).filter(([key, value]) => !isGiven(given, key) || areBoth(value, given[key]));
  const entries = kept.map(([key, value]) => {
    if (!isGiven(given, key)) return [key, value];
    const own = given[key] as Values;
    return [key, drop(value as Values, key === 'image' ? withImage(own) : own)];
  });
  return Object.fromEntries(entries);
}

function isGiven(given: Values, key: string): boolean {
  return Object.hasOwn(given, key);
}

function areBoth(value: unknown, given: unknown): boolean {
  return isRecord(value) && isRecord(given);
}

function withImage(given: Values): Values {
  const isNamed = IMAGE_PARTS.some((part) => isGiven(given, part));
  return isNamed ? { ...Object.fromEntries(IMAGE_PARTS.map((part) => [part, ''])), ...given } : given;
}

/** Nothing for a file that cannot be read: Helm reads it next, and says why in its own words. */
async function read(file: string): Promise<Values> {
  try {
    const [first] = loadAll(await readFile(file, 'utf8'), { schema: CORE_SCHEMA.withTags(mergeTag), maxAliases: 1000 });
    return isRecord(first) ? first : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
