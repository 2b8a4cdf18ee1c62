import { expect, it } from 'vitest';
import { explainMissing } from '../../../../src/cli/session/explain-missing.ts';
import type { SshRequest } from '../../../../src/cli/session/requests.ts';
import { splitCommand } from '../../../../src/cli/words/split-command.ts';
import type Ssh from '../../../../src/commands/ssh.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { spell } from '../../../../src/workspace/errors/spell.ts';
import { ws } from '../../../../src/workspace/errors/suggestion.ts';
import { toLines } from '../../../spelling.ts';
import { fakeWorld, NEVER } from '../../operations/fake-world.ts';
import { keptHome, snapshot } from '../../workspace/snapshots.ts';
import { findCommand } from '../command/make-command.ts';

/** What `ws ssh` says before it asks anybody. */
async function faultOf(line: string): Promise<WorkspaceError> {
  const command = await findCommand<Ssh>('ssh', line.split(' '));
  try {
    await command.init();
    command.toRequest();
  } catch (error) {
    return (await command.propose(error as Error)) as WorkspaceError;
  }
  throw new Error(`nothing is wrong with: ws ssh ${line}`);
}

it.each(['ls -d x', 'sort -R log', '-A --context kind uname -a'])(
  'ws ssh %s names no workspace twice',
  async (line) => {
    const [first] = (await faultOf(line)).suggestions;
    const situation = { place: { context: 'kind' }, workspace: 'ls' };
    const typed = line.replace(/(?=ls|sort|uname)/, '-- ');
    expect(spell(first ?? ws`help`, situation).line).toBe(`ws ssh ${typed}`);
  },
);

it.each<[string, string, string[]]>([
  ['./run.sh fast', 'BAD_WORKSPACE_NAME', ['ws ssh -- ./run.sh fast']],
  ['-A ./run.sh', 'BAD_WORKSPACE_NAME', ['ws ssh -A -- ./run.sh']],
  ['--tmux My_Job -d -- make -j4', 'BAD_WORKSPACE_NAME', ['ws ssh --tmux=My_Job -d -- make -j4']],
  ['--tmux My_Job -d', 'BAD_WORKSPACE_NAME', ['ws ssh --tmux=My_Job -d']],
  ['dev --tmux job -d', 'BAD_VALUE', ['ws ssh --tmux=job -d']],
  ['dev --tmux job -d -- make -j4', 'BAD_VALUE', ['ws ssh --tmux=job -d -- make -j4']],
  ['make -j4', 'BAD_VALUE', ['ws ssh -- make -j4', 'ws ssh --help']],
  ['ls -la x', 'BAD_VALUE', ['ws ssh -- ls -la x', 'ws ssh --help']],
  ['uname -a', 'BAD_VALUE', ['ws ssh -- uname -a', 'ws ssh uname --forward-agent']],
  ['tail -f log', 'BAD_VALUE', ['ws ssh -- tail -f log', 'ws ssh --help']],
  ['python -m http.server', 'BAD_VALUE', ['ws ssh -- python -m http.server']],
  ['web -l ana true', 'BAD_VALUE', ['ws ssh -- web -l ana true', 'ws ssh web true']],
  ['top -p 1234', 'BAD_VALUE', ['ws ssh -- top -p 1234', 'ws ssh top']],
  ['ps -o pid=', 'BAD_VALUE', ['ws ssh -- ps -o pid=', 'ws ssh --help']],
  ['-A make -t -j4 test', 'BAD_VALUE', ['ws ssh -A -- make -t -j4 test']],
  ['./run.sh -t fast', 'BAD_WORKSPACE_NAME', ['ws ssh -- ./run.sh -t fast']],
  ['ls -d x', 'BAD_VALUE', ['ws ssh -- ls -d x', 'ws ssh --tmux=main --detach -- x']],
  ['-d --tmux make -j4', 'BAD_VALUE', ['ws ssh -d --tmux -- make -j4']],
  ['ps -w x', 'CONFLICTING_FLAGS', ['ws ssh -- ps -w x']],
  ['curl -L http://x:y', 'BAD_MAPPING', ['ws ssh -- curl -L http://x:y']],
  ['sort -R log', 'BAD_MAPPING', ['ws ssh -- sort -R log']],
])('ws ssh %s is %s, with the line that may have been meant', async (line, code, expected) => {
  const error = await faultOf(line);
  expect(error.code).toBe(code);
  expect(toLines(error.suggestions).slice(0, expected.length)).toEqual(expected);
});

it.each([
  ['dev --timeout 5s -- true', ['ws ssh dev --wait-timeout 5s -- true', 'ws ssh --help']],
  ['ci --timeout=5s -- true', ['ws ssh ci --wait-timeout=5s -- true', 'ws ssh --help']],
  ['ci --nope 5 -- true', ['ws ssh --help']],
  ['dev --nope', ['ws ssh --help']],
  ['web -p 22', ['ws ssh web', 'ws ssh --help']],
  ['web -p 2222 -l ana', ['ws ssh web', 'ws ssh --help']],
  ['-p 22 -o StrictHostKeyChecking=no web true', ['ws ssh web true', 'ws ssh --help']],
  ['web -L 8080:3000 -N', ['ws forward web 8080:3000', 'ws ssh --help']],
  ['web -p 22 -L 8080:3000 -N', ['ws forward web 8080:3000', 'ws ssh --help']],
])('ws ssh %s is meant for a workspace, and its name is no command', async (line, expected) => {
  expect(toLines((await faultOf(line)).suggestions)).toEqual(expected);
});

it.each(['-X dev', 'me@dev! ls', 'dev --context'])('ws ssh %s is no command', async (line) => {
  const error = await faultOf(line);
  expect(toLines(error.suggestions).filter((one) => one.startsWith('ws ssh -- '))).toEqual([]);
});

it.each([
  ['--tmux job -d', 'ws ssh web --context kind --tmux=job -d'],
  ['-A --tmux job -d -- make -j4', 'ws ssh web --context kind -A --tmux=job -d -- make -j4'],
  ['make all', 'ws ssh web --context kind -- make all'],
  ['git status', 'ws ssh web --context kind -- git status'],
  ['uname -t', 'ws ssh web --context kind -- uname -t'],
  ['-t ls -A -i x /tmp', 'ws ssh web --context kind -t -- ls -A -i x /tmp'],
  ['make --context kind -t all', 'ws ssh web --context kind -- make -t all'],
  ['head -n 5 log', 'ws ssh -- head -n 5 log'],
  ['-A head -qn5 log', 'ws ssh -A -- head -qn5 log'],
])('ws ssh %s, where there is no such workspace, was meant for the one that is there', async (line, expected) => {
  const { world } = fakeWorld({ cluster: { listWorkspaces: async () => [snapshot({ name: 'web' })] } });
  const request = { meant: splitCommand(line.split(' ')).meant, place: { context: 'kind' } } as SshRequest;
  const missing = failure('WORKSPACE_MISSING', { message: 'There is no workspace' });
  const error = await explainMissing(missing, request, world, NEVER).catch((thrown: unknown) => thrown);
  const lines = (error as WorkspaceError).suggestions.map((one) => spell(one, { place: request.place }).line);
  expect(lines).toEqual([expected]);
});

it.each([
  ['uname -a', 'ws ssh web uname -a'],
  ['make -j4 test', 'ws ssh web make -j4 test'],
  ['ls -t /tmp', 'ws ssh web ls -t /tmp'],
])('ws ssh %s names the one workspace before the words as they were typed', async (line, expected) => {
  const { world } = fakeWorld({ cluster: { listWorkspaces: async () => [snapshot({ name: 'web' })] } });
  const request = { meant: splitCommand(line.split(' ')).meant, place: {} } as SshRequest;
  const missing = failure('WORKSPACE_MISSING', { message: 'There is no workspace' });
  const error = await explainMissing(missing, request, world, NEVER).catch((thrown: unknown) => thrown);
  expect(toLines((error as WorkspaceError).suggestions)).toEqual([expected]);
});

it.each(['dev -n nope true', 'head -n 5 log', 'make all'])(
  'ws ssh %s, in a wrong place, is read as it was',
  async (line) => {
    const { world } = fakeWorld({ cluster: { listWorkspaces: async () => [snapshot({ name: 'web' })] } });
    const request = { meant: splitCommand(line.split(' ')).meant, place: {} } as SshRequest;
    for (const code of ['NAMESPACE_MISSING', 'CONTEXT_UNKNOWN', 'KUBECONFIG_MISSING', 'KUBECONFIG_INVALID'] as const) {
      const error = failure(code, { message: 'It is not there', suggestions: [ws`ls`] });
      await expect(explainMissing(error, request, world, NEVER)).rejects.toBe(error);
    }
  },
);

it('ws ssh head -n 5 log, read as a namespace 5 that is not there, leads to the command first', async () => {
  const { world } = fakeWorld({ cluster: {} });
  const request = { meant: splitCommand('head -n 5 log'.split(' ')).meant, place: { namespace: '5' } } as SshRequest;
  const missing = failure('NAMESPACE_MISSING', { message: 'It is not there', suggestions: [ws`ls`] });
  const error = await explainMissing(missing, request, world, NEVER).catch((thrown: unknown) => thrown);
  expect(toLines((error as WorkspaceError).suggestions)).toEqual(['ws ssh -- head -n 5 log', 'ws ls']);
});

it.each(['dev', 'ws-dev', 'dev make'])('ws ssh %s means the workspace of which the home was kept', async (line) => {
  const kept = { ...keptHome(), name: 'dev' };
  const { world } = fakeWorld({ cluster: { listWorkspaces: async () => [snapshot({ name: 'web' }), kept] } });
  const words = line.split(' ');
  const request = {
    meant: { words, flags: [], isSession: false },
    place: { context: 'kind' },
  } as unknown as SshRequest;
  const missing = failure('WORKSPACE_MISSING', { message: 'It is not here', suggestions: [ws`up dev`] });
  await expect(explainMissing(missing, request, world, NEVER)).rejects.toBe(missing);
});
