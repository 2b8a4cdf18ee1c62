/** Finds what the program suggests anywhere: every text that stands in its source where a suggestion is made. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAst } from 'vitest/node';
import { ROOT } from './pages.ts';

export interface Suggestion {
  /** `workspace/diagnosis/diagnosis.ts:12` */
  at: string;
  /** As it would be said; what is put in is a word. */
  text: string;
  /** Whether what is put in is quoted, by the tag `command`. */
  isQuoted: boolean;
  hasHoles: boolean;
}

interface Node {
  type: string;
  start: number;
  [member: string]: unknown;
}

/** Members and functions that hold suggestions. */
const PLACES = /^(?:suggestions?|remedy|flag)$|Suggestion$/;

/** Every suggestion in `src`. */
export function listSuggestions(): Suggestion[] {
  return readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(path.join(ROOT, 'src', file), 'utf8');
      const program = parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }) as unknown as Node;
      const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
      return find(program, false).map((found) => ({ ...found, at: `${file}:${lineOf(found.start)}` }));
    });
}

type Found = Omit<Suggestion, 'at'> & { start: number };

function find(node: unknown, isInside: boolean): Found[] {
  if (Array.isArray(node)) return node.flatMap((item) => find(item, isInside));
  if (typeof node !== 'object' || node === null || !('type' in node)) return [];
  const { type, start, ...members } = node as Node;
  const inside = isInside || isPlace(type, members);
  if (inside) {
    if (type === 'Literal' && typeof members['value'] === 'string')
      return [{ start, text: members['value'], isQuoted: false, hasHoles: false }];
    if (type === 'TaggedTemplateExpression') return [toFound(members['quasi'] as Node, start, true)];
    if (type === 'TemplateLiteral') return [toFound(node as Node, start, false)];
    // What a condition compares with is not said.
    if (type === 'BinaryExpression' || type === 'ImportDeclaration' || type === 'MemberExpression') return [];
    if (type === 'CallExpression') return find(members['arguments'], inside);
    if (type === 'ConditionalExpression')
      return [...find(members['consequent'], true), ...find(members['alternate'], true)];
    if (type === 'IfStatement') return [...find(members['consequent'], true), ...find(members['alternate'], true)];
    if (type === 'Property') return isPlace(type, members) ? find(members['value'], true) : [];
  }
  return Object.values(members).flatMap((member) => find(member, inside));
}

function isPlace(type: string, members: Record<string, unknown>): boolean {
  const name = (key: string) => (members[key] as { name?: string } | undefined)?.name ?? '';
  if (type === 'Property') return PLACES.test(name('key'));
  if (type === 'FunctionDeclaration') return PLACES.test(name('id'));
  return false;
}

function toFound({ quasis }: Node, start: number, isQuoted: boolean): Found {
  const parts = (quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
  return { start, text: parts.join('x1'), isQuoted, hasHoles: parts.length > 1 };
}
