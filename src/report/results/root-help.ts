/** What `ws --help` shows: what to type first, then everything else. */
import { breakLines } from '../break-lines.ts';
import { toSigns } from '../signs.ts';

export interface HelpEntry {
  name: string;
  summary: string;
}

export interface RootHelp {
  description: string;
  topics: HelpEntry[];
  commands: HelpEntry[];
}

/** The day's commands, in the order of a day. */
const FIRST_WORDS = [
  '$ ws up                    make a workspace, or go back to it',
  '$ ws ssh -- make test      run a command there',
  '$ ws forward 3000          reach its port 3000 here',
  '$ ws down --keep-home      take it down, keep the home',
  '$ ws doctor                see what is missing, and how to mend it',
];

export function formatRootHelp(help: RootHelp, options: { columns: number; color: boolean }): string {
  const title = (text: string) => (options.color ? `\x1b[1m${text}\x1b[22m` : text);
  const section = (name: string, lines: string[]) => [title(name), ...lines.map((line) => `  ${line}`)].join('\n');
  const list = (entries: HelpEntry[]) => toList(entries, options.columns);
  const sections = [
    help.description,
    section('EXAMPLES', FIRST_WORDS),
    section('USAGE', ['$ ws help COMMAND   says more about a command', '$ ws help CODE      says more about an error']),
    section('TOPICS', list(help.topics)),
    section('COMMANDS', list(help.commands)),
    '',
  ];
  return toSigns(sections.join('\n\n'));
}

/** Names in one column, and beside each its summary over as many lines as it takes. */
function toList(entries: HelpEntry[], columns: number): string[] {
  const indent = Math.max(...entries.map(({ name }) => name.length)) + 2;
  return entries.flatMap(({ name, summary }) =>
    breakLines(summary, columns - indent - 2, ({ length }) => length).map(
      (line, index) => (index === 0 ? name : '').padEnd(indent) + line,
    ),
  );
}
