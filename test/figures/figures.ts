/**
 * Figures that a page of docs/ promises. A suite keeps each as soon as it is measured, whatever ends the run: lines of
 * JSON in `.ws/reports/SUITE/figures.jsonl`. A whole run by --long writes them to the page.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Figure {
  /** What was done, as a person would say it. */
  what: string;
  /** What is to be reached, with its unit. */
  goal: string;
  /** What was measured, with its unit and how many times. */
  figure: string;
  isMet: boolean;
}

/** Whether everything is made as often as the page says, or once. */
export const IS_LONG = process.env['WS_LONG'] === 'yes';

/** So many times for the page, once elsewhere. */
export const times = (forPage: number, otherwise = 1) => (IS_LONG ? forPage : otherwise);

export function keepFigure(suite: string, figure: Figure): void {
  const file = toFile(suite);
  mkdirSync(path.dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(figure)}\n`);
}

export function readFigures(suite: string): Figure[] {
  if (!existsSync(toFile(suite))) return [];
  const lines = readFileSync(toFile(suite), 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line) as Figure);
}

function toFile(suite: string): string {
  return path.resolve(import.meta.dirname, '../../.ws/reports', suite, 'figures.jsonl');
}
