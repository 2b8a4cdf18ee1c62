/** Quoting for OpenSSH's configuration: its own arguments, and the command that it hands to a shell. */

import { failure } from '../errors/errors.ts';
import { isPrintable, toPrintableJson } from '../errors/printable.ts';
import { toShellWord } from '../errors/shell-words.ts';
import { advice, ws } from '../errors/suggestion.ts';

/** An argument that needs no quotes, such as a name. Text that would need them is no name. */
export function toConfigWord(text: string): string {
  if (!/^[\w[][\w@.:[\]-]*$/.test(text)) throw unwritable(text, 'it is no plain word');
  return text;
}

/**
 * A path as a setting's argument. `%` starts a token there and is doubled; on Windows the slashes lean forward, because
 * a backslash may escape what follows it.
 */
export function toConfigArgument(path: string, platform: NodeJS.Platform): string {
  return quote(toSlashes(path, platform)).replaceAll('%', '%%');
}

/** A path after `Include`, where no `%` is special but wildcards are. */
export function toIncludeArgument(path: string, platform: NodeJS.Platform): string {
  return quote(toSlashes(path, platform).replace(/[*?[]/g, (character) => `\\${character}`));
}

/**
 * A ProxyCommand from words. OpenSSH gives it to the user's shell: single quotes hold in sh, bash, zsh and fish. On
 * Windows it may be cmd or Git's sh: forward slashes and double quotes are what both read alike.
 */
export function toProxyCommand(words: string[], platform: NodeJS.Platform): string {
  const quoted = platform === 'win32' ? words.map(toWindowsWord) : words.map(toPosixWord);
  return quoted.join(' ').replaceAll('%', '%%');
}

function toPosixWord(word: string): string {
  verifyPrintable(word);
  return toShellWord(word);
}

function toWindowsWord(word: string): string {
  verifyPrintable(word);
  const slashed = isWindowsPath(word) ? word.replaceAll('\\', '/') : word;
  if (/^[\w@+=:,./-]+$/.test(slashed)) return slashed;
  // cmd or sh would expand these characters even in double quotes, and no spelling keeps both from it.
  if (/["$`%!\\]/.test(slashed)) throw unwritable(word, 'no quoting of it holds for both cmd and Git Bash');
  return `"${slashed}"`;
}

function isWindowsPath(word: string): boolean {
  return /^(?:[A-Za-z]:)?\\/.test(word);
}

function toSlashes(path: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? path.replaceAll('\\', '/') : path;
}

function quote(text: string): string {
  verifyPrintable(text);
  // OpenSSH versions differ in which settings expand a variable, and none can escape it.
  if (text.includes('${')) throw unwritable(text, 'OpenSSH would put a variable of the environment there');
  if (/^[\w@+=:,./%*?[\]\\-]+$/.test(text) && !text.includes('\\')) return text;
  return `"${text.replace(/\\(?=[\\"'])|"/g, (character) => `\\${character}`)}"`;
}

function verifyPrintable(text: string): void {
  if (!isPrintable(text)) throw unwritable(text, 'it holds a control character');
}

function unwritable(text: string, reason: string) {
  return failure('BAD_VALUE', {
    message: `${toPrintableJson(text)} cannot stand in OpenSSH's configuration`,
    reason,
    suggestions: [advice('Give it another name, and write the configuration anew'), ws`config-ssh`],
  });
}
