import { SSH_PORT } from '../contract/ports.ts';
import { type Choices, isUnchanged } from '../workspace/choices/choices.ts';
import { hasCode } from '../workspace/errors/errors.ts';
import { ws } from '../workspace/errors/suggestion.ts';
import type { Mapping } from '../workspace/forwards/mapping.ts';
import { type Endpoint, toEndpoint } from '../workspace/state/endpoint.ts';
import type { Operation, ProgressEvent, StepId } from '../workspace/state/events.ts';
import { toInfo, type WorkspaceInfo } from '../workspace/state/info.ts';
import type { WorkspaceSnapshot } from '../workspace/state/snapshot.ts';
import type { LocalListener, SshConnection, World } from '../workspace/world.ts';
import { Carrier } from './forwards/carrier.ts';
import { openForwards } from './forwards/forwards.ts';
import { type ConnectOptions, connect, type Given, getLoginMeans } from './login/connect.ts';
import { verifyPinnable } from './login/pin-host-key.ts';
import { awaitReady, type ReadyWorkspace } from './ready/await-ready.ts';
import { type Change, discard } from './release/take-back.ts';
import { writeRelease } from './release/write-release.ts';

export interface UpRequest {
  workspace: string;
  choices: Choices;
  /** Users' own values files, lowest precedence first. */
  valuesFiles: string[];
  createNamespace: boolean;
  /** A key that was made for it on this machine. */
  madeKey?: { path: string; fingerprint: string };
  /** What the caller found of this workspace already. */
  found: WorkspaceSnapshot | undefined;
  /** Writes the release again though nothing was chosen. */
  repair: boolean;
  waitTimeoutMs: number;
  /** Connects as soon as the server greets, before Kubernetes calls the pod ready. */
  early: boolean;
  connect: ConnectOptions;
  /** Local port that leads to the Service while the connection is open; `anyFreePort` when another will do as well. */
  localPort: { port: number; anyFreePort: boolean } | undefined;
}

export interface UpResult {
  info: WorkspaceInfo;
  snapshot: WorkspaceSnapshot;
  /** Open; the caller closes it. */
  connection: SshConnection;
  /** Open as well; undefined when none was asked for. */
  listener: LocalListener | undefined;
}

/**
 * Creates, resumes or repairs a workspace and connects to it. The same call is always safe: what is there already is
 * left as it is unless the request chose otherwise.
 */
export async function* up(request: UpRequest, world: World, signal: AbortSignal): Operation<UpResult> {
  const { workspace } = request;
  const mustApply = needsRelease(request);
  const steps: StepId[] = mustApply
    ? ['preflight', 'release', 'ready', 'host-key', 'connect']
    : ['ready', 'host-key', 'connect'];
  yield { type: 'planned', workspace, steps };
  if (request.madeKey !== undefined)
    yield { type: 'noticed', level: 'info', notice: { kind: 'key-generated', ...request.madeKey } };
  // First of all: a taken port is found out before anything is changed.
  const local = await openLocalPort(request, world, signal);
  try {
    await verifyPinnable(workspace, world, signal, request.connect.acceptHostKey);
    const written = mustApply ? yield* writeRelease(request, world, signal) : undefined;
    world.connector.prepare();
    const { snapshot, endpoint, ...given } = yield* findReady(request, written, world, signal);
    local?.lead(endpoint);
    const connection = yield* connect(endpoint, request.connect, world, signal, given);
    return { info: toInfo(snapshot, world.cluster.context), snapshot, connection, listener: local?.listener };
  } catch (error) {
    await local?.listener?.close();
    throw error;
  }
}

/** A local port for other SSH clients. It refuses them until it is led to a server. Throws `LOCAL_PORT_TAKEN`. */
async function openLocalPort({ localPort }: UpRequest, world: World, signal: AbortSignal) {
  if (localPort === undefined) return undefined;
  const { port, anyFreePort } = localPort;
  const carrier = new Carrier(world.clock, 0);
  const mapping: Mapping = { kind: 'local', local: { port }, remote: { host: 'localhost', port: SSH_PORT } };
  const suggest = (other: Mapping) => ws`up --local-port ${other.local.port}`;
  const options = { carrier, anyFreePort, suggest, tell: () => undefined };
  const { list } = await openForwards([mapping], options, world, signal);
  return {
    listener: list[0]?.listener,
    /** A stream of the API server of its own: another client does not share this connection. */
    lead: ({ pod, sshPort }: Endpoint) =>
      carrier.take({
        openChannel: () => world.cluster.openPodStream(pod, sshPort, signal),
        ended: new Promise(() => undefined),
      }),
  };
}

/** The workspace with its server, and the means of a login, which are got meanwhile. */
async function* findReady(
  { workspace, found, waitTimeoutMs, early, connect: options }: UpRequest,
  written: Change | undefined,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, ReadyWorkspace & Given, void> {
  yield { type: 'started', step: 'ready' };
  const endpoint = written !== undefined || found === undefined ? undefined : toEndpoint(found);
  let means: Given['means'];
  const onFound = (where: Endpoint) => {
    means = getLoginMeans(where, options, world, signal);
    // What it throws is thrown where it is needed.
    means.catch(() => undefined);
  };
  const ready: ReadyWorkspace =
    found !== undefined && endpoint !== undefined
      ? { snapshot: found, endpoint }
      : yield* startNew(
          written,
          awaitReady(workspace, world, waitTimeoutMs, signal, { early, onFound }),
          workspace,
          world,
          signal,
        );
  const fact = { kind: 'pod-ready' as const, pod: ready.endpoint.pod, node: ready.snapshot.pod?.node };
  yield { type: 'finished', step: 'ready', fact };
  if (ready.snapshot.home.kind === 'emptyDir' && written !== undefined) {
    yield { type: 'noticed', level: 'warning', notice: { kind: 'home-lost-with-pod' } };
  }
  return { ...ready, means };
}

/**
 * Waits for the pod. A new workspace for which a quota or an admission rule lets none be made is removed again: it would be
 * pending for ever.
 */
async function* startNew(
  written: Change | undefined,
  ready: ReturnType<typeof awaitReady>,
  workspace: string,
  world: World,
  signal: AbortSignal,
): ReturnType<typeof awaitReady> {
  try {
    return yield* ready;
  } catch (error) {
    if (written?.keptBefore === undefined || !hasCode(error, 'WORKSPACE_FAILED')) throw error;
    const now = await world.cluster.findWorkspace(workspace, signal);
    if (now?.deployment?.failure === undefined || now.pod !== undefined) throw error;
    throw await discard(error, written, world, signal);
  }
}

function needsRelease({ found, choices, valuesFiles, repair }: UpRequest): boolean {
  const isStanding = found?.deployment !== undefined && found.deployment.replicas > 0;
  return repair || !isStanding || !isUnchanged(choices) || valuesFiles.length > 0;
}
