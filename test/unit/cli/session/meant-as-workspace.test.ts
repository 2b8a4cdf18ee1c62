import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { tellMeantWorkspace } from '../../../../src/cli/session/end/tell-meant.ts';
import { withMeantWorkspace } from '../../../../src/cli/session/words/meant-as-workspace.ts';
import { splitCommand } from '../../../../src/cli/words/split-command.ts';
import type Ssh from '../../../../src/commands/ssh.ts';
import { ambiguous } from '../../../../src/operations/checks/select-workspace.ts';
import type { Spell } from '../../../../src/workspace/errors/spell.ts';
import type { World } from '../../../../src/workspace/world.ts';
import { fakeWorld, NEVER } from '../../operations/fake-world.ts';
import { keptHome, snapshot } from '../../workspace/snapshots.ts';
import { makeCommand } from '../command/make-command.ts';

const ALL = [snapshot({ name: 'ci' }), snapshot({ name: 'dev' }), { ...keptHome(), name: 'old' }];
const { world } = fakeWorld({ cluster: { findWorkspace: async (name) => ALL.find((one) => one.name === name) } });

/** What is said after the command of `ws ssh WORDS` was not found. */
async function tell(line: string, open: () => Promise<Pick<World, 'cluster'>> = async () => world): Promise<string> {
  const words = line.split(' ');
  const command = await makeCommand<Ssh>('ssh', words);
  const { spell } = command as unknown as { spell: Spell };
  const stderr = new PassThrough({ encoding: 'utf8' });
  await tellMeantWorkspace(splitCommand(words), { stderr }, { spell, openWorld: open }, NEVER);
  return stderr.read() ?? '';
}

it.each([
  ['-- ci make -j4', 'ws ssh ci -- make -j4'],
  ['-- ci', 'ws ssh ci'],
  ['-- ci -p 22', 'ws ssh ci'],
  ['-A --no-share -- ci make', 'ws ssh ci -A --no-share -- make'],
])('ws ssh %s was meant for the workspace', async (line, expected) => {
  expect(await tell(line)).toBe(
    `ws: ci was run as a command, because it stands behind --. As the workspace: ${expected}\n`,
  );
});

it.each(['-- make ci', '-- old ls', 'dev -- ci make', '-w dev -- ci make', '-- ./ci x', 'dev ci make', '--'])(
  'ws ssh %s was not: nothing is said',
  async (line) => {
    expect(await tell(line)).toBe('');
  },
);

it('is no error of its own where nobody can be asked', async () => {
  expect(await tell('-- ci make', () => Promise.reject(new Error('no cluster')))).toBe('');
});

it('is the first answer where several workspaces can be meant', async () => {
  const words = ['--', 'ci', 'make'];
  const { spell } = (await makeCommand<Ssh>('ssh', words)) as unknown as { spell: Spell };
  const error = withMeantWorkspace(ambiguous(ALL.slice(0, 2), world), splitCommand(words).behind);
  expect(error).toMatchObject({
    code: 'WORKSPACE_AMBIGUOUS',
    reason: 'ci, dev; what stands behind -- is the command',
    candidates: [{ name: 'ci' }, { name: 'dev' }],
  });
  expect(error.suggestions.slice(0, 3).map((one) => spell(one).line)).toEqual([
    'ws ssh ci -- make',
    'ws ssh ci -- ci make',
    'ws ssh dev -- ci make',
  ]);
  const other = ambiguous(ALL.slice(0, 2), world);
  expect(withMeantWorkspace(other, ['make', 'ci'])).toBe(other);
});
