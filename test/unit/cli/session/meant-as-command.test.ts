import { expect, it } from 'vitest';
import type Ssh from '../../../../src/commands/ssh.ts';
import type { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { toLines } from '../../../spelling.ts';
import { makeCommand } from '../command/make-command.ts';

it.each<[string, string, string[]]>([
  ['./run.sh fast', 'BAD_WORKSPACE_NAME', ['ws ssh -- ./run.sh fast']],
  ['-A ./run.sh', 'BAD_WORKSPACE_NAME', ['ws ssh -A -- ./run.sh']],
  ['make -j4', 'BAD_VALUE', ['ws ssh -- make -j4', 'ws ssh --help']],
  ['ls -la x', 'BAD_VALUE', ['ws ssh -- ls -la x', 'ws ssh --help']],
])('ws ssh %s is %s, with the line that may have been meant', async (line, code, expected) => {
  const error = (await makeCommand<Ssh>('ssh', line.split(' ')).catch((thrown: unknown) => thrown)) as WorkspaceError;
  expect(error.code).toBe(code);
  expect(toLines(error.suggestions).slice(0, expected.length)).toEqual(expected);
});

it.each(['-X dev', 'me@dev! ls', 'dev --context'])('ws ssh %s is no command', async (line) => {
  const error = (await makeCommand<Ssh>('ssh', line.split(' ')).catch((thrown: unknown) => thrown)) as WorkspaceError;
  expect(toLines(error.suggestions).filter((one) => one.startsWith('ws ssh -- '))).toEqual([]);
});
