import { stripVTControlCharacters } from 'node:util';

/**
 * Texts of other programs and of the cluster may hold control sequences; a terminal must not obey them. Line ends stay
 * unless `oneLine`.
 */
export function toPrintable(text: string, { oneLine = false }: { oneLine?: boolean } = {}): string {
  const stripped = stripVTControlCharacters(text);
  return stripped.replace(oneLine ? /[\x00-\x1f\x7f-\x9f]+/g : /[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, ' ');
}
