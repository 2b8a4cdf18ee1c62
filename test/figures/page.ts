/** The tables of figures in docs/, between two marks that no reader sees. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Figure } from './figures.ts';

const MARKS = /(<!-- Written by [^\n]*-->\n)[\s\S]*?(<!-- End of what was written -->)/;

/** Throws where the page has no place for them. */
export function writeFigures(file: string, figures: Figure[]): void {
  writeBetweenMarks(file, toTable(figures));
}

/** Throws where the page has no place for it. */
export function writeBetweenMarks(file: string, text: string): void {
  const page = readFileSync(file, 'utf8');
  if (!MARKS.test(page)) throw new Error(`${file} has no marks between which figures could stand`);
  writeFileSync(
    file,
    page.replace(MARKS, (_, begin, end) => `${begin}\n${text}\n\n${end}`),
  );
}

/** What falls short says so. */
export function toTable(figures: Figure[]): string {
  const rows = figures.map(
    ({ what, goal, figure, isMet }) => `| ${what} | ${goal} | ${figure}${isMet ? '' : '; **not reached**'} |`,
  );
  return ['| what | goal | measured |', '| --- | --- | --- |', ...rows].join('\n');
}
