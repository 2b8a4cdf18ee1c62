import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Manifest } from '../../../../scripts/command-reference.ts';
import { splitCommand } from '../../../../src/cli/words/split-command.ts';

const split = (line: string) => splitCommand(line.split(' '));

it.each<[string, string[], string[] | undefined]>([
  ['dev', ['dev'], undefined],
  ['dev make test', ['dev'], ['make', 'test']],
  ['dev ls -la', ['dev'], ['ls', '-la']],
  ['dev -t htop -d 5', ['dev', '-t'], ['htop', '-d', '5']],
  ['-t dev htop', ['-t', 'dev'], ['htop']],
  ['dev -- -x', ['dev'], ['-x']],
  ['-- make', [], ['make']],
  ['dev --', ['dev'], []],
  ['-w dev make test', ['-w', 'dev'], ['make', 'test']],
  ['--workspace=dev make', ['--workspace=dev'], ['make']],
  ['-tw dev make', ['-tw', 'dev'], ['make']],
  ['-wdev make', ['-wdev'], ['make']],
  ['dev -w dev make', ['dev', '-w', 'dev'], ['make']],
  ['dev -L 3000 make', ['dev', '-L', '3000'], ['make']],
  ['dev -L3000 make', ['dev', '-L3000'], ['make']],
  [
    '-i key -L 3000 --context kind dev make -i',
    ['-i', 'key', '-L', '3000', '--context', 'kind', 'dev'],
    ['make', '-i'],
  ],
  ['--context=kind dev make --context x', ['--context=kind', 'dev'], ['make', '--context', 'x']],
  ['dev --tmux=job claude --resume', ['dev', '--tmux=job'], ['claude', '--resume']],
  ['--tmux dev claude', ['--tmux', 'dev'], ['claude']],
  ['dev make -- all', ['dev'], ['make', '--', 'all']],
  ['dev -A --context -- x', ['dev', '-A', '--context'], ['x']],
])('ws ssh %s', (line, before, command) => {
  expect(split(line)).toMatchObject({ before, command });
});

it('knows what may have been a command from its first word on, and its flags without the place', () => {
  expect(split('make test').meant).toEqual({ words: ['make', 'test'], flags: [], isSession: false });
  expect(split('-n team -t --tmux job').meant).toEqual({ words: ['job'], flags: ['-t', '--tmux'], isSession: true });
  expect(split('--tmux job -d -- make').meant).toEqual({
    words: ['job', 'make'],
    flags: ['--tmux', '-d'],
    isSession: true,
  });
  expect(split('--context kind -L 3000 make all -j4').meant).toEqual({
    words: ['make', 'all', '-j4'],
    flags: ['-L', '3000'],
    isSession: false,
  });
  expect(split('-A ls -t -L 3000 x').meant?.words).toEqual(['ls', '-t', '-L', '3000', 'x']);
  expect(split('-A head -n 5 log').meant?.misplaced).toEqual(['-A', '--', 'head', '-n', '5', 'log']);
  expect(split('make -- test').meant).toBeUndefined();
  expect(split('-w dev make').meant).toBeUndefined();
});

it('takes the flags with a value for what they are', () => {
  const manifest = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest;
  for (const { name, char, type } of Object.values(manifest.commands['ssh']?.flags ?? {})) {
    if (name === 'tmux') continue;
    for (const flag of [`--${name}`, ...(char === undefined ? [] : [`-${char}`])]) {
      const value = type === 'option' ? ['value'] : [];
      const words = name === 'workspace' ? [flag, ...value, 'make'] : ['dev', flag, ...value, 'make'];
      expect(splitCommand(words).command, flag).toEqual(['make']);
    }
  }
});
