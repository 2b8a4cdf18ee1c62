/** Names and numbers that users type, checked before anything else happens. Each `parse` throws a usage error. */

import { failure } from './errors/errors.ts';
import { type Suggestion, ws } from './errors/suggestion.ts';

/** What `ws up` calls a workspace that has no name yet. */
export const DEFAULT_WORKSPACE = 'dev';

/** The chart's own defaults, repeated in the form. */
export const DEFAULT_USER = 'developer';
export const DEFAULT_ID = 1000;
export const DEFAULT_HOME_SIZE = '10Gi';

/** Longest workspace name: with the `ws-` prefix and the longest object suffix it must stay a 63-character label. */
const NAME_LIMIT = 40;

/** Accounts of the image, whose home or ID the user cannot take over (Debian's base accounts). */
const RESERVED_USERS = new Set(
  'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc _apt nobody'.split(' '),
);

/** What a value is given by, and how it would be given right. */
export interface Asked {
  /** `--size`, or `size` for a setting. */
  name: string;
  suggest(value: string): Suggestion;
}

export function flagOfUp(name: 'user' | 'uid' | 'gid' | 'size' | 'memory' | 'image'): Asked {
  return { name: `--${name}`, suggest: (value) => ws`up --${name} ${value}` };
}

/** A DNS label of at most 40 characters that starts with a letter. */
export function parseWorkspaceName(text: string): string {
  const reason = findNameFault(text);
  if (reason === undefined) return text;
  throw failure('BAD_WORKSPACE_NAME', {
    message: `"${text}" cannot be a workspace's name`,
    reason,
    suggestions: [
      { ...ws`up`, workspace: 'dev' },
      { ...ws`up`, workspace: 'my-project' },
    ],
  });
}

function findNameFault(text: string): string | undefined {
  if (text.length > NAME_LIMIT) return `it has ${text.length} characters; ${NAME_LIMIT} fit`;
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(text)) {
    return 'a name has lower-case letters, digits and dashes, starts with a letter and ends with a letter or digit';
  }
  return undefined;
}

/** A login name as `useradd` and the chart's schema accept it. */
export function parseUsername(text: string, asked = flagOfUp('user')): string {
  const reason = findUsernameFault(text);
  if (reason === undefined) return text;
  throw failure('BAD_USERNAME', {
    message: `"${text}" cannot be the workspace's username`,
    reason,
    suggestions: [asked.suggest(DEFAULT_USER)],
  });
}

/** Why a username is refused, or undefined: the form shows it while the user types. */
export function findUsernameFault(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (RESERVED_USERS.has(text)) return 'it is an account of the system';
  if (text.length > 32) return 'it is longer than 32 characters';
  if (!/^[a-z_][a-z0-9_-]*$/.test(text)) {
    return 'a username has lower-case letters, digits, _ and -, and starts with a letter or _';
  }
  return undefined;
}

/** A user or group ID from 1 to 2147483647. 0 is root, which a restricted namespace never runs. */
export function parseId(text: string, what: 'UID' | 'GID', asked = flagOfUp(what === 'UID' ? 'uid' : 'gid')): number {
  const reason = findIdFault(text);
  if (reason === undefined) return Number(text);
  throw failure('BAD_ID', {
    message: `${what} "${text}" cannot be used`,
    reason,
    suggestions: [asked.suggest(String(DEFAULT_ID))],
  });
}

/** Why an ID is refused, or undefined. */
export function findIdFault(text: string): string | undefined {
  if (!/^\d+$/.test(text)) return 'it is not a whole number';
  const id = Number(text);
  if (id === 0) return '0 is root, and nothing in a workspace runs as root';
  if (id > 2_147_483_647) return 'the largest ID is 2147483647';
  return undefined;
}

/** A Kubernetes quantity of bytes, as `10Gi`. */
export function parseSize(text: string, asked: Asked): string {
  const reason = findSizeFault(text);
  if (reason === undefined) return text;
  throw failure('BAD_SIZE', {
    message: `${asked.name} "${text}" is not a size`,
    reason,
    suggestions: [asked.suggest('10Gi')],
  });
}

/** Why a size is refused, or undefined. */
export function findSizeFault(text: string): string | undefined {
  const bytes = toBytes(text);
  if (bytes === undefined) return 'a size is a number with a unit, such as 500Mi or 10Gi';
  if (bytes < 1024 * 1024) return 'it is less than 1Mi';
  return undefined;
}

const UNITS: Record<string, number> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** A Kubernetes quantity in bytes; undefined for what is none. */
export function toBytes(quantity: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([KMGTP]i|[kMGTP]|)$/.exec(quantity);
  const unit = match === null ? undefined : UNITS[match[2] ?? ''];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}
