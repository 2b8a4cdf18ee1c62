import { breakLines } from './break-lines.ts';
import { countColumns } from './columns.ts';

/**
 * The quoted words of a command over several lines, broken before its flags, so that it can be copied as it stands: a
 * shell reads the backslash and the line's end as nothing.
 */
export function wrapCommand(words: string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of splitAtFlags(words)) {
    const last = lines.at(-1);
    // Two columns for the backslash.
    if (last !== undefined && countColumns(last) + 1 + countColumns(part) <= width - 2)
      lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(last === undefined ? part : `  ${part}`);
  }
  return lines.map((line, index) => (index === lines.length - 1 ? line : `${line} \\`));
}

function splitAtFlags(words: string[]): string[] {
  const parts: string[] = [];
  for (const word of words) {
    if (parts.length === 0 || /^--?[a-z]/.test(word)) parts.push(word);
    else parts.push(`${parts.pop()} ${word}`);
  }
  return parts;
}

/** Breaks a line at spaces so that each part fits so many columns. */
export function wrap(text: string, width: number): string[] {
  return breakLines(text, width, countColumns);
}

/** A text of several lines, each broken so that it fits. */
export function wrapLines(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => wrap(line, width))
    .join('\n');
}
