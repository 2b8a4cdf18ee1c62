import { say } from '../../../report/leaving.ts';
import { leadTo } from '../../../report/notes.ts';
import { failure } from '../../../workspace/errors/errors.ts';
import type { Spell } from '../../../workspace/errors/spell.ts';
import { JOB_RUNS_STATUS, SESSION_EXISTS_STATUS } from '../../../workspace/jobs/job-script.ts';
import type { CliTerminal } from '../../terminal/terminal.ts';
import { attachLine, killLine, readLine, type TmuxRequest, waitLine } from '../words/tmux.ts';

/**
 * Says what was started, and how to come back to it, or how to read it where nobody has a terminal to attach. Throws
 * `TMUX_SESSION_EXISTS` when the session was there. Any other failure was told by tmux.
 */
export function tellStarted(
  { name }: TmuxRequest,
  status: number,
  { stdout, stderr }: Pick<CliTerminal, 'stdout' | 'stderr'>,
  spell: Spell,
): void {
  const isSeen = stdout.isTTY === true || stderr.isTTY === true;
  const back = isSeen ? attachLine(name) : readLine(name);
  const lead = isSeen ? 'Come back to it' : 'Read the last 50,000 lines that it printed';
  const how = leadTo(lead, spell(back).line, stdout.columns);
  if (status === 0) say(stdout, `${[`Started tmux session ${name}`, ...how].join('\n')}\n`);
  const isRunning = status === JOB_RUNS_STATUS;
  if (status !== SESSION_EXISTS_STATUS && !isRunning) return;
  throw failure('TMUX_SESSION_EXISTS', {
    message: isRunning ? `The job in tmux session ${name} still runs` : `tmux session ${name} is there already`,
    reason: 'it goes on as it was, and the command was not run',
    suggestions: [
      { ...back, note: isSeen ? 'attaches to it' : 'shows the last 50,000 lines that it printed' },
      ...(isRunning ? [{ ...waitLine(name), note: 'waits for its end' }] : []),
      killLine(name),
    ],
  });
}
