/** What was measured as rows of a table: a contender against its peer, as a ratio. */
import { quantile, type Result } from './measure.ts';

export interface Row {
  what: string;
  against: string;
  ratio: number;
  /** The largest ratio that is good enough; undefined where none was set. */
  goal: number | undefined;
  /** Median and the range from the tenth to the ninetieth percentile, with units. */
  own: string;
  peer: string;
  /** What bounds a miss. */
  note: string;
}

export interface Unit {
  suffix: string;
  digits: number;
}

export const MS: Unit = { suffix: ' ms', digits: 0 };

export function toRow(
  own: Result | undefined,
  peer: Result | undefined,
  goal: number | undefined,
  { unit = MS, share = 0.5, note = '' }: { unit?: Unit; share?: number; note?: string } = {},
): Row {
  if (own === undefined || peer === undefined) throw new Error('a contender has no result');
  return {
    what: own.name,
    against: peer.name,
    ratio: quantile(own.values, share) / quantile(peer.values, share),
    goal,
    own: describe(own, share, unit),
    peer: describe(peer, share, unit),
    note,
  };
}

/** A figure against the limit that was set for it. */
export function toLimitRow(own: Result, limit: number, unit: Unit, note = ''): Row {
  const value = quantile(own.values, 0.5);
  const spell = (figure: number) => `${figure.toFixed(unit.digits)}${unit.suffix}`;
  const peer = spell(limit);
  return { what: own.name, against: 'the limit', ratio: value / limit, goal: 1, own: spell(value), peer, note };
}

/** The median with its range, or another quantile alone. One value has no range. */
export function describe({ values }: Result, share: number, { suffix, digits }: Unit): string {
  const value = quantile(values, share).toFixed(digits);
  if (share !== 0.5 || values.length === 1) return `${value}${suffix}`;
  return `${value}${suffix} (${quantile(values, 0.1).toFixed(digits)}–${quantile(values, 0.9).toFixed(digits)})`;
}

export function formatRows(rows: Row[]): string {
  const lines = rows.map(({ what, against, ratio, goal, own, peer }) => {
    const verdict = goal === undefined ? '–' : ratio <= goal ? 'met' : 'missed';
    return `| ${what} | ${against} | **${ratio.toFixed(2)}** | ${goal === undefined ? '–' : `≤ ${goal}`} | ${verdict} | ${own} | ${peer} |`;
  });
  const head = "| what | against | ratio | goal | | its median (p10–p90) | the other's |";
  return [head, '| --- | --- | --- | --- | --- | --- | --- |', ...lines].join('\n');
}

/** What bounds the rows that missed their goals. */
export function formatNotes(rows: Row[]): string {
  return rows
    .filter(({ note, ratio, goal }) => note !== '' && goal !== undefined && ratio > goal)
    .map(({ what, against, note }) => `- ${what}, against ${against}: ${note}`)
    .join('\n');
}
