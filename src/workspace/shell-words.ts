/** A word that a POSIX shell, fish included, reads back as it is. */
export function toShellWord(word: string): string {
  if (/^[\w@+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
