import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { awaitJob } from '../../../../src/cli/session/detached/await-job.ts';
import { toSessionCommand } from '../../../../src/cli/session/session-flags.ts';
import type { TmuxRequest } from '../../../../src/cli/session/words/tmux.ts';
import type { CliTerminal } from '../../../../src/cli/terminal/terminal.ts';
import { interrupted, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { toLines } from '../../../spelling.ts';

const FLAGS = { detach: false, 'keep-words': false, 'forward-agent': false };
const pipes = () => ({ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() });

/** What the wait ends with where the workspace says `heard`. */
async function wait(heard: string, status = 0) {
  const terminal = pipes() as unknown as CliTerminal;
  const { tmux } = toSessionCommand({ ...FLAGS, tmux: 'job', wait: true }, undefined, terminal);
  const ended = await awaitJob(tmux as TmuxRequest, terminal, async ({ stdout }) => {
    stdout.write(heard);
    return status;
  }).catch((error: unknown) => error);
  expect((terminal.stdout as PassThrough).read()).toBeNull();
  return ended;
}

it.each([
  ['exited-0\n', 0],
  ['exited-3\n', 3],
  ['exited-255\n', 255],
])('what the workspace says is the status: %j', async (heard, status) => {
  expect(await wait(heard)).toBe(status);
});

it.each([
  ['no-session\n', 0, 'JOB_MISSING', 'ws ssh -- tmux list-sessions'],
  ['no-job\n', 0, 'JOB_MISSING', "ws ssh -- tmux capture-pane -p -J -S - -t '=job:'"],
  ['gone\n', 0, 'JOB_LOST', 'ws ssh --tmux=job -d -- COMMAND'],
  ['lost\n', 0, 'JOB_LOST', "ws ssh -- tmux capture-pane -p -J -S - -t '=job:'"],
  ['', 143, 'CONNECTION_LOST', 'ws ssh --tmux=job --wait'],
  ['exited-999\n', 0, 'CONNECTION_LOST', 'ws ssh --tmux=job --wait'],
])('%j with status %d is %s', async (heard, status, code, first) => {
  const error = await wait(heard, status);
  expect(error).toMatchObject({ code });
  expect(toLines((error as WorkspaceError).suggestions)[0]).toContain(first);
});

it('says after Ctrl-C that the job goes on', async () => {
  const tmux = { name: 'job', isDetached: false, waits: true, job: undefined, forwardsAgent: false };
  const ended = awaitJob(tmux, pipes() as unknown as CliTerminal, () => Promise.reject(interrupted()));
  await expect(ended).rejects.toMatchObject({ code: 'INTERRUPTED', reason: 'The job in tmux session job goes on' });
});
