/**
 * The signs that `ws` prints, and what stands for each where the terminal has ASCII alone. Which of the two it is, the
 * edge says once, at the start: from then on no text leaves otherwise, whoever wrote it.
 */

/** Twins of marks have one column as they have, because what is drawn counts on it. */
export const TWINS: Record<string, string> = {
  '✓': '+',
  '✗': 'x',
  '●': '*',
  '○': 'o',
  '❯': '>',
  '·': '-',
  '↑↓': 'Up/Down',
  '↑': 'up',
  '↓': 'down',
  '→': '->',
  '…': '...',
  '–': '-',
  '—': '-',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
};

const EACH_SIGN = new RegExp(Object.keys(TWINS).join('|'), 'g');

/** Unicode's signs, until the edge has looked at the environment. */
let hasSigns = true;

/** Says whether the terminal has the signs. */
export function chooseSigns(has: boolean): void {
  hasSigns = has;
}

/** The text with the signs that the terminal has. */
export function toSigns(text: string): string {
  return hasSigns ? text : text.replace(EACH_SIGN, (sign) => TWINS[sign] ?? sign);
}
