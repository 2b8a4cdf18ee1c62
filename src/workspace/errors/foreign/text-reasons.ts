/** Our words for what parsers of YAML and JSON complain about. Their own quote the file, which may hold secrets. */

/** What js-yaml says, and what Go's parser says for Helm; the first match wins. */
const YAML_FAULTS: [pattern: RegExp, fault: string][] = [
  [/\btab\b|cannot start any token/, 'it is indented by a tab, where YAML wants spaces'],
  [/duplicated mapping key|already (?:set|defined)/, 'its key was there before'],
  [/end of (?:the )?(?:stream|document)/, 'a quote or bracket before it is never closed'],
  [/indentation|block (?:mapping|sequence|end)|node content|expected key/, 'it is not indented as the lines around it'],
  [/mapping values are not allowed/, 'it has a colon too many, or is indented too far'],
  [/':'|comma|key-value|flow|',' or/, 'a colon, a comma or a bracket is missing'],
  [/escape|hexadecimal/, 'a backslash there means nothing'],
  [/null byte|printable|JSON character|control char/, 'it has a character that no text has'],
  [/alias|anchor/, 'it names an anchor that is not there'],
  [/%?YAML|directive|tag/i, 'it has a tag or a directive that means nothing here'],
  [/maxDepth|depth/, 'it is nested too deeply'],
];

/** `words` are the parser's, `line` counts from 1. */
export function toYamlReason(words: string, line: number | undefined): string {
  const fault = YAML_FAULTS.find(([pattern]) => pattern.test(words))?.[1];
  if (line === undefined) return 'it is not YAML';
  return fault === undefined ? `its line ${line} is not YAML` : `its line ${line} is not YAML: ${fault}`;
}

/** What Go's parser printed in an error of another program; undefined where it printed nothing of the kind. */
export function findGoYamlReason(text: string): string | undefined {
  const match = /yaml: (?:line (?<line>\d+): )?(?<words>.+)/.exec(text);
  if (match === null) return undefined;
  const line = match.groups?.['line'];
  return toYamlReason(match.groups?.['words'] ?? '', line === undefined ? undefined : Number(line));
}

/** From the message of `JSON.parse`. */
export function toJsonReason(message: string): string {
  if (/Unexpected end|Unterminated/.test(message)) return 'it is not JSON: it ends in the middle';
  const place = /\(line (\d+) column (\d+)\)/.exec(message);
  if (place === null) return 'it is not JSON';
  return `it is not JSON from line ${place[1]}, column ${place[2]}`;
}
