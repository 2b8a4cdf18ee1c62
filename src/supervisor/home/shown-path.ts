const MOST = 120;

/**
 * A path for a sentence: a user may name a file by anything but a slash, a line end included, and by 255 bytes of it.
 */
export function toShownPath(file: string): string {
  const plain = file.replace(/[^\x20-\x7e]/gu, '?');
  return plain.length <= MOST ? plain : `${plain.slice(0, MOST / 2)}…${plain.slice(-MOST / 2)}`;
}
