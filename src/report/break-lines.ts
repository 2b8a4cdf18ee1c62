/**
 * Breaks a line at spaces so that each part fits the width; a word that is longer stands alone, uncut, to be copied.
 * `measure` says how wide a word is: for texts of our own its length, and `wrap` counts columns.
 */
export function breakLines(text: string, width: number, measure: (word: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  let taken = 0;
  for (const word of text.split(' ')) {
    const columns = measure(word);
    if (line !== '' && taken + 1 + columns > width) {
      lines.push(line);
      line = word;
      taken = columns;
    } else {
      taken = line === '' ? columns : taken + 1 + columns;
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}
