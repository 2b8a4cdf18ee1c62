import { SSH_PORT } from '../contract/ports.ts';
import { CLASS_MISSING } from '../workspace/diagnosis/causes/volume/class.ts';
import { hasCode } from '../workspace/errors/errors.ts';
import { type Command, ws } from '../workspace/errors/suggestion.ts';
import { tellIfInterrupted, tellIfStopped } from '../workspace/errors/tell-if-interrupted.ts';
import type { Mapping } from '../workspace/forwards/mapping.ts';
import { findGrowth } from '../workspace/state/claim-size.ts';
import { type Endpoint, toEndpoint } from '../workspace/state/endpoint.ts';
import type { Operation, ProgressEvent, StepId } from '../workspace/state/events.ts';
import { toInfo, type WorkspaceInfo } from '../workspace/state/info.ts';
import type { WorkspaceSnapshot } from '../workspace/state/snapshot.ts';
import type { LocalListener, SshConnection, World } from '../workspace/world.ts';
import { type Settled, type SettleRequest, settle } from './choices/settle.ts';
import { Carrier } from './forwards/carrier.ts';
import { openForwards } from './forwards/forwards.ts';
import { type ConnectOptions, connect, getLoginMeans, type LoginMeans } from './login/connect.ts';
import { verifyPinnable } from './login/pin-host-key.ts';
import { bringInForce } from './metrics/keys-in-force.ts';
import { awaitReady, type ReadyWorkspace } from './ready/await-ready.ts';
import { isStillEnding } from './ready/let-end.ts';
import { findWayBack, leadBack } from './ready/way-back.ts';
import { needsRelease } from './release/needs-release.ts';
import { type Change, discard } from './release/take-back.ts';
import { writeRelease } from './release/write-release.ts';

export interface UpRequest extends SettleRequest {
  /** Users' own values files, lowest precedence first. */
  valuesFiles: string[];
  /** Writes the release again though nothing was chosen. */
  repair: boolean;
  waitTimeoutMs: number;
  /** Connects as soon as the server greets, before Kubernetes calls the pod ready. */
  early: boolean;
  /** How to log in; with which key is settled. */
  connect: Omit<ConnectOptions, 'identityPath'>;
  /** Local port that leads to the Service while the connection is open; `anyFreePort` when another will do as well. */
  localPort: { port: number; anyFreePort: boolean } | undefined;
}

/** A workspace that is up. */
export interface UpInfo extends WorkspaceInfo {
  /** Whether the pod that ran gave way to another one, and what ran in it ended. */
  restarted: boolean;
}

export interface UpResult {
  info: UpInfo;
  snapshot: WorkspaceSnapshot;
  /** The private key file used for the login, where one was chosen. */
  identityPath: string | undefined;
  /** Open; the caller closes it. */
  connection: SshConnection;
  /** Open as well; undefined when none was asked for. */
  listener: LocalListener | undefined;
}

/** What to do, once everything is settled. */
interface Plan extends Settled {
  workspace: string;
  waitTimeoutMs: number;
  early: boolean;
  login: ConnectOptions;
}

/**
 * Creates, resumes or repairs a workspace and connects to it. The same call is always safe: what is there already is
 * left as it is unless the request chose otherwise.
 */
export async function* up(request: UpRequest, world: World, signal: AbortSignal): Operation<UpResult> {
  const { workspace, waitTimeoutMs, early } = request;
  // First of all, so that a taken port shows before anything is asked or changed.
  const local = await openLocalPort(request, world, signal);
  try {
    const settled = yield* tellIfStopped('Nothing was changed', settle(request, world, signal));
    const { identityPath } = settled;
    const plan = { ...settled, workspace, waitTimeoutMs, early, login: { ...request.connect, identityPath } };
    const mustWrite = needsRelease(request, settled);
    // A rollback may have brought keys of then back, and the repair takes them out, or puts one in that logs in now.
    const mendsKeys = request.repair && settled.found?.deployment !== undefined;
    const steps = [...(mustWrite ? listWriting(settled.found) : []), ...(mendsKeys ? MENDING : CONNECTING)];
    yield { type: 'planned', workspace, steps };
    await tellIfInterrupted('Nothing was changed', () =>
      verifyPinnable(workspace, world, signal, request.connect.acceptHostKey),
    );
    const written = mustWrite ? yield* writeRelease({ ...request, ...settled }, world, signal) : undefined;
    world.connector.prepare();
    const back = findWayBack(written?.found, settled.choices);
    const ready = yield* tellIfStopped(goesOnStarting(workspace, back), findReady(plan, written, world, signal));
    const { snapshot, endpoint, stream, begun: means } = ready;
    local?.lead(endpoint);
    if (mendsKeys) yield* tellIfStopped(isUp(workspace), bringInForce(workspace, world, signal));
    const login = { endpoint, options: plan.login, given: { stream, means } };
    const connection = yield* tellIfStopped(isUp(workspace), connect(login, world, signal));
    // Not those of a start that failed: they may be why.
    if (settled.answered !== undefined) await request.asker.remember(settled.answered);
    return {
      info: { ...toInfo(snapshot, world.cluster.context), restarted: isOtherPod(settled.found, snapshot) },
      snapshot,
      identityPath,
      connection,
      listener: local?.listener,
    };
  } catch (error) {
    await local?.listener?.close();
    throw error;
  }
}

function isOtherPod(before: WorkspaceSnapshot | undefined, now: WorkspaceSnapshot): boolean {
  return before?.pod?.container?.state === 'running' && before.pod.name !== now.pod?.name;
}

const goesOnStarting = (workspace: string, back: Command | undefined) => () => ({
  outcome: `Workspace ${workspace} goes on starting in the cluster`,
  suggestions: [{ ...ws`up`, workspace, note: 'comes back to it' }, ...(back === undefined ? [] : [back])],
});

const isUp = (workspace: string) => () => ({
  outcome: `Workspace ${workspace} is up in the cluster`,
  suggestions: [{ ...ws`ssh`, workspace, note: 'logs in' }],
});

function listWriting(found: WorkspaceSnapshot | undefined): StepId[] {
  return ['preflight', ...(isStillEnding(found) ? (['last-pod'] as const) : []), 'release'];
}

const CONNECTING: StepId[] = ['ready', 'host-key', 'connect'];
const MENDING: StepId[] = ['ready', 'keys', 'host-key', 'connect'];

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
    /** Opens its own stream through the API server, so that another client does not share this connection. */
    lead: ({ pod, sshPort }: Endpoint) =>
      carrier.take({
        openChannel: () => world.cluster.openPodStream(pod, sshPort, signal, { speaksFirst: true }),
        ended: new Promise(() => undefined),
      }),
  };
}

/**
 * The workspace with its server; where that has to be waited for, with the means of a login, which are got meanwhile.
 */
async function* findReady(
  plan: Plan,
  written: Change | undefined,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, ReadyWorkspace<LoginMeans>, void> {
  yield { type: 'started', step: 'ready' };
  const { found } = plan;
  const endpoint = written !== undefined || found === undefined ? undefined : toEndpoint(found);
  const ready =
    found !== undefined && endpoint !== undefined
      ? { snapshot: found, endpoint }
      : yield* startNew(plan, written, world, signal);
  const fact = { kind: 'pod-ready' as const, pod: ready.endpoint.pod, node: ready.snapshot.pod?.node };
  yield { type: 'finished', step: 'ready', fact };
  const { home } = ready.snapshot;
  const growth = home.kind === 'claim' ? findGrowth(home.claim) : undefined;
  if (home.kind === 'claim' && growth !== undefined)
    yield { type: 'noticed', level: 'info', notice: { kind: 'growth-awaited', claim: home.claim.name, ...growth } };
  if (home.kind === 'emptyDir' && written !== undefined)
    yield { type: 'noticed', level: 'warning', notice: { kind: 'home-lost-with-pod' } };
  return ready;
}

/**
 * Waits for the pod. A change that does not come up leads back to what was before it. A new workspace for which a quota
 * or an admission rule lets none be made, or nobody makes its new volume, is removed again: it would be pending for
 * ever.
 */
async function* startNew(
  { workspace, waitTimeoutMs, early, login, choices }: Plan,
  written: Change | undefined,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, ReadyWorkspace<LoginMeans>, void> {
  try {
    const wait = { workspace, timeoutMs: waitTimeoutMs, early };
    return yield* awaitReady(wait, world, signal, (endpoint) => getLoginMeans(endpoint, login, world, signal));
  } catch (error) {
    if (written?.keptBefore === undefined)
      throw await leadBack(error, { workspace, before: written?.found, choices }, world, signal);
    if (!hasCode(error, 'WORKSPACE_FAILED')) throw error;
    const now = await world.cluster.findWorkspace(workspace, signal);
    const isRefused = now?.deployment?.failure !== undefined && now.pod === undefined;
    const isEmpty = error.because?.code === CLASS_MISSING.code && written.keptBefore.claim === undefined;
    if (!isRefused && !isEmpty) throw error;
    throw await discard(error, written, world, signal);
  }
}
