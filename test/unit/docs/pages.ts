/** The project's pages for people, as the tests of this folder read them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../../..');

export interface Page {
  /** From the repository's root. */
  file: string;
  text: string;
}

export function readPages(): Page[] {
  const inDocs = readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name));
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', ...inDocs].map((file) => ({
    file,
    text: readFileSync(path.join(ROOT, file), 'utf8'),
  }));
}

export function readSources(): Page[] {
  return readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.join('src', name))
    .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));
}

/** The sentences of comments. Lines of `//` that follow each other are one comment. */
export function listCommentSentences(text: string): string[] {
  const comments = text.matchAll(/^[ \t]*\/\*\*?([\s\S]*?)\*\/|((?:^[ \t]*\/\/.*\n)+)|[;,{] \/\/(.*)$/gm);
  return [...comments].flatMap(([, block, lines, end]) =>
    listSentences((block ?? lines ?? end ?? '').replace(/^[ \t]*(?:\/\/|\*) ?/gm, '')),
  );
}

/** The lines outside of tables and fenced blocks, with their numbers. */
export function listProseLines(text: string): { at: number; line: string }[] {
  let isCode = false;
  return text.split('\n').flatMap((line, index) => {
    const isFence = line.startsWith('```');
    if (isFence) isCode = !isCode;
    return isCode || isFence || line.startsWith('|') ? [] : [{ at: index + 1, line }];
  });
}

/** The sentences of paragraphs, items and cells, without their stops. A piece of code counts as one word. */
export function listSentences(text: string): string[] {
  const blocks = text
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/^(?:#|<!--|!\[).*$/gm, '\n')
    .replace(/`[^`]*`/g, 'code')
    .replace(/\]\([^)]*\)/g, ']')
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )|\n?\|/);
  return blocks
    .flatMap((block) => block.replace(/^\s*(?:[-*]|\d+\.) /, '').split(/[.!?:;]["”)*]*(?:\s+|$)/))
    .map((sentence) => sentence.trim().replaceAll(/\s+/g, ' '))
    .filter((sentence) => /\w/.test(sentence));
}

/** The commands of each `sh` block, as one types them: a line that ends with a backslash goes on in the next. */
export function listShellBlocks(text: string): string[][] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, body = '']) =>
    body
      .replaceAll(/^#.*$/gm, '')
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .map(stripComment)
      .filter((line) => line !== ''),
  );
}

/** A `#` after a space begins a comment, unless it is quoted. */
function stripComment(line: string): string {
  return line.replace(/^((?:'[^']*'|"[^"]*"|[^'"#]|(?<! )#)*) #.*$/, '$1').trim();
}

/** As GitHub names the headings of a page. */
export function listAnchors(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/ /g, '-'),
  );
}

/** Relative targets of links and pictures, outside of code. */
export function listTargets({ text }: Page): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}
