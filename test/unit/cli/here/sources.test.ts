import { expect, it } from 'vitest';
import type { FolderBinding } from '../../../../src/cli/here/folder-binding.ts';
import { listPlaceSources } from '../../../../src/cli/here/sources.ts';
import { readTyped, withFlagsOf } from '../../../../src/workspace/errors/typed-command.ts';

const bound = { folder: '/work', binding: { workspace: 'test' } } as FolderBinding;
const shape = (name: string) => ({ name, type: 'option' });

it.each([
  ['status', [shape('workspace')], ['test']],
  ['homes rm', [shape('namespace')], []],
])('ws %s has the workspace of the directory, if it takes one', (verb, shapes, expected) => {
  const said = listPlaceSources(readTyped(verb, ['foo'], shapes), bound);
  expect(said.map(({ value }) => value)).toEqual(expected);
});

it('what was answered is a part of the line, but for what was typed', () => {
  const line = readTyped('up', ['dev', '--size', '1Gi'], [shape('size'), shape('user')]);
  const { parts } = withFlagsOf(line, ['--size', '2Gi', '--user', 'ana']);
  expect(parts.flatMap((part) => (part.kind === 'flag' ? part.words : part.word))).toEqual([
    ...['dev', '--size', '1Gi'],
    ...['--user', 'ana'],
  ]);
});
