/** What `ws use` says of a name that it has bound. */
import { describe, expect, it } from 'vitest';
import { seeWorkspace } from '../../../../src/operations/look/see-workspace.ts';
import { toHints } from '../../../../src/report/hints.ts';
import { formatBound } from '../../../../src/report/results/meaning.ts';
import { namespaceMissing } from '../../../../src/workspace/errors/missing-namespace.ts';
import { toMeaning } from '../../../../src/workspace/naming/meaning.ts';
import type { Sight } from '../../../../src/workspace/naming/sight.ts';
import { spellHere } from '../../../spelling.ts';
import { snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, NEVER } from '../fake-world.ts';

const binding = { workspace: 'wep', context: 'kind', namespace: 'team' };

function say(sight: Sight, before?: string): string[] {
  const bound = { folder: '/project', binding };
  const meaning = toMeaning({ flags: {}, variables: {}, bound }, { context: 'kind', namespace: 'team' }, sight);
  const [head, ...lines] = formatBound(meaning, sight, {
    spell: spellHere,
    before: before === undefined ? undefined : { folder: '/project', binding: { workspace: before } },
  }).split('\n');
  expect(head).toBe('Commands in /project and below now mean workspace wep in namespace team of context kind.');
  expect(meaning.state).toBe('absent');
  // A program that reads JSON is told the same.
  const { message, suggestions = [] } = meaning.problem ?? {};
  expect([
    message,
    ...suggestions.flatMap((suggestion) => toHints(suggestion, spellHere)).map((hint) => `  ${hint}`),
  ]).toEqual(before === undefined ? lines : lines.slice(0, -2));
  return lines;
}

describe('a name that is not there', () => {
  it('is told with those that are, and the nearest of them first', async () => {
    const { world } = fakeWorld({
      cluster: {
        findWorkspace: async () => undefined,
        listWorkspaces: async () => ['api', 'web'].map((name) => snapshot({ name })),
      },
    });
    const sight = await seeWorkspace('wep', world, NEVER);
    expect(sight).toEqual({ kind: 'absent', names: ['api', 'web'], near: 'web' });
    expect(say(sight)).toEqual([
      'There is none of this name yet. There is: api, web',
      '  ws use web',
      '  ws up',
      '    makes it',
    ]);
  });

  it('leads back to what the directory meant before', () => {
    expect(say({ kind: 'absent', names: ['api', 'web'] }, 'api').slice(-2)).toEqual([
      'It meant api before. To go back:',
      '  ws use api',
    ]);
  });

  it('leads once to what the directory meant before where that is the nearest as well', () => {
    const sight: Sight = { kind: 'absent', names: ['api', 'web'], near: 'web' };
    const before = { folder: '/project', binding: { workspace: 'web' } };
    const bound = { folder: '/project', binding };
    const meaning = toMeaning({ flags: {}, variables: {}, bound }, { context: 'kind', namespace: 'team' }, sight);
    expect(formatBound(meaning, sight, { spell: spellHere, before }).split('\n').slice(1)).toEqual([
      'There is none of this name yet. There is: api, web',
      '  ws up',
      '    makes it',
      'It meant web before. To go back:',
      '  ws use web',
    ]);
  });

  it('is told with ten of many, and like none of them', () => {
    const names = Array.from({ length: 12 }, (_, index) => `dev-${index}`);
    expect(say({ kind: 'absent', names })).toEqual([
      `There is none of this name yet. There is: ${names.slice(0, 10).join(', ')}, and 2 more`,
      '  ws up',
      '    makes it',
    ]);
  });

  it('is the first one', () => {
    expect(say({ kind: 'absent', names: [] })).toEqual(['There is none yet. Make it:', '  ws up']);
  });

  it('is in a namespace that is not there either', () => {
    expect(say({ kind: 'nowhere', fault: namespaceMissing('wep', 'team', ['teams']) })).toEqual([
      'There is no namespace team.',
      '  ws ls --namespace teams',
      '  ws up wep --namespace team --create-namespace',
    ]);
  });
});
