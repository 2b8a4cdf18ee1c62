/** Lengths of time as people write them, the same wherever `ws` takes one: `90s`, `8h`, `7d`, `2h30m`. */

export const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;

/** What a refusal says of the spelling. */
export const TIME_FORM = 'a time is a number with s, m, h or d, such as 90m, or several of them, such as 2h30m';

/** In milliseconds; undefined for what is no time. Each unit stands once, the longest first. */
export function readTime(text: string): number | undefined {
  const { groups } = /^(?:(?<d>\d{1,9})d)?(?:(?<h>\d{1,9})h)?(?:(?<m>\d{1,9})m)?(?:(?<s>\d{1,9})s)?$/.exec(text) ?? {};
  if (groups === undefined || text === '') return undefined;
  return (['d', 'h', 'm', 's'] as const).reduce((sum, unit) => sum + Number(groups[unit] ?? 0) * UNITS[unit], 0);
}

/** The same time in the longest unit of the chart, which reads one number with `h`, `m` or `s`. */
export function toOneUnit(text: string): string {
  const ms = readTime(text);
  if (ms === undefined || /^[1-9]\d{0,5}[smh]$/.test(text)) return text;
  const unit = (['h', 'm'] as const).find((one) => ms % UNITS[one] === 0) ?? 's';
  return `${ms / UNITS[unit]}${unit}`;
}

/** From so many on, a number without a unit is thought of in seconds. */
const FIRST_IN_SECONDS = 30;

/** What a text was meant to be that is nearly a time: `10` and `10 minutes` are `10m`, `300` is `300s`. */
export function proposeTime(text: string): string | undefined {
  const spoken = /(?<amount>\d{1,6})\s*(?<letter>[smhd])(?:ec(?:ond)?|in(?:ute)?|our|r|ay)?s?(?![a-z])/gi;
  const bare = /^\s*(?<amount>\d{1,6})\s*$/.exec(text)?.groups;
  const found = bare === undefined ? [...text.matchAll(spoken)] : [];
  // Nothing else stands there than what was found, and what joins it.
  if (bare === undefined && text.replace(spoken, '').replace(/\band\b|[\s,]/gi, '') !== '') return undefined;
  const amount = Number(bare?.['amount']);
  const proposal =
    bare === undefined
      ? found.map(({ groups = {} }) => `${Number(groups['amount'])}${groups['letter']?.toLowerCase()}`).join('')
      : `${amount}${amount < FIRST_IN_SECONDS ? 'm' : 's'}`;
  return readTime(proposal) ? proposal : undefined;
}

/** Whether a word is a unit of time as people say it: `m`, `mins`, `Hours`. */
export function isTimeUnit(word: string): boolean {
  return /^[a-z]+$/i.test(word) && proposeTime(`1 ${word}`) !== undefined;
}
