import { toPrintable } from '../../workspace/errors/printable.ts';
import { countColumns, padColumns } from '../columns.ts';
import { wrap } from '../wrap.ts';

/** Plain aligned text for results on stdout: fits the width of a terminal, and is whole in a pipe. */

export interface Column<Row> {
  title: string;
  text(row: Row): string;
  /** Narrow terminals lose columns without this first, from the right. */
  isEssential?: boolean;
}

export interface TableOptions {
  /** The terminal's width; undefined for a pipe, where nothing is cut. */
  width: number | undefined;
  color: boolean;
}

const GAP = 2;

/** A header and a line per row; where even the essential columns are wider, as many lines as a row takes. */
export function formatTable<Row>(given: Column<Row>[], rows: Row[], { width: told, color }: TableOptions): string {
  // A terminal without a size says 0, which means that we do not know it.
  const width = told || undefined;
  const columns = given.map((column) => ({
    ...column,
    text: (row: Row) => toPrintable(column.text(row), { oneLine: true }),
  }));
  const shown = fitColumns(columns, rows, width);
  const widths = narrow(shown, rows, width);
  const line = (cells: string[]) => (widths === undefined ? foldRow(cells, width ?? 0) : alignRow(cells, widths));
  const header = line(shown.map((column) => column.title));
  return [
    color ? `\x1b[1m${header}\x1b[0m` : header,
    ...rows.map((row) => line(shown.map((column) => column.text(row)))),
  ].join('\n');
}

/**
 * The widths of the columns. If they are too wide for the terminal, the widest gives way as far as its words allow;
 * undefined when that is not enough.
 */
function narrow<Row>(columns: Column<Row>[], rows: Row[], width: number | undefined): number[] | undefined {
  const widths = columns.map((column) => widest(column, rows));
  const excess = width === undefined ? 0 : totalWidth(columns, rows) - width;
  if (excess <= 0) return widths;
  const at = widths.indexOf(Math.max(...widths));
  const room = (widths[at] ?? 0) - excess;
  const words = [columns[at]?.title ?? '', ...rows.map((row) => columns[at]?.text(row) ?? '')].join(' ').split(' ');
  if (words.some((word) => countColumns(word) > room)) return undefined;
  return widths.with(at, room);
}

/** Cells below their titles; one that is wider than its column goes on in the next line. */
function alignRow(cells: string[], widths: number[]): string {
  const parts = cells.map((cell, index) => wrap(cell, widths[index] ?? Infinity));
  const height = Math.max(...parts.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    parts
      .map((lines, index) => padColumns(lines[at] ?? '', (widths[index] ?? 0) + GAP))
      .join('')
      .trimEnd(),
  ).join('\n');
}

/** Cells one after the other, further lines indented. None is cut: a name is to be copied, a reason to be read. */
function foldRow(cells: string[], width: number): string {
  const lines: string[] = [];
  for (const cell of cells) {
    const last = lines.at(-1);
    const joined = `${last}${' '.repeat(GAP)}${cell}`;
    if (last !== undefined && countColumns(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(...wrap(cell, width - GAP).map((part, at) => indent(part, lines.length + at > 0 ? GAP : 0)));
  }
  return lines.join('\n');
}

export interface FieldOptions {
  color: boolean;
  /** The terminal's width; undefined or 0 for a pipe, where nothing is wrapped. */
  width?: number | undefined;
}

/** A label and what it says; `hints` are shown below as they are, to be copied. */
export type FieldRow = [label: string, value: string, hints?: string[]];

/** `Name   value`, one a line, and further lines of a value below its first. */
export function formatFields(rows: FieldRow[], { color, width }: FieldOptions): string {
  const start = Math.max(...rows.map(([label]) => countColumns(label))) + GAP;
  const breakLine = (line: string) => (width ? wrap(line, width - start) : [line]);
  return rows
    .flatMap(([label, value, hints = []]) => {
      const lines = [...toPrintable(value).split('\n').flatMap(breakLine), ...hints];
      const shown = `${color ? '\x1b[2m' : ''}${padColumns(label, start)}${color ? '\x1b[0m' : ''}`;
      return lines.map((line, index) => (index === 0 ? shown + line : indent(line, start)));
    })
    .join('\n');
}

function indent(line: string, columns: number): string {
  return ' '.repeat(columns) + line;
}

function fitColumns<Row>(columns: Column<Row>[], rows: Row[], width: number | undefined): Column<Row>[] {
  let shown = columns;
  while (width !== undefined && totalWidth(shown, rows) > width) {
    const last = shown.findLastIndex((column) => column.isEssential !== true);
    if (last < 0) break;
    shown = shown.filter((_, index) => index !== last);
  }
  return shown;
}

function totalWidth<Row>(columns: Column<Row>[], rows: Row[]): number {
  return columns.reduce((sum, column) => sum + widest(column, rows) + GAP, -GAP);
}

function widest<Row>(column: Column<Row>, rows: Row[]): number {
  return Math.max(countColumns(column.title), ...rows.map((row) => countColumns(column.text(row))));
}
