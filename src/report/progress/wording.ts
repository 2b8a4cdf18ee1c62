/** Every sentence about progress, in one place: what a step is called, what a fact means, what a notice says. */

import { toPrintable } from '../../workspace/errors/printable.ts';
import { maskSecrets } from '../../workspace/errors/secrets.ts';
import { type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import type { Ends } from '../../workspace/forwards/forward.ts';
import { describeStopped } from '../../workspace/sleep/stop.ts';
import type { Fact, Notice, StepId } from '../../workspace/state/events.ts';

interface StepTitles {
  running: string;
  done: string;
  /** If what the step is about stays, or went with the pod. */
  kept?: string;
  lost?: string;
}

const STEP_TITLES: Record<StepId, StepTitles> = {
  preflight: { running: 'Checking cluster and permissions', done: 'Cluster and permissions' },
  'last-pod': { running: 'Waiting for the last pod to end', done: 'Last pod ended' },
  find: { running: 'Finding the workspace', done: 'Workspace found' },
  release: { running: 'Installing', done: 'Installed' },
  ready: { running: 'Waiting for the workspace', done: 'Workspace ready' },
  'host-key': { running: 'Pinning the host key', done: 'Host key' },
  connect: { running: 'Connecting', done: 'Connected' },
  prepare: { running: 'Preparing the home', done: 'Home prepared' },
  forward: { running: 'Opening forwards', done: 'Forwards open' },
  remove: { running: 'Taking it down', done: 'Taken down' },
  stop: { running: 'Stopping it', done: 'Stopped' },
  home: { running: 'Deleting the home', done: 'Home deleted', kept: 'Home kept', lost: 'Home lost' },
  'earlier-home': { running: 'Keeping the earlier home', done: 'Earlier home kept' },
  'host-key-secret': { running: 'Deleting the host key', done: 'Host key deleted', kept: 'Host key kept' },
  keys: { running: 'Waiting for the workspace to notice', done: 'Keys' },
};

/** What became of a host key in known_hosts. */
const CHANGES = { pinned: ', now pinned', known: '', replaced: ', replaced', unkept: ', for this run alone' };

/** What a step is called while it waits or runs, and once it is done with this fact. */
export function titleOf(step: StepId, isDone: boolean, fact?: Fact): string {
  const titles = STEP_TITLES[step];
  if (!isDone) return titles.running;
  const other = fact?.kind === 'kept' || fact?.kind === 'lost' ? titles[fact.kind] : undefined;
  return other ?? titles.done;
}

/** A fact in a few words, to follow a step's title; '' where the title says it all. One printable line. */
export function describeFact(fact: Fact): string {
  return toPrintable(maskSecrets(wordFact(fact)), { oneLine: true });
}

/** Of a home whose volume has less than its claim asks for. */
export function describeGrowth({ asked, has }: { asked: string; has: string }): string {
  return `asked for ${asked}, has ${has} until its storage class grows it`;
}

/** A notice and what to do about it. The text is printable and may have several lines. */
export function describeNotice(notice: Notice): { text: string; suggestion?: Suggestion } {
  const { text, ...rest } = wordNotice(notice);
  return { text: toPrintable(maskSecrets(text)), ...rest };
}

function wordFact(fact: Fact): string {
  switch (fact.kind) {
    case 'cluster':
      return `${fact.context}, namespace ${fact.namespace}, Kubernetes ${fact.version}`;
    case 'found':
      return fact.ready ? `${fact.workspace} in pod ${fact.pod ?? ''}` : `${fact.workspace}, not ready yet`;
    case 'absent':
      return `${fact.workspace} is not there`;
    case 'release':
      if (fact.change === 'recovered') return `${fact.release}, after an interrupted run`;
      return `${fact.release}, revision ${fact.revision}${fact.change === 'unchanged' ? ', nothing to change' : ''}`;
    case 'resizing':
      return `waiting up to ${fact.limitMs / 1000} s for the node to change CPU and memory in pod ${fact.pod}`;
    case 'pod-awaited':
      return 'no pod yet';
    case 'scheduling':
      return fact.message === undefined ? 'looking for a node' : `no node yet: ${fact.message}`;
    case 'attaching':
      return fact.message === undefined ? 'attaching the volume' : `attaching the volume: ${fact.message}`;
    case 'pulling':
      return `pulling ${fact.image ?? 'the image'}`;
    case 'starting':
      return 'starting the container';
    case 'probing':
      return 'the server is starting';
    case 'terminating':
      return `pod ${fact.pod} is ending`;
    case 'restarting':
      return `restarted ${fact.restarts} times (${fact.reason})`;
    case 'trouble':
      return `${fact.reason}: ${fact.message}`;
    case 'pod-ready':
      return fact.node === undefined ? `pod ${fact.pod}` : `pod ${fact.pod} on ${fact.node}`;
    case 'host-key':
      return `${fact.fingerprint}${CHANGES[fact.change]}`;
    case 'connected':
      return '';
    case 'reconnecting':
      return `try ${fact.attempt}: ${fact.reason}`;
    case 'removed':
    case 'kept':
      return `${fact.what} ${fact.name}`;
    case 'lost':
      return 'it went with its pod';
    case 'keys':
      return { now: 'in force in the workspace', soon: 'the workspace has not noticed yet', 'at-start': 'no pod runs' }[
        fact.inForce
      ];
    case 'preparing':
      return `${fact.what} from ${fact.url}`;
  }
}

function wordNotice(notice: Notice): { text: string; suggestion?: Suggestion } {
  switch (notice.kind) {
    case 'home-lost-with-pod':
      return {
        text: 'The home is lost when the pod goes: at an update, a drained node, an eviction',
        suggestion: {
          ...ws`up --storage-class default`,
          workspace: 'NAME',
          note: 'gives a new workspace a home that stays',
        },
      };
    case 'classes-unknown':
      return {
        text: "The home gets a volume of the cluster's default storage class. You may not list the classes, so whether there is one cannot be told",
      };
    case 'resized':
      return { text: 'CPU and memory changed in the running pod: nothing restarted' };
    case 'still-held':
      return {
        text: `The Deployment of workspace ${notice.workspace} is still held and makes no other pod`,
        suggestion: { ...ws`up --repair`, workspace: notice.workspace, note: 'ends that' },
      };
    case 'port-moved':
      return { text: `Local port ${notice.wanted} is taken; using ${notice.got}` };
    case 'settings-set-aside':
      return {
        text: `The settings in ${notice.path} were damaged (${notice.reason}) and are now ${notice.movedTo}; defaults apply`,
      };
    case 'key-generated':
      return { text: `Made a new key: ${notice.path} (${notice.fingerprint})` };
    case 'trouble':
      return toTroubleWords(notice);
    case 'trouble-passed':
      return { text: `This has passed: ${notice.message}` };
    case 'growth-unknown':
      return {
        text: `Whether claim ${notice.claim} can grow cannot be told: its storage class ${notice.storageClass} may not be read`,
      };
    case 'growth-awaited':
      return {
        text: `The home, claim ${notice.claim}, ${describeGrowth(notice)}`,
      };
    case 'waking':
      return { text: `Workspace ${notice.workspace} ${describeStopped('asleep', notice.stop)}; waking it` };
    case 'way-closed':
      return {
        text: `No stream to pod ${notice.pod} opens (${notice.reason}). Its node may be restarting: trying for ${Math.round(notice.forMs / 1000)} s`,
      };
    case 'connection-lost':
      return { text: `Connection lost (${notice.reason}); connecting again` };
    case 'connection-restored':
      return { text: `Connected again after ${Math.max(1, Math.round(notice.afterMs / 1000))} s` };
    case 'forward-opened':
      return { text: describeWay(notice) };
    case 'forward-closed':
      return { text: `${describeWay(notice)} closed: ${notice.reason}` };
    case 'forward-failed':
      return { text: `${describeWay(notice)}: ${notice.reason}` };
    case 'text':
      return notice.suggestion === undefined
        ? { text: notice.text }
        : { text: notice.text, suggestion: notice.suggestion };
  }
}

/** So much of what it is known by: the rest is in the JSON lines. */
const MOST_EVIDENCE = 4;

/** A cause, and below it what it is known by. */
function toTroubleWords(trouble: Extract<Notice, { kind: 'trouble' }>): { text: string; suggestion?: Suggestion } {
  const { reason, message, evidence, suggestion } = trouble;
  const said = toPrintable(`${reason}: ${message}`, { oneLine: true });
  const text = [said, ...evidence.slice(0, MOST_EVIDENCE)].join('\n');
  return suggestion === undefined ? { text } : { text, suggestion };
}

/** An arrow from where something listens to where that leads. */
export function describeWay({ local, remote, leadsTo }: Ends): string {
  return leadsTo === 'here' ? `${remote} → ${local}` : `${local} → ${remote}`;
}
