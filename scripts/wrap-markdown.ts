/** Breaks the paragraphs and list items of Markdown into lines of at most so many characters. */

/** Lines that stay as they are: empty ones, tables, headings, comments and pictures. */
const FIXED = /^\s*(?:$|[|#]|<!--|!\[)/;
const FENCE = /^\s*```/;
const ITEM = /^\s*(?:[-*]|\d+\.) /;
/** At the start of a line, these words would begin a list, a heading or a quotation. */
const MARK = /^(?:[-+*>]|\d+[.)]|#+)$/;

interface Block {
  isFixed: boolean;
  text: string;
}

export function wrapMarkdown(markdown: string, columns = 120): string {
  return listBlocks(markdown)
    .map(({ isFixed, text }) => (isFixed ? text : wrap(text, columns)))
    .join('\n');
}

/** Each paragraph or item becomes one block on one line; each other line is a block by itself. */
function listBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  let isCode = false;
  for (const line of markdown.split('\n')) {
    const isFixed = isCode || FENCE.test(line) || FIXED.test(line);
    if (FENCE.test(line)) isCode = !isCode;
    const last = blocks.at(-1);
    if (isFixed || ITEM.test(line) || last === undefined || last.isFixed) blocks.push({ isFixed, text: line });
    else last.text += ` ${line.trim()}`;
  }
  return blocks;
}

function wrap(text: string, columns: number): string {
  const [start = ''] = ITEM.exec(text) ?? /^\s*/.exec(text) ?? [];
  const [first = '', ...words] = listWords(text.slice(start.length));
  const lines = [start + first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if ([...longer].length <= columns || MARK.test(word)) lines[lines.length - 1] = longer;
    else lines.push(' '.repeat(start.length) + word);
  }
  return lines.join('\n');
}

/** Code between backticks is one word, with what touches it on either side. */
function listWords(text: string): string[] {
  return text.match(/(?:`[^`]*`|\S)+/g) ?? [];
}
