/**
 * What the cluster's objects say, judged where it enters: one parser per field, by the pattern of the chart or of
 * Kubernetes itself. Each returns the word, or undefined for what cannot be one: whoever may write in a namespace may
 * write anything there.
 */
import { isPrintable, toPrintable } from '../errors/printable.ts';

/** A message longer than this explains nothing more. */
const MESSAGE_LIMIT = 4096;

/** More than the server writes. */
const LAST_WORDS_LIMIT = 1024;

/** values.schema.json, `workspace`, or the name of a Helm release that stands for it. */
export function parseWorkspaceLabel(text: unknown): string | undefined {
  return match(text, /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/, 63);
}

/** values.schema.json, `user.name`. */
export function parseUser(text: unknown): string | undefined {
  return match(text, /^[a-z_][a-z0-9_-]*$/, 32);
}

/** The name of an object that has a valid one. Readers leave out objects without (see `isNamed`). */
export function getObjectName(object: { metadata?: { name?: string } }): string {
  const name = parseObjectName(object.metadata?.name);
  if (name === undefined) throw new Error('an object without a valid name');
  return name;
}

export function isNamed(object: { metadata?: { name?: string } }): boolean {
  return parseObjectName(object.metadata?.name) !== undefined;
}

/** Names of objects: RFC 1123 subdomains, which most kinds need and no other kind goes beyond. */
export function parseObjectName(text: unknown): string | undefined {
  return match(text, /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/, 253);
}

/** values.schema.json, `home.subPath`; the API server lets line ends through. */
export function parseSubPath(text: unknown): string | undefined {
  return typeof text === 'string' && text !== '' && text.length <= 1024 && isPrintable(text) ? text : undefined;
}

/** A name of an image; the API server asks only that no space stands around it. */
export function parseImageName(text: unknown): string | undefined {
  return match(text, /^[\w][\w.:/@+-]*$/, 1024);
}

/** A port that can be connected to. */
export function parsePortNumber(value: unknown): number | undefined {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= 65_535 ? Number(value) : undefined;
}

/** A user or group ID, as an annotation or a template has it. */
export function parseIdNumber(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return Number.isInteger(id) && Number(id) >= 0 && Number(id) <= 2_147_483_647 ? Number(id) : undefined;
}

/** A Kubernetes quantity, as `10Gi`. */
export function parseQuantity(text: unknown): string | undefined {
  return match(text, /^[+-]?[0-9.]+(?:[a-zA-Z]{1,2}|[eE][+-]?[0-9]+)?$/, 64);
}

/** Quantities by the names of their resources, as `limits.cpu`; what is none is left out. */
export function toQuantities(record: unknown): Record<string, string> {
  return toTexts(record, /^[A-Za-z0-9][\w./-]{0,316}$/, parseQuantity);
}

/** Labels, which are keys and values of the same few letters. */
export function toLabels(record: unknown): Record<string, string> {
  return toTexts(record, LABEL_KEY, parseLabelValue);
}

const LABEL_KEY = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/;

/** Of a label or a taint. */
export function parseLabelKey(text: unknown): string | undefined {
  return match(text, LABEL_KEY, 317);
}

/** '' is one. */
export function parseLabelValue(text: unknown): string | undefined {
  return match(text, /^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/, 63);
}

function toTexts(record: unknown, key: RegExp, parse: (text: unknown) => string | undefined): Record<string, string> {
  if (typeof record !== 'object' || record === null) return {};
  const entries = Object.entries(record).flatMap(([name, value]) => {
    const text = key.test(name) ? parse(typeof value === 'number' ? String(value) : value) : undefined;
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(entries);
}

/** A moment in Kubernetes' own form (RFC 3339). */
export function parseTime(text: unknown): string | undefined {
  return match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/, 40);
}

/** A word for machines, as `ImagePullBackOff`. */
export function parseReason(text: unknown): string | undefined {
  return match(text, /^[A-Za-z][\w.:,/-]*$/, 128);
}

/** A name that keeps an object until somebody takes it away, as `batch.kubernetes.io/job-tracking`. */
export function parseFinalizer(text: unknown): string | undefined {
  return match(text, /^[A-Za-z0-9](?:[\w./-]*[A-Za-z0-9])?$/, 317);
}

/** A sentence for people: any text, without what a terminal would obey. */
export function parseMessage(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const printable = toPrintable(text.slice(0, 2 * MESSAGE_LIMIT));
  return printable.length > MESSAGE_LIMIT ? `${printable.slice(0, MESSAGE_LIMIT)}…` : printable;
}

/**
 * What a container left behind when it ended: any program in it may have written that. One line, of a few sentences.
 */
export function parseLastWords(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const line = toPrintable(text.slice(0, 2 * LAST_WORDS_LIMIT), { oneLine: true }).trim();
  if (line === '') return undefined;
  return line.length > LAST_WORDS_LIMIT ? `${line.slice(0, LAST_WORDS_LIMIT)}…` : line;
}

function match(text: unknown, pattern: RegExp, limit: number): string | undefined {
  return typeof text === 'string' && text.length <= limit && pattern.test(text) ? text : undefined;
}

/** Helm's words for a release of which a change has begun and not ended: it is at work, or was killed. */
export const UNENDED_STATUSES = ['uninstalling', 'pending-install', 'pending-upgrade', 'pending-rollback'] as const;

export interface UnendedChange {
  release: string;
  status: (typeof UNENDED_STATUSES)[number];
}

/** The same without an uninstallation. */
export type Pending = Exclude<UnendedChange['status'], 'uninstalling'>;
