/**
 * The quoted words of a command over several lines, broken before its flags, so that it can be copied as it stands: a
 * shell reads the backslash and the line's end as nothing.
 */
export function wrapCommand(words: string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of splitAtFlags(words)) {
    const last = lines.at(-1);
    // Two columns for the backslash.
    if (last !== undefined && last.length + 1 + part.length <= width - 2) lines[lines.length - 1] = `${last} ${part}`;
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

/**
 * Breaks a line at spaces so that each part fits the width; a word that is longer stands alone, uncut, to be copied.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** A text of several lines, each broken so that it fits. */
export function wrapLines(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => wrap(line, width))
    .join('\n');
}
