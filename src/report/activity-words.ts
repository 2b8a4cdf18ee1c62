import type { Job } from '../workspace/jobs/job.ts';
import type { Activity } from '../workspace/sleep/activity.ts';
import { formatLocalClock } from '../workspace/sleep/local-time.ts';
import { formatSpan } from './results/units.ts';

const WORDS: Record<NonNullable<Activity['busy']>, string> = {
  typed: 'somebody types',
  command: 'a command or a shell has just begun or ended',
  computes: 'a program computes',
  transfer: 'bytes pass over a connection',
  network: 'bytes come or go over the network',
  output: 'a program prints',
  lease: 'somebody holds it, with a time, a command or a file',
  agent: 'an agent is at work or waits for an answer',
  unseen: 'its server cannot see all of it, which counts as work',
};

/**
 * `sleeps in 24 min: idle for 36 min, nothing typed, nothing computes`, or what works, and until when it is held if
 * that is known. Then when it is stopped whatever works.
 */
export function describeActivity(activity: Activity, nowMs: number): string {
  const { stopsInSeconds } = activity;
  const end = stopsInSeconds === undefined ? '' : `; stops in ${formatSpan(stopsInSeconds)}, whatever works`;
  return `${describeWork(activity, nowMs)}${end}`;
}

function describeWork(activity: Activity, nowMs: number): string {
  const { idleSeconds, busy, agent, sleepsInSeconds, heldForSeconds } = activity;
  const idle = `idle for ${formatSpan(idleSeconds)}`;
  if (busy === undefined && sleepsInSeconds !== undefined)
    return `sleeps in ${formatSpan(sleepsInSeconds)}: ${idle}, nothing typed, nothing computes`;
  if (busy === undefined) return `${idle}: nothing typed, nothing computes`;
  const until = heldForSeconds && formatLocalClock(nowMs + heldForSeconds * 1000, nowMs);
  if (busy === 'lease' && until) return `busy: held until ${until}`;
  const words = agent === undefined ? WORDS[busy] : `${agent} is at work or waits for an answer`;
  return `busy: ${words}${until ? `; held until ${until}` : ''}`;
}

/** `build: ended with status 3` */
export function describeJob(job: Job): string {
  if (job.state === 'exited') return `${job.session}: ended with status ${job.status}`;
  if (job.state === 'running') return `${job.session}: runs`;
  return `${job.session}: ended with its pod or its shell, without a status`;
}
