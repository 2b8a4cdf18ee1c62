/** Names and numbers that users type, and the rules that they follow. `address.ts` has those of a workspace's name. */

import { toNumber } from './diagnosis/words/quantity.ts';

/** What `ws up` calls a workspace that has no name yet. */
export const DEFAULT_WORKSPACE = 'dev';

/** The chart's own defaults, repeated in the form. */
export const DEFAULT_USER = 'developer';
export const DEFAULT_ID = 1000;
export const DEFAULT_HOME_SIZE = '10Gi';

/** Accounts of the image, whose home or ID the user cannot take over (Debian's base accounts). */
const RESERVED_USERS = new Set(
  'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc _apt nobody'.split(' '),
);

/** Why a login name is refused, or undefined: as `useradd` and the chart's schema accept one. */
export function findUsernameFault(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (RESERVED_USERS.has(text)) return 'it is an account of the system';
  if (text.length > 32) return 'it is longer than 32 characters';
  if (!/^[a-z_][a-z0-9_-]*$/.test(text)) {
    return 'a username has lower-case letters, digits, _ and -, and starts with a letter or _';
  }
  return undefined;
}

/** Why a user or group ID is refused, or undefined. 0 is root, which a restricted namespace never runs. */
export function findIdFault(text: string): string | undefined {
  if (!/^\d+$/.test(text)) return 'it is not a whole number';
  const id = Number(text);
  if (id === 0) return '0 is root, and nothing in a workspace runs as root';
  if (id > 2_147_483_647) return 'the largest ID is 2147483647';
  return undefined;
}

const MEBIBYTE = 2 ** 20;

/**
 * Why an amount of bytes is refused, or undefined. It may be written in any way that Kubernetes reads. The chart judges
 * by the same rules (chart/templates/_forms.tpl), and one table of tests holds both.
 */
export function findSizeFault(text: string): string | undefined {
  const bytes = toNumber(text);
  if (bytes === undefined || text.startsWith('-')) return 'a size is a number with a unit, such as 500Mi or 10Gi';
  if (bytes < MEBIBYTE) return 'it is less than 1Mi';
  return undefined;
}

/** Somebody who types this much without a unit thinks in Mi. */
const FIRST_IN_MI = 128;

/** What a text was meant to be that is nearly a size: `10` and `10 GB` are `10Gi`, `0.5 GB` is `512Mi`. */
export function proposeSize(text: string): string | undefined {
  const { amount = '', letter } =
    /^\s*(?<amount>\d+(?:\.\d+)?)\s*(?:(?<letter>[kmgtp])\k<letter>?i?b?)?\s*$/i.exec(text)?.groups ?? {};
  const number = Number(amount);
  if (amount === '' || number === 0) return undefined;
  const unit = letter?.toUpperCase() ?? (number < FIRST_IN_MI ? 'G' : 'M');
  if (unit === 'K') return undefined;
  if (number >= 1) return `${number}${unit}i`;
  return unit === 'M' ? undefined : `${Math.round(number * 1024)}${'MGT'.charAt('GTP'.indexOf(unit))}i`;
}

/** What a text was meant to be that is nearly an amount of CPU: `2 cores` and `2vcpu` are `2`, `500 m` is `500m`. */
export function proposeCpu(text: string): string | undefined {
  const { amount = '', unit = '' } =
    /^\s*(?<amount>\d+(?:\.\d+)?)\s*(?:(?<unit>m|millis?|millicores?|millicpus?)|c|cores?|v?cpus?)?\s*$/i.exec(text)
      ?.groups ?? {};
  return amount === '' ? undefined : `${amount}${unit === '' ? '' : 'm'}`;
}

/** What a proposed size is in the units of ten that were typed: `10Gi` for `10 GB` is `10.7 GB`. */
export function translateSize(text: string, proposal: string): string | undefined {
  const letter = /(?<letter>[mgtp])b?\s*$/i.exec(text)?.groups?.['letter']?.toUpperCase();
  const [bytes, unit] = [toNumber(proposal), toNumber(`1${letter ?? '-'}`)];
  return bytes === undefined || unit === undefined ? undefined : `${Math.round((bytes / unit) * 10) / 10} ${letter}B`;
}
