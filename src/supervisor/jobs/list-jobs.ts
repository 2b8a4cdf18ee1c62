import { type Job, MOST_JOBS } from '../../contract/jobs.ts';
import { PANE_FORMAT, parsePanes } from '../returning/tmux/panes.ts';
import type { Tmux } from '../returning/tmux/tmux.ts';

/** `ws ssh --tmux=NAME` makes no other ones. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/;

/** Commands that were started in tmux sessions, by the sessions' names. Rejects where tmux does not answer. */
export async function listJobs(tmux: Pick<Tmux, 'hasSocket' | 'run'>): Promise<Job[]> {
  if (!(await tmux.hasSocket())) return [];
  // A server that was killed leaves its socket.
  const text = await tmux.run('list-panes', '-a', '-F', PANE_FORMAT).catch((error: Error) => {
    if (/^(no server running|error connecting)/.test(error.message)) return '';
    throw error;
  });
  const jobs = new Map<string, Job>();
  for (const { sessionName: session, job } of parsePanes(text))
    if (job !== undefined && NAME.test(session)) jobs.set(session, { session, ...job });
  return [...jobs.values()].toSorted((one, other) => (one.session < other.session ? -1 : 1)).slice(0, MOST_JOBS);
}
