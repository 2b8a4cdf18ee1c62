/** The forms of values that the templates judge instead of the schema. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CHART } from './helm.ts';

const text = readFileSync(path.join(CHART, 'templates/_forms.tpl'), 'utf8');

/** Each form's pattern, as the template has it. */
export const FORMS: ReadonlyMap<string, string> = new Map(
  [...text.matchAll(/^ {2}"(\w+)" \(dict\n {4}"pattern" `(.*)`$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']),
);

/** Which form a value has, as the template has it. A list stands for its items. */
export const FORM_OF: ReadonlyMap<string, string> = new Map(
  [...text.matchAll(/^ {2}"(\w+)" \(dict\n[\s\S]*?\(list (.*)\)\)$/gm)].flatMap((match) =>
    [...(match[2] ?? '').matchAll(/"([^"]+)"/g)].map((name): [string, string] => [name[1] ?? '', match[1] ?? '']),
  ),
);
