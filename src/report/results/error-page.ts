/** One section of docs/troubleshooting.md as a terminal shows it. */
import path from 'node:path';
import { wrap } from '../wrap.ts';

interface PageOptions {
  columns: number;
  color: boolean;
  /** Where the page's neighbours are. */
  folder: string;
}

const WIDEST = 100;

/** The section of a code: its text, and the files that it refers to. */
export function formatErrorPage(page: string, code: string, { columns, color, folder }: PageOptions): string {
  const { heading, body } = getSection(page, code);
  const width = Math.min(columns, WIDEST);
  const links = [...body.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, file = '']) => path.join(folder, file));
  const blocks = body.split(/\n{2,}/).map((block) => formatBlock(block, { width, color }));
  const more = [...new Set(links)].map((file) => `  ${file}`);
  return [
    `${color ? `\x1b[1m${code}\x1b[22m` : code}  ${heading}`,
    ...blocks,
    ...(more.length === 0 ? [] : [['Read more:', ...more].join('\n')]),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

interface Section {
  heading: string;
  body: string;
}

function getSection(page: string, code: string): Section {
  const found = findError(page, code) ?? findCause(page, code);
  if (found === undefined) throw new Error(`no section of the page is about ${code}`);
  return found;
}

/** The heading above its kind says the exit code. */
function findError(page: string, code: string): Section | undefined {
  const sections = page.split(/^## /m).slice(1);
  const at = sections.findIndex((section) => section.startsWith(`${code}\n`));
  if (at < 0) return undefined;
  const heading = sections.slice(0, at).findLast((section) => /^.*exit code/.test(section)) ?? '';
  return { heading: toFirstLine(heading).toLowerCase(), body: (sections[at] ?? '').slice(code.length).trim() };
}

/** The heading above says what goes wrong by it. */
function findCause(page: string, code: string): Section | undefined {
  const parts = page.split(/^(?=#{2,4} )/m);
  const at = parts.findIndex((part) => part.startsWith(`#### ${code}\n`));
  if (at < 0) return undefined;
  const heading = parts.slice(0, at).findLast((part) => part.startsWith('### ')) ?? '';
  const body = (parts[at] ?? '').replace(/^.*\n/, '').replace(/<!--[^]*?-->/g, '');
  return { heading: toFirstLine(heading.slice('### '.length)), body: body.trim() };
}

function toFirstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

function formatBlock(block: string, { width, color }: { width: number; color: boolean }): string {
  const lines = block.split('\n');
  if (lines[0]?.startsWith('|')) return formatTable(lines, { width, color });
  const items = block.split(/\n(?=- )/);
  return items
    .map((item) => {
      const indent = item.startsWith('- ') ? '  ' : '';
      const text = toText(item.replace(/^- /, ''), color);
      const broken = wrapStyled(text, width - indent.length);
      return broken.map((line, index) => (indent === '' ? line : `${index === 0 ? '- ' : indent}${line}`)).join('\n');
    })
    .join('\n');
}

/** Each row as a term and what is said of it: a table of sentences is wider than a terminal. */
function formatTable(lines: string[], { width, color }: { width: number; color: boolean }): string {
  const [heads = [], ...rows] = lines.filter((line) => !/^\|[\s|-]+\|$/.test(line)).map(toCells);
  const sayCell = (cell: string, index: number) => {
    const head = heads[index + 1] ?? '';
    const text = toText(head.endsWith('helps') ? `W${head.slice(1)}: ${cell}` : cell, color);
    return wrapStyled(text, width - 2).map((line) => `  ${line}`);
  };
  return rows.map(([term = '', ...cells]) => [toText(term, color), ...cells.flatMap(sayCell)].join('\n')).join('\n');
}

function toCells(row: string): string[] {
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** Without links; what is code has a colour, or its marks. */
function toText(markdown: string, color: boolean): string {
  const text = markdown
    .replaceAll(/ *\n */g, ' ')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*([^*]+)\*/g, '$1');
  return color ? text.replaceAll(/`([^`]+)`/g, '\x1b[36m$1\x1b[39m') : text;
}

/** Breaks lines by what is seen of them. A colour goes on in the next line. */
function wrapStyled(text: string, width: number): string[] {
  const plain = wrap(text.replaceAll(/\x1b\[\d+m/g, ''), width);
  if (!text.includes('\x1b')) return plain;
  const styled = text.split(' ');
  let at = 0;
  return plain.map((line) => {
    const count = line.split(' ').length;
    at += count;
    return styled.slice(at - count, at).join(' ');
  });
}
