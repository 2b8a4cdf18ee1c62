import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../scripts/command-reference.ts';
import { splitCommand } from '../../src/cli/words/split-command.ts';
import { listCommands } from '../unit/docs/command-lines.ts';
import { listShellBlocks, ROOT, readPages } from '../unit/docs/pages.ts';
import type { UnpackedImage } from './unpacked.ts';

/** What people install for themselves. */
const BROUGHT = ['claude'];

/** What help and documents run in a workspace. A line whose program cannot be told is left out. */
function listPrograms(): string[] {
  const { commands } = JSON.parse(readFileSync(path.join(ROOT, 'oclif.manifest.json'), 'utf8')) as Manifest;
  const examples = Object.values(commands).flatMap(({ examples: lines = [] }) => lines);
  const lines = [
    ...examples.map((line) => line.replaceAll('<%= config.bin %>', 'ws')),
    ...readPages().flatMap(({ text }) => listShellBlocks(text).flat()),
  ];
  const run = lines.flatMap(listCommands).flatMap((words) => {
    const [verb, ...rest] = words;
    const program = splitCommand(rest).command?.[0]?.split(' ')[0] ?? '';
    return verb === 'ssh' && /^[a-z][a-z0-9-]*$/.test(program) && !BROUGHT.includes(program) ? [program] : [];
  });
  return [...new Set(run)].toSorted();
}

export function describeExamples(getImage: () => UnpackedImage): void {
  describe('examples of help and documents', () => {
    const programs = listPrograms();

    it('run programs in a workspace', () => expect(programs).toEqual(expect.arrayContaining(['make', 'tar', 'top'])));

    it.each(programs)('run a program that is there: %s', (program) => {
      expect(
        getImage()
          .inside(['sh', '-c', `command -v ${program}`])
          .trim(),
      ).not.toBe('');
    });
  });
}
