/** The runtime cannot make the container, or what is in it ends, for other reasons. */
import { advice, kubectl, ws } from '../../../errors/suggestion.ts';
import type { PodSnapshot, WorkspaceSnapshot } from '../../../state/snapshot.ts';
import type { Cause, Finding } from '../../cause.ts';
import { findStarting, findWaiting } from '../../parts.ts';
import { listPodEvents } from '../../pod-fact.ts';
import type { Scene } from '../../scene.ts';
import { readStartFault } from '../../words/last-words.ts';
import { listUnmounted } from '../volume/unmounted.ts';
import { type Crash, describeEnd, findCrash } from './crash.ts';
import { START_MEMORY } from './memory.ts';

/** Kubelet: pkg/kubelet/kubelet_pods.go (environment) and pkg/volume/secret. */
const MISSING = /(?<kind>secret|configmap) "(?<name>[-a-z0-9.]{1,253})" not found/;

export const START_CONFIG: Cause = {
  code: 'START_CONFIG',
  group: 'start',
  title: 'A Secret or ConfigMap that the pod needs is not there',
  looksLike: 'The pod waits with CreateContainerConfigError, or an event says \'secret "…" not found\'.',
  help: '`ws up dev --repair` makes those of the chart again. Make your own again yourself.',
  waiting: 'useless',
  find: (scene) => {
    const { pod, snapshot } = findStarting(scene) ?? {};
    if (pod === undefined || snapshot === undefined || pod.container?.state === 'running') return [];
    const waiting = findWaiting(pod);
    const isWaiting = waiting?.reason === 'CreateContainerConfigError';
    const all = isWaiting ? [waiting.message] : listUnmounted(scene).flatMap(({ event }) => event.message ?? []);
    const reason = isWaiting ? waiting.reason : 'FailedMount';
    return all.flatMap((words) => tellMissing(words, reason, snapshot));
  },
};

function tellMissing(words: string, reason: string, { release }: WorkspaceSnapshot): Finding[] {
  const { kind, name } = findMissing(words) ?? {};
  if (kind === undefined || name === undefined) return [];
  const isOwn = name.startsWith(release);
  const list = kind === 'secret' ? kubectl`get secrets` : kubectl`get configmaps`;
  return [
    {
      reason,
      message: `The pod needs ${kind} ${name}, and it is not in this namespace`,
      evidence: [`Node: ${words}`],
      suggestions: [
        ...(isOwn ? [{ ...ws`up --repair`, note: 'makes it again' }] : []),
        { ...list, note: 'shows those that are there' },
        ...(isOwn ? [] : [advice(`Make ${name}, or take it out of the values file`)]),
      ],
      unseen: [],
      // One of the chart's may have been made again a moment ago.
      ...(isOwn ? { waiting: 'helps' as const } : {}),
    },
  ];
}

/** The Secret or ConfigMap that is not there, by the kubelet's words. */
export function findMissing(words: string): { kind?: string; name?: string } | undefined {
  return MISSING.exec(words)?.groups;
}

/** What the runtime says where the image has no such program (runc and crun). */
const NO_PROGRAM =
  /executable file not found|exec: "[^"]{1,300}": stat|exec \S{1,300}: no such file or directory|no command specified/;

export const FOREIGN_IMAGE: Cause = {
  code: 'IMAGE_FOREIGN',
  group: 'image',
  title: "The image is not a workspace's",
  looksLike: 'The container ends with exit code 0, or a program of it is not there.',
  help: '`ws up dev --image NAME:TAG` with an image that was made from `image/`.',
  waiting: 'useless',
  find: (scene) => {
    const { pod, snapshot } = findStarting(scene) ?? {};
    if (pod === undefined || snapshot === undefined) return [];
    const crash = findCrash(scene);
    const hook = listPodEvents(pod, snapshot).findLast(
      ({ reason, message }) => reason === 'FailedPostStartHook' && NO_PROGRAM.test(message ?? ''),
    );
    const waiting = findWaiting(pod);
    const words =
      crash !== undefined && (crash.end.exitCode === 0 || NO_PROGRAM.test(crash.end.message ?? ''))
        ? describeEnd(crash)
        : waiting !== undefined && NO_PROGRAM.test(waiting.message)
          ? `Node: ${waiting.message}`
          : hook !== undefined && pod.container?.state !== 'running' && !hasOwnEnd(pod)
            ? `Node: ${hook.message ?? hook.reason}`
            : undefined;
    if (words === undefined) return [];
    return [
      {
        reason: crash?.reason ?? waiting?.reason ?? 'FailedPostStartHook',
        message: `Image ${pod.image ?? ''} has no server of a workspace: it was not made from the image of ws`,
        evidence: [words],
        suggestions: [{ ...ws`up --image NAME:TAG`, note: 'one that was made from image/ or extends it' }],
        unseen: [],
      },
    ];
  },
};

/** A server that ends, or that the kernel ends, takes its hook along. */
function hasOwnEnd({ container }: PodSnapshot): boolean {
  const end = container?.lastEnd;
  return end !== undefined && (end.reason === 'OOMKilled' || end.message !== undefined);
}

/** The container ran a program of another kind of machine. */
export const WRONG_MACHINE: Cause = {
  code: 'START_PLATFORM',
  group: 'image',
  title: 'The image is made for another kind of machine than the node',
  looksLike: 'The container ends with "exec format error".',
  help: 'Build the image for the platform of the nodes, or choose another node with `--node-selector`.',
  waiting: 'useless',
  find: (scene) => {
    const { pod } = findStarting(scene) ?? {};
    const crash = findCrash(scene);
    const words = crash?.end.message ?? (pod === undefined ? undefined : findWaiting(pod)?.message) ?? '';
    if (pod === undefined || !/exec format error/.test(words)) return [];
    return [
      {
        reason: crash?.reason ?? 'RunContainerError',
        message: `Image ${pod.image ?? ''} is made for another kind of machine than node ${pod.node ?? ''}`,
        evidence: [`Node: ${words}`],
        suggestions: [{ ...ws`up --image NAME:TAG`, note: 'one for the platform of the node' }],
        unseen: [],
      },
    ];
  },
};

export const CRASH: Cause = {
  code: 'START_CRASH',
  group: 'start',
  title: 'The server ends again and again, for a reason that `ws` does not know',
  looksLike: 'The pod waits with CrashLoopBackOff.',
  help: '`ws logs --previous` shows what the server said before it ended.',
  waiting: 'useless',
  find: (scene) => {
    const crash = findCrash(scene);
    if (crash === undefined || isUnstarted(crash) || isKnown(scene)) return [];
    const { pod, end, restarts, reason } = crash;
    // What it said of its end, if it could.
    const words = end.message === undefined ? '' : `: ${end.message}`;
    const often = restarts > 0 ? ' again and again' : '';
    return [
      {
        reason,
        message: `The server in the pod ends${often} (${end.reason}, exit code ${end.exitCode})${words}`,
        evidence: [describeEnd(crash, false), ...listHooks(crash)],
        suggestions: [{ ...ws`logs --previous`, note: 'shows what it said' }, kubectl`logs ${pod.name} --previous`],
        unseen: [],
        // Once may be chance.
        waiting: reason === 'CrashLoopBackOff' ? 'useless' : 'helps',
      },
    ];
  },
};

/** The kubelet ends a container by SIGTERM when its hook fails; a server that ended by itself has another status. */
const ENDED_BY_KUBELET = 143;

function listHooks({ pod, snapshot, end }: Crash): string[] {
  const hook = listPodEvents(pod, snapshot).findLast(({ reason }) => reason === 'FailedPostStartHook');
  return hook === undefined || end.exitCode !== ENDED_BY_KUBELET ? [] : [`Node: ${hook.message ?? hook.reason}`];
}

function isKnown(scene: Scene): boolean {
  const crash = findCrash(scene);
  if (crash?.end.message !== undefined && readStartFault(crash.end.message) !== undefined) return true;
  if (crash?.end.reason === 'OOMKilled') return true;
  return [START_MEMORY, FOREIGN_IMAGE, WRONG_MACHINE].some((cause) => cause.find(scene).length > 0);
}

const UNMADE = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'];

/** The runtime's words for a program that never began (containerd, dockershim): no server has ended. */
function isUnstarted({ end }: Crash): boolean {
  return ['StartError', 'ContainerCannotRun'].includes(end.reason);
}

/** The node's own words, also while it waits for the next try. */
function findUnmade(scene: Scene): { pod: PodSnapshot; reason: string; message: string } | undefined {
  const crash = findCrash(scene);
  if (crash !== undefined && isUnstarted(crash))
    return { pod: crash.pod, reason: crash.reason, message: crash.end.message ?? describeEnd(crash) };
  const { pod } = findStarting(scene) ?? {};
  const waiting = pod === undefined ? undefined : findWaiting(pod);
  return pod === undefined || waiting === undefined || !UNMADE.includes(waiting.reason)
    ? undefined
    : { pod, ...waiting };
}

export const UNMADE_CONTAINER: Cause = {
  code: 'START_CONTAINER',
  group: 'start',
  title: 'The node cannot make the container',
  looksLike: 'The pod waits with CreateContainerError, CreateContainerConfigError or RunContainerError.',
  help: "`kubectl describe pod` shows the node's whole sentence.",
  waiting: 'useless',
  find: (scene) => {
    const unmade = findUnmade(scene);
    if (unmade === undefined) return [];
    const { pod, reason, message } = unmade;
    const others = [START_CONFIG, START_MEMORY, FOREIGN_IMAGE, WRONG_MACHINE];
    if (pod.container?.isSubPathRefused === true || others.some((cause) => cause.find(scene).length > 0)) return [];
    return [
      {
        reason,
        message,
        evidence: [],
        suggestions: [kubectl`describe pod ${pod.name}`],
        unseen: [],
      },
    ];
  },
};
