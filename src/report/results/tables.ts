import { toPrintable } from '../../workspace/errors/printable.ts';

/** Plain aligned text for results on stdout: fits the width of a terminal, and is whole where there is none. */

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

/** A header and a line per row. */
export function formatTable<Row>(given: Column<Row>[], rows: Row[], { width: told, color }: TableOptions): string {
  // A terminal without a size says 0, which means that we do not know it.
  const width = told || undefined;
  const columns = given.map((column) => ({
    ...column,
    text: (row: Row) => toPrintable(column.text(row), { oneLine: true }),
  }));
  const shown = fitColumns(columns, rows, width);
  const widths = shown.map((column) => widest(column, rows));
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => (index === cells.length - 1 ? cell : cell.padEnd((widths[index] ?? 0) + GAP)))
      .join('')
      .trimEnd();
  const cut = (text: string) => (width !== undefined && text.length > width ? `${text.slice(0, width - 1)}…` : text);
  const header = cut(line(shown.map((column) => column.title)));
  return [
    color ? `\x1b[1m${header}\x1b[0m` : header,
    ...rows.map((row) => cut(line(shown.map((column) => column.text(row))))),
  ].join('\n');
}

/** `Name   value`, one a line. */
export function formatFields(rows: [string, string][], { color }: Pick<TableOptions, 'color'>): string {
  const width = Math.max(...rows.map(([label]) => label.length)) + GAP;
  return rows
    .map(
      ([label, value]) =>
        `${color ? '\x1b[2m' : ''}${label.padEnd(width)}${color ? '\x1b[0m' : ''}${toPrintable(value)
          .split('\n')
          .join(`\n${' '.repeat(width)}`)}`,
    )
    .join('\n');
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
  return Math.max(column.title.length, ...rows.map((row) => column.text(row).length));
}
