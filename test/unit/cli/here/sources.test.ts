import { expect, it } from 'vitest';
import type { FolderBinding } from '../../../../src/cli/here/folder-binding.ts';
import { listPlaceSources, nameSources } from '../../../../src/cli/here/sources.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { type Suggestion, ws } from '../../../../src/workspace/errors/suggestion.ts';
import { readTyped, withFlagsOf } from '../../../../src/workspace/errors/typed-command.ts';
import { toLines } from '../../../spelling.ts';

const bound = { folder: '/work', binding: { workspace: 'test' } } as FolderBinding;
const shape = (name: string) => ({ name, type: 'option' });

it.each([
  ['status', [shape('workspace')], ['test']],
  ['homes rm', [shape('namespace')], []],
])('ws %s has the workspace of the directory, if it takes one', (verb, shapes, expected) => {
  const said = listPlaceSources(readTyped(verb, ['foo'], shapes), bound);
  expect(said.map(({ value }) => value)).toEqual(expected);
});

it.each<[string, Suggestion[], string]>([
  [
    'the nearest one',
    [
      { ...ws`ssh`, workspace: 'api', again: { verb: 'typed' } },
      { ...ws`up`, workspace: 'apl' },
    ],
    'ws use api',
  ],
  ['none', [ws`ls --all-namespaces`], "ws use ''"],
])('a name of ws use that is not there leads to %s for the directory', (_what, suggestions, expected) => {
  const missing = failure('WORKSPACE_MISSING', { message: 'There is no workspace apl', suggestions });
  const said = [{ flag: 'workspace', value: 'apl', source: 'ws use in /work' }];
  const error = nameSources(missing, said) as WorkspaceError;
  expect(error.reason).toBe('apl comes from ws use in /work');
  expect(toLines(error.suggestions).at(-1)).toBe(expected);
});

it('what was answered is a part of the line, but for what was typed', () => {
  const line = readTyped('up', ['dev', '--size', '1Gi'], [shape('size'), shape('user')]);
  const { parts } = withFlagsOf(line, ['--size', '2Gi', '--user', 'ana']);
  expect(parts.flatMap((part) => (part.kind === 'flag' ? part.words : part.word))).toEqual([
    ...['dev', '--size', '1Gi'],
    ...['--user', 'ana'],
  ]);
});
