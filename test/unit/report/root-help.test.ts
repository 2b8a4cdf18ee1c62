import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { formatRootHelp } from '../../../src/report/results/root-help.ts';

const help = {
  description: 'A workspace.',
  topics: [{ name: 'keys', summary: 'The keys' }],
  commands: [
    { name: 'completion', summary: 'Print a script that lets your shell complete commands' },
    { name: 'up', summary: 'Bring it up' },
  ],
};

it('shows what to type first, and names in one column with summaries that keep to theirs', () => {
  const lines = formatRootHelp(help, { columns: 40, color: false }).split('\n');
  expect(lines[0]).toBe('A workspace.');
  expect(lines.filter((line) => /^[A-Z]+$/.test(line))).toEqual(['EXAMPLES', 'USAGE', 'TOPICS', 'COMMANDS']);
  expect(lines.slice(lines.indexOf('COMMANDS') + 1)).toEqual([
    '  completion  Print a script that lets',
    '              your shell complete',
    '              commands',
    '  up          Bring it up',
    '',
    '',
  ]);
});

it('colours nothing but titles, and those only where colours are wanted', () => {
  const plain = formatRootHelp(help, { columns: 80, color: false });
  const coloured = formatRootHelp(help, { columns: 80, color: true });
  expect(plain).not.toContain('\x1b');
  expect(coloured).toContain('\x1b[1mCOMMANDS\x1b[22m\n');
  expect(stripVTControlCharacters(coloured)).toBe(plain);
});
