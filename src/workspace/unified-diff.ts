/** The difference of two texts as `diff -u` prints it. */

const CONTEXT = 3;

interface Edit {
  kind: ' ' | '-' | '+';
  line: string;
}

/** '' when they are the same. `/dev/null` stands for a file that is not there. */
export function toUnifiedDiff(before: string, after: string, path: string): string {
  if (before === after) return '';
  const edits = toEdits(splitLines(before), splitLines(after));
  const head = `--- ${before === '' ? '/dev/null' : path}\n+++ ${after === '' ? '/dev/null' : path}\n`;
  return head + toHunks(edits).join('');
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Beginning and end are nearly always the same, and cost nothing then. */
function toEdits(before: string[], after: string[]): Edit[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const keep = (line: string): Edit => ({ kind: ' ', line });
  return [
    ...before.slice(0, head).map(keep),
    ...toShortestEdits(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(keep),
  ];
}

/** What both have in common, in order, stays. */
function toShortestEdits(before: string[], after: string[]): Edit[] {
  // lengths[i][j]: how much is common to before from i on and after from j on.
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const row = lengths[i] as Uint32Array;
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, next] = [before[i], after[j]];
    if (old !== undefined && old === next) {
      edits.push({ kind: ' ', line: old });
      i += 1;
      j += 1;
    } else if (old !== undefined && (next === undefined || at(i + 1, j) >= at(i, j + 1))) {
      edits.push({ kind: '-', line: old });
      i += 1;
    } else {
      edits.push({ kind: '+', line: next ?? '' });
      j += 1;
    }
  }
  return edits;
}

function toHunks(edits: Edit[]): string[] {
  const isNear = (index: number) =>
    edits.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((edit) => edit.kind !== ' ');
  const hunks: string[] = [];
  let [oldLine, newLine] = [1, 1];
  for (let index = 0; index < edits.length; ) {
    if (!isNear(index)) {
      oldLine += 1;
      newLine += 1;
      index += 1;
      continue;
    }
    let end = index;
    while (end < edits.length && isNear(end)) end += 1;
    const hunk = edits.slice(index, end);
    const olds = hunk.filter((edit) => edit.kind !== '+').length;
    const news = hunk.filter((edit) => edit.kind !== '-').length;
    // An empty side counts from the line before it.
    const range = (start: number, count: number) => `${count === 0 ? start - 1 : start},${count}`;
    hunks.push(`@@ -${range(oldLine, olds)} +${range(newLine, news)} @@\n${hunk.map(formatEdit).join('')}`);
    oldLine += olds;
    newLine += news;
    index = end;
  }
  return hunks;
}

function formatEdit({ kind, line }: Edit): string {
  return line.endsWith('\n') ? kind + line : `${kind}${line}\n\\ No newline at end of file\n`;
}
