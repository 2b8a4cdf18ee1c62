/** What users' own values files say, as far as it decides which values of the release still count. */
import { readFile } from 'node:fs/promises';
import { CORE_SCHEMA, loadAll, mergeTag } from 'js-yaml';

type Values = Record<string, unknown>;

/** These values name one image together. A new tag beside an old repository would name a third image. */
const IMAGE_PARTS = ['repository', 'tag', 'digest'];

/**
 * The values of a release without what the files set. Helm merges the files below what `ws` hands it, so what the
 * release had would hide each change of a file that was given before.
 */
export async function dropGiven(values: Values, files: string[]): Promise<Values> {
  let left = values;
  for (const file of files) left = drop(left, await read(file));
  return left;
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
