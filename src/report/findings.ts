/** What `ws doctor` found. */
import { toPrintable } from '../workspace/errors/printable.ts';
import type { Spell } from '../workspace/errors/spell.ts';
import type { Suggestion } from '../workspace/errors/suggestion.ts';
import { cut } from './columns.ts';
import { toHints } from './hints.ts';
import type { TableOptions } from './results/tables.ts';
import { wrap } from './wrap.ts';

const VERDICTS = {
  good: { mark: '✓', color: 32 },
  warning: { mark: '!', color: 33 },
  bad: { mark: '✗', color: 31 },
} as const;

interface Finding {
  check: string;
  verdict: keyof typeof VERDICTS;
  detail: string;
  suggestion: Suggestion | undefined;
  lines?: string[];
}

/** The columns where labels and details of `ws doctor` begin, of groups as of checks: the longest label fits. */
const LABEL_COLUMN = 2;
const DETAIL_COLUMN = 21;

function toSign(verdict: Finding['verdict'], isColored: boolean): string {
  const { mark, color } = VERDICTS[verdict];
  return isColored ? `\x1b[${color}m${mark}\x1b[0m` : mark;
}

/** Above the findings of a group. */
export function formatGroup(group: string, color: boolean): string {
  return color ? `\x1b[1m${group}\x1b[0m` : group;
}

export function formatFinding(finding: Finding, { color, width, spell }: TableOptions & { spell: Spell }): string {
  const detail = toPrintable(finding.detail, { oneLine: true });
  const [first = '', ...rest] = width ? wrap(detail, width - DETAIL_COLUMN) : [detail];
  return [
    `${toSign(finding.verdict, color)} ${finding.check.padEnd(DETAIL_COLUMN - LABEL_COLUMN)}${first}`,
    ...[...rest, ...toHints(finding.suggestion, spell, width ? width - DETAIL_COLUMN : undefined)].map(
      (line) => ' '.repeat(DETAIL_COLUMN) + line,
    ),
    // At the left edge, or a copy of them would be indented.
    ...(finding.lines ?? []),
  ].join('\n');
}

const GOOD = { verdict: 'good', suggestion: undefined } as const;

/**
 * What to print as findings come. A terminal gets what is well of a group in one line, so that the whole of it fits a
 * small screen; `isWhole` has it print each finding.
 */
export class Findings<Found extends Finding & { group: string }> {
  readonly all: Found[] = [];
  readonly #isWhole: boolean;
  readonly #options: TableOptions & { spell: Spell };
  #group: Found[] = [];

  constructor(options: TableOptions & { spell: Spell }, isWhole: boolean) {
    this.#options = options;
    this.#isWhole = isWhole;
  }

  add(finding: Found): string[] {
    const isOther = this.all.at(-1)?.group !== finding.group;
    this.all.push(finding);
    const { color } = this.#options;
    if (this.#isWhole)
      return [...(isOther ? [formatGroup(finding.group, color)] : []), formatFinding(finding, this.#options)];
    const before = isOther ? this.#take() : [];
    this.#group.push(finding);
    return before;
  }

  /** The last group, and what all of it comes to. */
  end(): string[] {
    if (this.#isWhole) return [];
    const count = (verdict: Finding['verdict']) => this.all.filter((finding) => finding.verdict === verdict).length;
    const [bad, warnings] = [count('bad'), count('warning')];
    const parts = [
      ...(bad === 0 ? [] : [`${bad} ${bad === 1 ? 'thing is' : 'things are'} wrong (✗)`]),
      ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? 'needs' : 'need'} a look (!)`]),
    ];
    return [...this.#take(), '', parts.length === 0 ? 'All is well. --all shows each check.' : `${parts.join(', ')}.`];
  }

  #take(): string[] {
    const group = this.#group;
    this.#group = [];
    const [first] = group;
    if (first === undefined) return [];
    const { color, width } = this.#options;
    const well = group.filter(({ verdict }) => verdict === 'good');
    const troubled = group.filter(({ verdict }) => verdict !== 'good');
    if (troubled.length > 0) {
      const names = well.map(({ check }) => check).join(', ');
      const rest = well.length === 0 ? [] : [{ ...GOOD, check: 'well', detail: names }];
      const shown = [...troubled, ...rest].map((finding) => formatFinding(finding, this.#options));
      // The other groups have their names behind a mark.
      return [' '.repeat(LABEL_COLUMN) + formatGroup(first.group, color), ...shown];
    }
    const details = group.map(({ detail }) => toPrintable(detail, { oneLine: true })).join('; ');
    const room = width ? width - DETAIL_COLUMN : undefined;
    const shown = room === undefined ? details : cut(details, room);
    return [`${toSign('good', color)} ${first.group.padEnd(DETAIL_COLUMN - LABEL_COLUMN)}${shown}`];
  }
}
