import { say } from '../../../report/leaving.ts';
import { failure } from '../../../workspace/errors/errors.ts';
import type { Spell } from '../../../workspace/errors/spell.ts';
import { ws } from '../../../workspace/errors/suggestion.ts';
import type { CliTerminal } from '../../terminal/terminal.ts';
import { attachLine, readLine, SESSION_EXISTS_STATUS, type TmuxRequest } from '../words/tmux.ts';

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
  const lead = isSeen ? 'Come back to it' : 'Read what it has printed';
  if (status === 0) say(stdout, `Started tmux session ${name}\n${lead}: ${spell(back).line}\n`);
  if (status !== SESSION_EXISTS_STATUS) return;
  throw failure('TMUX_SESSION_EXISTS', {
    message: `tmux session ${name} is there already`,
    reason: 'it goes on as it was, and the command was not run',
    suggestions: [
      { ...back, note: isSeen ? 'attaches to it' : 'shows what it has printed' },
      {
        ...ws`ssh -- tmux kill-session -t ${name}`,
        again: { verb: 'other' },
        note: 'ends it, and all that runs in it',
      },
    ],
  });
}
