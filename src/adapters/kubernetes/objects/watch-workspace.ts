/** One workspace as a stream of snapshots: mirrors of its parts, and of the events of whatever explains a delay. */
import type {
  CoreV1Event,
  V1Deployment,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1Service,
} from '@kubernetes/client-node';
import { hasCode, interrupted } from '../../../workspace/errors/errors.ts';
import type { WorkspaceSnapshot } from '../../../workspace/state/snapshot.ts';
import { Mirror, type MirrorTimes } from '../api/mirror.ts';
import { byInvolvedObject, byName, bySelector, listRequest } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';
import { isRefused } from '../changes/replica-sets.ts';
import { findEventSubjects } from './read-workspaces.ts';
import { getHomeClaim, toSnapshot, type WorkspaceObjects } from './snapshot.ts';

/** Changes that come closer together than this make one snapshot. */
const COALESCE_MS = 20;

/** Yields a snapshot at once and after each change; throws `INTERRUPTED` when the signal fires. */
export async function* watchWorkspace(
  rest: RestClient,
  namespace: string,
  name: string,
  signal: AbortSignal,
  times?: MirrorTimes,
): AsyncGenerator<WorkspaceSnapshot, void, void> {
  const ended = new AbortController();
  const watch = new WorkspaceWatch(rest, namespace, name, AbortSignal.any([signal, ended.signal]), times);
  try {
    await watch.start();
    while (true) {
      yield watch.read();
      await watch.nextChange();
    }
  } catch (error) {
    throw signal.aborted ? interrupted() : error;
  } finally {
    ended.abort();
  }
}

class WorkspaceWatch {
  readonly #rest: RestClient;
  readonly #namespace: string;
  readonly #name: string;
  readonly #signal: AbortSignal;
  readonly #deployments: Mirror<V1Deployment>;
  readonly #pods: Mirror<V1Pod>;
  readonly #services: Mirror<V1Service>;
  readonly #claims: Mirror<V1PersistentVolumeClaim>;
  /** Mirrors that come and go with the objects they explain, by what they select. */
  readonly #foreignClaims = new Map<string, Mirror<V1PersistentVolumeClaim>>();
  readonly #events = new Map<string, Mirror<CoreV1Event>>();
  readonly #replicaSets = new Map<string, Mirror<V1ReplicaSet>>();
  readonly #unreadable = new WeakSet<Mirror<object>>();
  readonly #times: MirrorTimes | undefined;
  #change = new Latch();

  constructor(rest: RestClient, namespace: string, name: string, signal: AbortSignal, times: MirrorTimes | undefined) {
    this.#times = times;
    this.#rest = rest;
    this.#namespace = namespace;
    this.#name = name;
    this.#signal = signal;
    const selection = bySelector(name);
    this.#deployments = new Mirror(rest, listRequest('deployments', namespace, selection), times);
    this.#pods = new Mirror(rest, listRequest('pods', namespace, selection), times);
    this.#services = new Mirror(rest, listRequest('services', namespace, selection), times);
    this.#claims = new Mirror(rest, listRequest('persistentvolumeclaims', namespace, selection), times);
    signal.addEventListener('abort', () => this.#change.fail(interrupted()), { once: true });
  }

  async start(): Promise<void> {
    const mirrors = [this.#deployments, this.#pods, this.#services, this.#claims];
    await Promise.all(mirrors.map((mirror) => mirror.load(this.#signal)));
    // A Service does not change while a workspace starts: its list is enough.
    for (const mirror of [this.#deployments, this.#pods, this.#claims]) this.#follow(mirror);
    await this.#adjust();
  }

  read(): WorkspaceSnapshot {
    return toSnapshot(this.#name, this.#collect(), this.#namespace);
  }

  /** Resolves some time after the next change, when the burst it came with is over. */
  async nextChange(): Promise<void> {
    await this.#change.opened;
    await new Promise((resolve) => setTimeout(resolve, COALESCE_MS));
    if (this.#signal.aborted) throw interrupted();
    this.#change = this.#change.next();
    await this.#adjust();
  }

  #collect(): WorkspaceObjects {
    const sets = [...this.#replicaSets.values()].filter((mirror) => !this.#unreadable.has(mirror));
    return {
      deployments: this.#deployments.items,
      replicaSets: sets[0]?.items,
      pods: this.#pods.items,
      services: this.#services.items,
      claims: [...this.#claims.items, ...[...this.#foreignClaims.values()].flatMap(({ items }) => items)],
      events: [...this.#events.values()].flatMap(({ items }) => items),
    };
  }

  /** Starts and stops the mirrors that depend on what the others hold. */
  async #adjust(): Promise<void> {
    const own = new Set(this.#claims.items.map(({ metadata }) => metadata?.name));
    const foreign = this.#deployments.items.map(getHomeClaim).filter((name) => name !== undefined && !own.has(name));
    await this.#keep(this.#foreignClaims, new Set(foreign as string[]), (name) =>
      listRequest('persistentvolumeclaims', this.#namespace, byName(name)),
    );
    const refused = this.#deployments.items.some(isRefused) ? [this.#name] : [];
    await this.#keep(this.#replicaSets, new Set(refused), (name) =>
      listRequest('replicasets', this.#namespace, bySelector(name)),
    );
    const subjects = findEventSubjects(this.#collect()).map(({ kind, name }) => `${kind}/${name}`);
    await this.#keep(this.#events, new Set(subjects), (subject) => {
      const [kind = '', name = ''] = subject.split('/');
      return listRequest('events', this.#namespace, byInvolvedObject(kind, name));
    });
  }

  /** Lists what is new before going on. If that fails now, it follows when the cluster is back. */
  async #keep<T extends object>(
    mirrors: Map<string, Mirror<T>>,
    wanted: Set<string>,
    toRequest: (key: string) => ReturnType<typeof listRequest>,
  ): Promise<void> {
    for (const [key, mirror] of mirrors) {
      if (wanted.has(key)) continue;
      mirror.stop();
      mirrors.delete(key);
    }
    const added = [...wanted].filter((key) => !mirrors.has(key));
    await Promise.all(
      added.map(async (key) => {
        const mirror = new Mirror<T>(this.#rest, toRequest(key), this.#times);
        mirrors.set(key, mirror);
        const isForbidden = await mirror.load(this.#signal).then(
          () => false,
          (error: unknown) => hasCode(error, 'NOT_PERMITTED'),
        );
        // It only explains: a user who may not read it still has a workspace.
        if (isForbidden) this.#unreadable.add(mirror);
        else this.#follow(mirror);
      }),
    );
  }

  #follow(mirror: Mirror<object>): void {
    mirror.follow(() => this.#change.open(), this.#signal).catch((error: unknown) => this.#change.fail(error));
  }
}

/** Opens once, or fails for good. A failure while nobody waits reaches the next one who does. */
class Latch {
  readonly opened: Promise<void>;
  readonly #settle: { open(): void; fail(error: unknown): void };
  #failure: { error: unknown } | undefined;

  constructor() {
    const settle = { open: () => undefined as void, fail: (_: unknown) => undefined as void };
    this.opened = new Promise<void>((open, fail) => Object.assign(settle, { open, fail }));
    this.opened.catch(() => undefined);
    this.#settle = settle;
  }

  open(): void {
    this.#settle.open();
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#settle.fail(error);
  }

  next(): Latch {
    const latch = new Latch();
    if (this.#failure !== undefined) latch.fail(this.#failure.error);
    return latch;
  }
}
