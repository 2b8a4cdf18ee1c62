/** Names and numbers that users type, and the rules that they follow. `address.ts` has those of a workspace's name. */

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

/** Why a Kubernetes quantity of bytes is refused, or undefined. */
export function findSizeFault(text: string): string | undefined {
  const bytes = toBytes(text);
  if (bytes === undefined) return 'a size is a number with a unit, such as 500Mi or 10Gi';
  if (text.startsWith('0')) return 'it begins with 0; half of a Gi is 512Mi';
  if (bytes < 1024 * 1024) return 'it is less than 1Mi';
  return undefined;
}

/** Somebody who types this much without a unit thinks in Mi. */
const FIRST_IN_MI = 128;

/** What a text was meant to be that is nearly a size: `10` and `10 GB` are `10Gi`, `0.5Gi` is `512Mi`. */
export function proposeSize(text: string): string | undefined {
  const { amount = '', letter } =
    /^\s*(?<amount>\d+(?:\.\d+)?)\s*(?:(?<letter>[kmgtp])i?b?)?\s*$/i.exec(text)?.groups ?? {};
  const number = Number(amount);
  if (amount === '' || number === 0) return undefined;
  const unit = letter?.toUpperCase() ?? (number < FIRST_IN_MI ? 'G' : 'M');
  if (unit === 'K') return undefined;
  if (number >= 1) return `${number}${unit}i`;
  return unit === 'M' ? undefined : `${Math.round(number * 1024)}${'MGT'.charAt('GTP'.indexOf(unit))}i`;
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

/** A Kubernetes quantity in bytes; undefined for other text. */
export function toBytes(quantity: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([KMGTP]i|[kMGTP]|)$/.exec(quantity);
  const unit = match === null ? undefined : UNITS[match[2] ?? ''];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}
