/**
 * Makes every suggestion that the program can make: finds in its source where one is made, and makes it with values of
 * one's choice in the place of what is known only then. What it cannot make is a fault of the source.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAst } from 'vitest/node';
import { type Command, type Program, run } from '../src/workspace/errors/suggestion.ts';

const SOURCE = path.resolve(import.meta.dirname, '../src');

/** What is put into a suggestion. */
export interface Hole {
  /** How the source says it. */
  source: string;
  /** Where it stands: as a flag's name, as its value, behind `--`, or as a word of its own. */
  kind: 'flag' | 'value' | 'behind' | 'word';
}

export interface Making {
  /** `workspace/diagnosis/image.ts:12` */
  at: string;
  /** As the source says it, for a test's title. */
  source: string;
  program: Program;
  holes: Hole[];
  /** The workspace that the source names by a word of its own, such as `NAME`; `KNOWN` where it knows the name. */
  workspace: string | undefined;
  /** In the order of `holes`. */
  make(values: string[]): Command;
}

export interface Sentence {
  at: string;
  text: string;
}

/** Stands for a workspace's name that whoever suggests knows. */
export const KNOWN = 'known-1';

/** All that the source says. `unknown` is what nobody could make here, `prose` a text that ends in a command. */
export function listMakings(): { makings: Making[]; sentences: Sentence[]; unknown: string[]; prose: Sentence[] } {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && file !== path.join('workspace', 'errors', 'suggestion.ts'))
    .toSorted();
  const found = files.map((file) => new Finder(file, readFileSync(path.join(SOURCE, file), 'utf8')));
  for (const finder of found) finder.find();
  return {
    makings: found.flatMap(({ makings }) => makings),
    sentences: found.flatMap(({ sentences }) => sentences),
    unknown: found.flatMap(({ unknown }) => unknown),
    prose: found.flatMap(({ prose }) => prose),
  };
}

interface Node {
  type: string;
  start: number;
  end: number;
  [member: string]: unknown;
}

type Part = Omit<Making, 'at' | 'source'>;

class Finder {
  readonly makings: Making[] = [];
  readonly sentences: Sentence[] = [];
  readonly unknown: string[] = [];
  readonly prose: Sentence[] = [];
  readonly #file: string;
  readonly #text: string;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  find(): void {
    this.#visit(parseAst(this.#text, { lang: this.#file.endsWith('x') ? 'tsx' : 'ts' }));
  }

  #visit(node: unknown): void {
    if (Array.isArray(node)) for (const item of node) this.#visit(item);
    if (!isNode(node)) return;
    const part = this.#evaluate(node);
    if (part !== undefined) {
      for (const one of part) this.makings.push({ ...one, at: this.#at(node), source: this.#sourceOf(node) });
      return;
    }
    if (isCall(node, 'advice')) this.#hear(node);
    if (isCall(node, 'correction')) {
      const [flag, value] = (node['arguments'] as Node[]).map((argument) => toText(argument, 'x1'));
      this.sentences.push({ at: this.#at(node), text: `${flag} ${value}` });
    }
    const text = ['Literal', 'TemplateLiteral'].includes(node.type) ? toText(node, 'x1') : '';
    if (/: (?:ws|kubectl|helm) [a-z]/.test(text)) this.prose.push({ at: this.#at(node), text });
    if (node.type === 'ObjectExpression' && typeof this.#findMember(node, 'program')?.['value'] === 'string')
      this.unknown.push(`${this.#at(node)} ${this.#sourceOf(node)}`);
    for (const member of Object.values(node)) this.#visit(member);
  }

  /** A command: a tag, or one with a workspace, a place or a note. */
  #evaluate(node: Node): Part[] | undefined {
    if (node.type === 'TaggedTemplateExpression') {
      const program = toProgram(node['tag'] as Node);
      return program === undefined ? undefined : [this.#fromTag(program, node['quasi'] as Node)];
    }
    if (node.type === 'ParenthesizedExpression') return this.#evaluate(node['expression'] as Node);
    if (node.type === 'ConditionalExpression') {
      const [one, other] = [this.#evaluate(node['consequent'] as Node), this.#evaluate(node['alternate'] as Node)];
      return one === undefined || other === undefined ? undefined : [...one, ...other];
    }
    if (node.type !== 'ObjectExpression') return undefined;
    const spread = (node['properties'] as Node[]).find(({ type }) => type === 'SpreadElement');
    const base = spread === undefined ? undefined : this.#evaluate(spread['argument'] as Node);
    return base === undefined ? undefined : base.map((part) => this.#withMembers(part, node));
  }

  #fromTag(program: Program, quasi: Node): Part {
    const parts = (quasi['quasis'] as { value: { cooked: string; raw: string } }[]).map(({ value }) => value);
    const holes = (quasi['expressions'] as Node[]).map((hole, index): Hole => {
      const before = parts
        .slice(0, index + 1)
        .map(({ cooked }) => cooked)
        .join('\0');
      return { source: this.#sourceOf(hole), kind: toKind(before) };
    });
    const strings = Object.assign(
      parts.map(({ cooked }) => cooked),
      { raw: parts.map(({ raw }) => raw) },
    );
    return { program, holes, workspace: undefined, make: (values) => run(program)(strings, ...values) };
  }

  #withMembers(part: Part, node: Node): Part {
    const member = (name: string) => this.#findMember(node, name);
    const [workspace, note, into] = [member('workspace'), member('note'), member('into')];
    for (const property of node['properties'] as Node[])
      if (
        property.type === 'Property' &&
        !['workspace', 'place', 'note', 'into', 'again', 'isNew'].includes(nameOf(property['key']))
      )
        this.unknown.push(`${this.#at(property)} ${this.#sourceOf(property)}`);
    const isNew = member('isNew')?.['value'] === true;
    const name = workspace === undefined ? undefined : toText(workspace, KNOWN);
    const place = this.#toPlace(member('place'));
    const count = part.holes.length;
    return {
      program: part.program,
      holes: [...part.holes, ...place.map(([, hole]) => hole).filter((hole) => typeof hole !== 'string')],
      workspace: name,
      make: (values) => {
        const later = values.slice(count);
        const own = place.map(([flag, hole]) => [flag, typeof hole === 'string' ? hole : later.shift()]);
        return {
          ...part.make(values.slice(0, count)),
          ...(name === undefined ? {} : { workspace: name }),
          ...(own.length === 0 ? {} : { place: Object.fromEntries(own) }),
          ...(note === undefined ? {} : { note: toText(note, 'x1') }),
          ...(isNew ? { isNew } : {}),
          ...(into === undefined ? {} : { into: toText(into, 'x1') }),
        };
      },
    };
  }

  /** Each member of a place with its text, or with what is put in. */
  #toPlace(node: Node | undefined): [string, string | Hole][] {
    return ((node?.['properties'] ?? []) as Node[]).map((property) => {
      const value = property['value'] as Node;
      const source = this.#sourceOf(value);
      return [nameOf(property['key']), value.type === 'Literal' ? String(value['value']) : { source, kind: 'value' }];
    });
  }

  #hear(node: Node): void {
    const [text] = node['arguments'] as Node[];
    if (text === undefined || !['Literal', 'TemplateLiteral'].includes(text.type))
      this.unknown.push(`${this.#at(node)} ${this.#sourceOf(node)}`);
    else this.sentences.push({ at: this.#at(node), text: toText(text, 'x1') });
  }

  #findMember(node: Node, name: string): Node | undefined {
    const found = (node['properties'] as Node[]).find(
      (property) => property.type === 'Property' && nameOf(property['key']) === name,
    );
    return found?.['value'] as Node | undefined;
  }

  #at({ start }: Node): string {
    return `${this.#file}:${this.#text.slice(0, start).split('\n').length}`;
  }

  #sourceOf({ start, end }: Node): string {
    return this.#text.slice(start, end).replace(/\s+/g, ' ');
  }
}

/** What a text or a template says, with `instead` for what is put in; `instead` for anything else. */
function toText(node: Node, instead: string): string {
  if (node.type === 'Literal') return String(node['value']);
  if (node.type !== 'TemplateLiteral') return instead;
  return (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join(instead);
}

function toKind(before: string): Hole['kind'] {
  if (/ -- /.test(before)) return 'behind';
  if (/(?:^| )--\S+$|(?:^| )--$/.test(before)) return /=\S*$/.test(before) ? 'value' : 'flag';
  return /(?:^| )--?\S+ $/.test(before) ? 'value' : 'word';
}

/** Which program a tag is for: `ws`, `kubectl`, `helm`, or `run('…')`. */
function toProgram(tag: Node): Program | undefined {
  if (['ws', 'kubectl', 'helm'].includes(nameOf(tag))) return nameOf(tag) as Program;
  if (!isCall(tag, 'run')) return undefined;
  return (tag['arguments'] as Node[])[0]?.['value'] as Program | undefined;
}

function isCall(node: Node, name: string): boolean {
  return node.type === 'CallExpression' && nameOf(node['callee']) === name;
}

function nameOf(node: unknown): string {
  return isNode(node) && node.type === 'Identifier' ? String(node['name']) : '';
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}
