/** Words as the remote shell reads them back, whichever it is: POSIX's, and fish, which reads backslashes in quotes. */

export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (/^[\w@+:,./-][\w@+=:,./-]*$/.test(word)) return word;
  return `'${word.replace(/['\\]/g, (character) => `'\\${character}'`)}'`;
}
