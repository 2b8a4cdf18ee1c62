/**
 * Draws what a terminal showed over time as one SVG. It moves by CSS alone, so it also moves as an image in a README.
 */
import { CELL, drawRow, MARGIN, type Picture, type Run, toDocument, toRows } from './ansi-to-svg.ts';

export interface Frame {
  atMs: number;
  screen: string;
  cursor: { column: number; row: number } | undefined;
}

const CURSOR = '#d9dde3';
/** Nobody sees a shorter frame. */
const SHORTEST_MS = 60;
/** Nobody wants to watch a longer pause, however slow the machine was. */
const LONGEST_MS = 1400;

/**
 * Stacks all frames in one column, and jumps from one to the next. Frames share their equal rows. The last one stays
 * for `holdMs` before the first comes again. People who want less motion see only the last one.
 */
export function toAnimatedSvg(frames: readonly Frame[], picture: Picture, holdMs: number): string {
  const timed = toTimed(frames);
  const height = picture.rows * CELL.height;
  const totalMs = (timed.at(-1)?.atMs ?? 0) + holdMs;
  const rows = new Map<string, string>();
  const strips = timed.map(({ screen, cursor }, index) => {
    const lines = toRows(screen).slice(0, picture.rows);
    const uses = lines.flatMap((runs, row) => (isEmpty(runs) ? [] : [use(idOf(runs), row)]));
    return `<g transform="translate(0 ${index * height})">${uses.join('')}${drawCursor(cursor)}</g>`;
  });
  const steps = timed.map(
    ({ atMs }, index) => `${((atMs / totalMs) * 100).toFixed(2)}%{transform:translateY(${-index * height}px)}`,
  );
  const last = `translateY(${-(timed.length - 1) * height}px)`;
  return toDocument(
    [
      `<style>@keyframes film{${steps.join('')}100%{transform:${last}}}`,
      `.film{transform:${last};animation:film ${(totalMs / 1000).toFixed(1)}s step-end infinite}`,
      '@media(prefers-reduced-motion:reduce){.film{animation:none}}</style>',
      `<defs>${[...rows].map(([row, id]) => `<g id="${id}">${row}</g>`).join('\n')}</defs>`,
      // This window hides the other frames. It leaves the margin free, and so do the rows: one of the two is taken
      // back.
      `<svg y="${MARGIN}" width="100%" height="${height}"><g transform="translate(0 ${-MARGIN})"><g class="film">`,
      ...strips,
      '</g></g></svg>',
    ],
    picture,
  );

  function idOf(runs: Run[]): string {
    const row = drawRow(runs, 0);
    const id = rows.get(row) ?? `r${rows.size}`;
    rows.set(row, id);
    return id;
  }
}

/** Cuts the pauses of a slow machine short, and drops frames that nobody could see. */
function toTimed(frames: readonly Frame[]): Frame[] {
  const timed: Frame[] = [];
  let previousMs = frames[0]?.atMs ?? 0;
  let atMs = 0;
  for (const frame of frames) {
    atMs += Math.min(frame.atMs - previousMs, LONGEST_MS);
    previousMs = frame.atMs;
    const last = timed.at(-1);
    if (last !== undefined && atMs - last.atMs < SHORTEST_MS) timed[timed.length - 1] = { ...frame, atMs: last.atMs };
    else timed.push({ ...frame, atMs });
  }
  return timed;
}

function use(id: string, row: number): string {
  return `<use href="#${id}"${row === 0 ? '' : ` y="${row * CELL.height}"`}/>`;
}

function isEmpty(runs: Run[]): boolean {
  return runs.every(({ text, inverse, background }) => text.trim() === '' && !inverse && background === undefined);
}

function drawCursor(cursor: Frame['cursor']): string {
  if (cursor === undefined) return '';
  const x = (MARGIN + cursor.column * CELL.width).toFixed(1);
  const y = MARGIN + cursor.row * CELL.height;
  return `<rect x="${x}" y="${y}" width="${CELL.width}" height="${CELL.height}" fill="${CURSOR}" fill-opacity="0.7"/>`;
}
