/** The kernel ended the container for its memory: at its start, or later. */
import { kubectl, ws } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { findStarting, findWaiting, findWants } from '../../parts.ts';
import type { Scene } from '../../scene.ts';
import { LEAST_MEMORY } from '../../words/least.ts';
import { toNumber } from '../../words/quantity.ts';
import { describeEnd, findCrash } from './crash.ts';

/** Whoever ran for longer had started. */
const START_SECONDS = 20;

/** The runtime's words where not even its own first process fits (runc, libcontainer/process_linux.go). */
const TOO_LITTLE = /OOM-killed|memory limit too low|cannot allocate memory|minimum memory limit/;

export const START_MEMORY: Cause = {
  code: 'START_MEMORY',
  group: 'start',
  title: 'The memory limit is less than the server needs',
  looksLike: 'The container ends with OOMKilled as soon as it starts.',
  help: '`ws up dev --memory 512Mi`: the server alone needs about 60Mi.',
  waiting: 'useless',
  find: (scene) => {
    const limit = findWants(scene)?.limits['memory'];
    const words = findEnd(scene, limit);
    if (words === undefined) return [];
    return [
      {
        reason: 'OOMKilled',
        message: `The server had no memory left at its start: its limit is ${limit ?? 'too low'}, it needs about 60Mi, and programs come on top`,
        evidence: [words, ...(limit === undefined ? [] : [`memory limit ${limit}`])],
        suggestions: [{ ...ws`up --memory 512Mi`, note: 'or more: builds and language servers want gigabytes' }],
        unseen: [],
      },
    ];
  },
};

function findEnd(scene: Scene, limit: string | undefined): string | undefined {
  const crash = findCrash(scene);
  if (crash !== undefined) {
    const { end } = crash;
    if (TOO_LITTLE.test(end.message ?? '')) return describeEnd(crash);
    if (end.reason !== 'OOMKilled' || !isAtStart(end.ranSeconds, limit)) return undefined;
    return describeEnd(crash);
  }
  const { pod } = findStarting(scene) ?? {};
  const waiting = pod === undefined ? undefined : findWaiting(pod);
  return waiting !== undefined && TOO_LITTLE.test(waiting.message) ? `Node: ${waiting.message}` : undefined;
}

function isAtStart(ranSeconds: number | undefined, limit: string | undefined): boolean {
  return ranSeconds === undefined ? (toNumber(limit) ?? 0) < LEAST_MEMORY : ranSeconds < START_SECONDS;
}

export const RUN_MEMORY: Cause = {
  code: 'RUN_MEMORY',
  group: 'running',
  title: 'The programs in the workspace needed more memory than its limit',
  looksLike: 'The container ended with OOMKilled after it had run.',
  help: '`ws up dev --memory 8Gi`, or fewer programs at once.',
  waiting: 'helps',
  find: (scene) => {
    const crash = findCrash(scene);
    const limit = findWants(scene)?.limits['memory'];
    if (crash?.end.reason !== 'OOMKilled' || isAtStart(crash.end.ranSeconds, limit)) return [];
    const { pod } = crash;
    const double = /^(?<number>\d{1,5})(?<unit>[MG]i)$/.exec(limit ?? '')?.groups;
    const more = double === undefined ? '8Gi' : `${Number(double['number']) * 2}${double['unit']}`;
    return [
      {
        reason: 'OOMKilled',
        message: `The programs in the workspace needed more memory than its limit${limit === undefined ? '' : ` of ${limit}`}, and the kernel ended the container`,
        evidence: [describeEnd(crash)],
        suggestions: [
          ws`up --memory ${more}`,
          { ...kubectl`logs ${pod.name} --previous`, note: 'shows what it did last' },
        ],
        unseen: [],
      },
    ];
  },
};
