/** What `ws ssh --tmux=NAME --wait` hears from the workspace, and what it ends with. */
import { Writable } from 'node:stream';
import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { type Command, ws } from '../../../workspace/errors/suggestion.ts';
import { tellIfInterrupted } from '../../../workspace/errors/tell-if-interrupted.ts';
import { JOB_GONE, NO_JOB, NO_SESSION, parseJobState } from '../../../workspace/jobs/job.ts';
import type { CliTerminal } from '../../terminal/terminal.ts';
import { attachLine, readLine, type TmuxRequest, waitLine } from '../words/tmux.ts';

/**
 * The job's own status. `run` runs the wait on a terminal that prints nothing. Throws `JOB_MISSING` where there is no
 * job, and `JOB_LOST` for one whose status nobody knows.
 */
export async function awaitJob(
  { name }: TmuxRequest,
  terminal: CliTerminal,
  run: (terminal: CliTerminal) => Promise<number>,
): Promise<number> {
  const chunks: Buffer[] = [];
  const stdout = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      chunks.push(Buffer.from(chunk as string));
      done();
    },
  });
  const told = { outcome: `The job in tmux session ${name} goes on`, suggestions: [waitLine(name)] };
  const status = await tellIfInterrupted(
    () => told,
    () => run({ ...terminal, stdout }),
  );
  const heard = Buffer.concat(chunks).toString('utf8').trim();
  const job = parseJobState(heard);
  if (job?.state === 'exited') return job.status;
  throw job?.state === 'lost' ? lost(name) : toFailure(name, heard, status, terminal);
}

function toFailure(name: string, heard: string, status: number, { stdout }: CliTerminal): WorkspaceError {
  if (heard === NO_SESSION)
    return failure('JOB_MISSING', {
      message: `There is no tmux session ${name}`,
      reason: 'nothing was started in it, it was closed, or it went with its pod',
      suggestions: [
        { ...ws`ssh -- tmux list-sessions`, again: { verb: 'other' }, note: 'shows those that there are' },
        startLine(name, 'starts a job'),
      ],
    });
  if (heard === NO_JOB)
    return failure('JOB_MISSING', {
      message: `tmux session ${name} has no job`,
      reason: 'it is a shell, so that there is no end to wait for',
      suggestions: [{ ...(stdout.isTTY === true ? attachLine(name) : readLine(name)), note: 'shows it' }],
    });
  if (heard === JOB_GONE)
    return failure('JOB_LOST', {
      message: `Somebody closed tmux session ${name} before its job had ended`,
      reason: 'so that it has no status',
      suggestions: [startLine(name, 'starts it again')],
    });
  return failure('CONNECTION_LOST', {
    message: `The wait for the job in tmux session ${name} was ended`,
    reason: `its shell in the workspace ended with status ${status}`,
    suggestions: [{ ...waitLine(name), note: 'waits again' }, ws`status`],
  });
}

function lost(name: string): WorkspaceError {
  return failure('JOB_LOST', {
    message: `The job in tmux session ${name} was ended before it could end itself`,
    reason: 'its pod was replaced, or its shell was killed, so that it has no status',
    suggestions: [{ ...readLine(name), note: 'shows what it has printed' }, startLine(name, 'starts it again')],
  });
}

function startLine(name: string, note: string): Command {
  return { ...ws`ssh --tmux=${name} -d -- COMMAND`, again: { verb: 'other' }, note };
}
