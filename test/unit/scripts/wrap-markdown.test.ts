import { expect, it } from 'vitest';
import { wrapMarkdown } from '../../../scripts/wrap-markdown.ts';
import { listProseLines, readPages } from '../docs/pages.ts';

it('breaks paragraphs and items between words, and indents an item', () => {
  expect(wrapMarkdown('one two three\nfour\n\n- one two three\n1. one two three', 9)).toBe(
    'one two\nthree\nfour\n\n- one two\n  three\n1. one\n   two\n   three',
  );
});

it('leaves tables, headings and code as they are', () => {
  const text = '# one two three\n\n| one | two three |\n\n```sh\none two three\n```\n\n![one two](three)\n';
  expect(wrapMarkdown(text, 5)).toBe(text);
});

it('keeps a piece of code whole, and starts no line with the mark of a list', () => {
  expect(wrapMarkdown('one `two three four` - five', 8)).toBe('one\n`two three four` -\nfive');
});

it.each(readPages())('changes no word of $file, and no line that is code or a table', ({ text }) => {
  const wrapped = wrapMarkdown(text);
  const words = (page: string) => page.split(/\s+/).join(' ');
  expect(words(wrapped)).toBe(words(text));
  const proseOf = new Set(listProseLines(wrapped).map(({ line }) => line));
  const kept = text.split('\n').filter((line) => line.startsWith('|'));
  expect(wrapped.split('\n').filter((line) => !proseOf.has(line) && line.startsWith('|'))).toEqual(kept);
});

it.each(readPages())('breaks $file as it breaks its own result', ({ text }) => {
  const once = wrapMarkdown(text);
  expect(wrapMarkdown(once)).toBe(once);
});
