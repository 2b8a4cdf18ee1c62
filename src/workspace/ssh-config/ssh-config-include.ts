/** The one line in the user's own OpenSSH configuration. All else in that file stays as it is, byte for byte. */
import { toIncludeArgument } from './ssh-config-words.ts';

const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/** The line, one character per byte. */
export function toIncludeLine(ownFile: string, platform: NodeJS.Platform): string {
  return Buffer.from(`Include ${toIncludeArgument(ownFile, platform)}`, 'utf8').toString('latin1');
}

/** Whether the line is there where it holds for every host: before the first Host or Match. */
export function hasInclude(text: string, line: string): boolean {
  for (const found of splitLines(text)) {
    if (/^(?:host|match)(?:\s|=|$)/i.test(found.trimStart())) return false;
    if (isInclude(found, line)) return true;
  }
  return false;
}

/** The text with the line on top; after a `Host` it would belong to that host alone. */
export function addInclude(text: string, line: string): string {
  if (hasInclude(text, line)) return text;
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const lineEnd = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
  return `${mark}${line}${lineEnd}${text.slice(mark.length)}`;
}

/** The text without the line, wherever it stands by itself. */
export function removeInclude(text: string, line: string): string {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const lines = splitLines(text.slice(mark.length));
  return mark + lines.filter((found) => !isInclude(found, line)).join('');
}

/** Lines with their ends. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The keyword in any case, with `=` or not, and the path with quotes or without. */
function isInclude(found: string, line: string): boolean {
  const match = /^\s*include(?:\s*=\s*|\s+)(.*?)\s*$/i.exec(found.replace(BYTE_ORDER_MARK, ''));
  const bare = (argument: string) => argument.replace(/^"(.*)"$/, '$1');
  return match !== null && bare(match[1] ?? '') === bare(line.slice('Include '.length));
}
