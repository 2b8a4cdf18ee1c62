/** Draws a terminal's text with its colours, as `tmux capture-pane -e` prints it, as an SVG picture. */

interface Style {
  color: string | undefined;
  background: string | undefined;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  inverse: boolean;
}

export interface Run extends Style {
  column: number;
  text: string;
}

const PLAIN: Style = {
  color: undefined,
  background: undefined,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
};

const FOREGROUND = '#d9dde3';
const BACKGROUND = '#17191e';

/** The 16 colours of a theme. These read well on the background above. */
const PALETTE = [
  ...['#4b5261', '#ef7d7d', '#8fce72', '#e6c15f', '#6cabf0', '#cf8ee8', '#5cc8c8', '#d9dde3'],
  ...['#7d8696', '#ff9b9b', '#a9e48e', '#f5d681', '#8fc2ff', '#e0a8f5', '#7fe0e0', '#ffffff'],
];

/** One character cell, in SVG units. */
export const CELL = { width: 8.4, height: 18 };
export const MARGIN = 14;

/**
 * A picture of `columns` columns and as many rows as the text has. `title` says what it shows, for people who cannot
 * see it.
 */
export function toSvg(text: string, columns: number, title: string): string {
  const rows = toRows(text.trimEnd());
  return toDocument(rows.map(drawRow), { columns, rows: rows.length, title });
}

export interface Picture {
  columns: number;
  rows: number;
  title: string;
}

/** The whole picture: its frame, the font, and what was drawn. */
export function toDocument(drawn: string[], { columns, rows, title }: Picture): string {
  const width = round(columns * CELL.width + 2 * MARGIN);
  const height = rows * CELL.height + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    ...drawn.filter((row) => row !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** The runs of one line, as they look in row `row`. */
export function drawRow(runs: Run[], row: number): string {
  return runs
    .map((run) => drawRun(run, row))
    .filter((run) => run !== '')
    .join('\n');
}

/** The runs of equal style in each line. A style continues over the end of a line. */
export function toRows(text: string): Run[][] {
  let style = PLAIN;
  return text.split('\n').map((line) => {
    const runs: Run[] = [];
    let column = 0;
    for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
      if (part.startsWith('\x1b[')) style = applyCodes(style, part.slice(2, -1).split(';').map(Number));
      else if (part !== '') {
        runs.push({ ...style, column, text: part });
        column += [...part].length;
      }
    }
    return runs;
  });
}

function applyCodes(before: Style, codes: number[]): Style {
  let style = { ...before };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { color, length } = readColor(codes.slice(at + 1));
      style = code === 38 ? { ...style, color } : { ...style, background: color };
      at += length;
    } else style = applyCode(style, code);
  }
  return style;
}

function applyCode(style: Style, code: number): Style {
  if (code >= 30 && code <= 37) return { ...style, color: PALETTE[code - 30] };
  if (code >= 90 && code <= 97) return { ...style, color: PALETTE[code - 82] };
  if (code >= 40 && code <= 47) return { ...style, background: PALETTE[code - 40] };
  if (code >= 100 && code <= 107) return { ...style, background: PALETTE[code - 92] };
  switch (code) {
    case 0:
      return PLAIN;
    case 1:
      return { ...style, bold: true };
    case 2:
      return { ...style, dim: true };
    case 3:
      return { ...style, italic: true };
    case 4:
      return { ...style, underline: true };
    case 7:
      return { ...style, inverse: true };
    case 22:
      return { ...style, bold: false, dim: false };
    case 23:
      return { ...style, italic: false };
    case 24:
      return { ...style, underline: false };
    case 27:
      return { ...style, inverse: false };
    case 39:
      return { ...style, color: undefined };
    case 49:
      return { ...style, background: undefined };
    default:
      return style;
  }
}

/** What follows 38 or 48: `5;N` of the 256 colours, or `2;R;G;B`. */
function readColor([kind, ...rest]: number[]): { color: string | undefined; length: number } {
  if (kind === 2) return { color: `rgb(${rest.slice(0, 3).join(',')})`, length: 4 };
  const index = rest[0] ?? 0;
  if (index < 16) return { color: PALETTE[index], length: 2 };
  if (index >= 232)
    return {
      color: `rgb(${Array(3)
        .fill((index - 232) * 10 + 8)
        .join(',')})`,
      length: 2,
    };
  const level = (place: number) => {
    const step = Math.floor((index - 16) / place) % 6;
    return step === 0 ? 0 : step * 40 + 55;
  };
  return { color: `rgb(${level(36)},${level(6)},${level(1)})`, length: 2 };
}

function drawRun(run: Run, row: number): string {
  const x = round(MARGIN + run.column * CELL.width);
  const y = MARGIN + row * CELL.height;
  const width = round([...run.text].length * CELL.width);
  const front = run.color ?? FOREGROUND;
  const fill = run.inverse ? (run.background ?? BACKGROUND) : front;
  const behind = run.inverse ? front : run.background;
  const box =
    behind === undefined ? '' : `<rect x="${x}" y="${y}" width="${width}" height="${CELL.height}" fill="${behind}"/>`;
  const attributes = [
    run.bold ? ' font-weight="bold"' : '',
    run.dim ? ' fill-opacity="0.6"' : '',
    run.italic ? ' font-style="italic"' : '',
    run.underline ? ' text-decoration="underline"' : '',
  ].join('');
  // Viewers join spaces and drop those at the ends. With a length, the columns line up in every font.
  const drawn = [...run.text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: text, index }) => {
    const start = round(x + [...run.text.slice(0, index)].length * CELL.width);
    const length = round([...text].length * CELL.width);
    return `<text x="${start}" y="${y + 13}" textLength="${length}" fill="${fill}"${attributes}>${escape(text)}</text>`;
  });
  return box + drawn.join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
