import { JOB_FORMAT, type JobState, parseJobState } from '../../contract/jobs.ts';
import type { Tmux } from '../returning/tmux/tmux.ts';

export type ListedJob = { session: string } & JobState;

/** Each has a line in every scrape. */
const MOST_JOBS = 50;

/** `ws ssh --tmux=NAME` makes no other ones. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/;

/** Commands that were started in tmux sessions, by the sessions' names. Rejects where tmux does not answer. */
export async function listJobs(tmux: Pick<Tmux, 'hasSocket' | 'run'>): Promise<ListedJob[]> {
  if (!(await tmux.hasSocket())) return [];
  // A server that was killed leaves its socket.
  const text = await tmux.run('list-panes', '-a', '-F', `${JOB_FORMAT} #{session_name}`).catch((error: Error) => {
    if (/^(no server running|error connecting)/.test(error.message)) return '';
    throw error;
  });
  const jobs = new Map<string, ListedJob>();
  for (const line of text.split('\n')) {
    const [state = '', session = '', ...more] = line.split(' ');
    const job = parseJobState(state);
    if (job !== undefined && more.length === 0 && NAME.test(session)) jobs.set(session, { session, ...job });
  }
  return [...jobs.values()].toSorted((one, other) => (one.session < other.session ? -1 : 1)).slice(0, MOST_JOBS);
}
