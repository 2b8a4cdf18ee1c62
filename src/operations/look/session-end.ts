import { hasCode } from '../../workspace/errors/errors.ts';
import type { ContainerSnapshot, WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/** A session that did not end by itself, as far as its client can tell. */
export interface EndedSession {
  workspace: string;
  /** Undefined where the client does not know it. */
  pod: string | undefined;
  /** Undefined when the connection was lost. */
  status: number | undefined;
}

/** Nobody waits longer for the reason of an end. */
const LIMIT_MS = 5000;
/**
 * The cluster hears of a pod's or a container's end a moment after its clients, and has the line about a kill in the
 * log a moment after the kill.
 */
const LOOKS_AFTER_BREAK = 8;
const PAUSE_MS = 300;

/** 128 + SIGKILL. */
const KILLED_STATUS = 137;
/** The log says much else, and the end was just now. Clocks may differ. */
const LOG_LINES = 50;
const RECENT_MS = 30_000;
/** A container that started so lately is the one after the loss. It may be ready again before the first look. */
const RECENT_START_MS = 10_000;

/**
 * Why it ended, as a clause; undefined when the cluster knows of nothing, may not be asked, or does not answer in time.
 * Never throws: its caller says in any case what ended.
 */
export async function findSessionEnd(
  session: EndedSession,
  world: World,
  signal: AbortSignal,
): Promise<string | undefined> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    const look = makeLook(session, world, limited);
    for (let left = countLooks(session); ; left -= 1) {
      const end = await look().catch(nothingUnlessForbidden);
      if (end !== undefined || left <= 1) return end;
      await world.clock.sleep(PAUSE_MS, limited);
    }
  } catch {
    return undefined;
  }
}

/** One look, which compares what it finds with what the first look found. */
function makeLook(session: EndedSession, world: World, signal: AbortSignal): () => Promise<string | undefined> {
  let restarts: number | undefined;
  return async () => {
    const snapshot = await world.cluster.findWorkspace(session.workspace, signal);
    const container = snapshot?.pod?.container;
    restarts ??= container?.restarts;
    const isNew = session.status === undefined && hasRestarted(container, restarts, world.clock);
    return readEnd(session, snapshot, isNew) ?? (await findKill(session, snapshot, world, signal));
  };
}

/** What ends a session may make the cluster slow or deaf for a moment; a look that failed is one that found nothing. */
function nothingUnlessForbidden(error: unknown): undefined {
  if (hasCode(error, 'NOT_PERMITTED')) throw error;
}

function countLooks({ status }: EndedSession): number {
  return status === undefined || status === KILLED_STATUS ? LOOKS_AFTER_BREAK : 1;
}

/** Since the first look, which counted `before`, or in the moment before that. */
function hasRestarted(
  container: ContainerSnapshot | undefined,
  before: number | undefined,
  clock: World['clock'],
): boolean {
  if (container === undefined) return false;
  const { restarts, startedAt } = container;
  const isRecent = startedAt !== undefined && Math.abs(clock.nowMs() - Date.parse(startedAt)) < RECENT_START_MS;
  return isRecent || (before !== undefined && restarts > before);
}

/** `isNew` is the container that runs now. */
function readEnd(
  { pod: name, status }: EndedSession,
  snapshot: WorkspaceSnapshot | undefined,
  isNew: boolean,
): string | undefined {
  const deployment = snapshot?.deployment;
  if (snapshot === undefined || deployment === undefined) return 'the workspace is stopping: it is taken down';
  const { pod, endingPods } = snapshot;
  const isEnding = endingPods.some((ending) => name === undefined || ending.name === name);
  if (isEnding)
    return deployment.replicas === 0 ? 'the workspace is stopping' : 'the workspace is stopping, to start again';
  if (deployment.replicas === 0) return 'the workspace is stopped';
  if (name !== undefined && pod?.name !== name) return 'its pod was deleted, and the workspace starts again';
  if (pod?.phase === 'Failed') return `its pod was ended: ${[pod.reason, pod.message].filter(Boolean).join(', ')}`;
  const last = pod?.container?.lastEnd;
  if (status !== undefined || pod === undefined || last === undefined || (pod.ready && !isNew)) return undefined;
  return `its container ended (${last.reason}, exit code ${last.exitCode}), and starts again`;
}

/** The memory guard's last kill, if it was just now. */
async function findKill(
  { status }: EndedSession,
  snapshot: WorkspaceSnapshot | undefined,
  { cluster, clock }: World,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (status !== KILLED_STATUS || snapshot?.pod === undefined) return undefined;
  const options = { follow: false, previous: false, tailLines: LOG_LINES };
  let found: string | undefined;
  for await (const line of cluster.readLog(snapshot.pod.name, options, signal)) {
    found = readKill(line, clock.nowMs()) ?? found;
  }
  return found;
}

function readKill(line: string, nowMs: number): string | undefined {
  if (!line.includes('memory.killed')) return undefined;
  const { event, time, process, pid, processBytes } = readFields(line);
  const isRecent = Math.abs(nowMs - Date.parse(String(time))) < RECENT_MS;
  if (event !== 'memory.killed' || !isRecent) return undefined;
  const megabytes = Math.round(Number(processBytes) / 2 ** 20);
  return `the workspace was out of memory, and its memory guard ended ${process} (process ${pid}, ${megabytes} MiB)`;
}

/** Of a line of the server's log; none where it is no JSON, or only its beginning. */
function readFields(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
