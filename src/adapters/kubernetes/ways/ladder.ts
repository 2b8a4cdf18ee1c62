/** Chooses the way to a pod: the one that was remembered, else a WebSocket, else what mends its trouble. */
import type { Duplex } from 'node:stream';
import type { V1Pod } from '@kubernetes/client-node';
import type { ByteStream, PodStreamOptions } from '../../../workspace/byte-stream.ts';
import { hasCode } from '../../../workspace/errors/errors.ts';
import type { DirectAddress } from '../../../workspace/ways/direct.ts';
import type { Way, WayNotTaken, WayTaken } from '../../../workspace/ways/ways.ts';
import { objectRequest } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';
import { findStatusCode } from '../api/translate.ts';
import type { Limits } from '../pod-stream/come-back.ts';
import { type Opening, openPodStream } from '../pod-stream/open-pod-stream.ts';
import type { PodAddress } from '../pod-stream/pod-stream.ts';
import type { KubectlPlace } from './open-spdy.ts';
import { type Tried, tryWay, type WayTools } from './try-way.ts';
import { findFault, listOthers, toLine } from './way-faults.ts';

/** A way that failed is not tried again so soon: who waits for a pod opens streams over and over. */
const FAILED_FOR_MS = 10_000;

/** How long the API server may take to say whether a pod is ready. */
const ASK_LIMIT_MS = 5000;

/** A way that is not the first one, and why those before it were none. */
export interface RememberedWay {
  way: Exclude<Way, 'websocket'>;
  instead: WayNotTaken[];
}

/** What this machine remembers of a cluster, by its name here. It may have forgotten. */
export interface WayMemory {
  find(key: string): RememberedWay | undefined;
  keep(key: string, way: RememberedWay): void;
  forget(key: string): void;
}

export interface LadderOptions {
  /** Whether streams may be resumable ones. */
  resumes: boolean;
  memory: WayMemory | undefined;
  /** Where the user's kubectl looks; undefined where it may not be started. */
  kubectl(): KubectlPlace | undefined;
  /** Names cluster, user and namespace: rights and proxies differ by each of them. Asks nobody. */
  toKey(): string;
  /** Where the SSH server is reached past the API server. Then no other way is tried. */
  direct: DirectAddress | undefined;
  /** Hears of each stream which way it takes. */
  onWay: ((taken: WayTaken) => void) | undefined;
}

export class Ladder {
  readonly #rest: RestClient;
  readonly #options: LadderOptions;
  readonly #failed = new Map<Way, { atMs: number; why: string }>();
  readonly #tools: WayTools;
  #remembered: RememberedWay | undefined;

  constructor(rest: RestClient, options: LadderOptions) {
    this.#rest = rest;
    this.#options = options;
    this.#tools = {
      rest,
      open: (way, address, signal, opening) => this.#openBy(way, address, signal, opening),
      toCarriers: (way, address) => (signal, limits) => this.#openCarrier(way, address, signal, limits),
    };
  }

  /**
   * Opens a stream. Throws what `openPodStream` throws, with a line for each other way that was tried as well.
   */
  async open(address: PodAddress, signal: AbortSignal, asked: PodStreamOptions): Promise<ByteStream> {
    const { direct, resumes } = this.#options;
    if (direct !== undefined && asked.speaksFirst === true)
      return (await import('./open-direct.ts')).openDirect(direct, signal, asked);
    const options = resumes ? asked : { ...asked, resumePort: undefined };
    const known = options.probes === true ? undefined : this.#recall();
    if (known !== undefined) {
      const stream = await this.#tryRemembered(known, address, signal, options);
      if (stream !== undefined) return this.#take(stream, { ...known, isRemembered: true }, options);
    }
    const first = await this.#try('websocket', address, signal, options);
    if ('stream' in first) {
      if (known !== undefined || options.probes === true) this.#forget();
      return this.#take(first.stream, { way: 'websocket', instead: [], isRemembered: false }, options);
    }
    const { climbOn, withOthers } = await import('./climb-on.ts');
    const { found, instead, error } = await climbOn(first, {
      tryWay: (way) => this.#try(way, address, signal, options),
      findFailure: (way) => this.#findFailure(way),
      noteFailure: (way, why) => void this.#failed.set(way, { atMs: Date.now(), why }),
      isReady: () => this.#isReady(address, signal),
    });
    if (found !== undefined) {
      const { stream, way } = found;
      if (way !== 'websocket') this.#keep({ way, instead });
      return this.#take(stream, { way, instead, isRemembered: false }, options);
    }
    if (error !== undefined) throw withOthers(error, instead);
    // Whoever reads from it finds out what it is worth.
    return openPodStream(this.#rest, address, signal, options);
  }

  /** Undefined when the first way has to be tried again. */
  async #tryRemembered(
    { way }: RememberedWay,
    address: PodAddress,
    signal: AbortSignal,
    options: PodStreamOptions,
  ): Promise<ByteStream | undefined> {
    try {
      const tried = await this.#try(way, address, signal, options);
      if ('stream' in tried) return tried.stream;
      this.#forget();
    } catch (error) {
      // Nobody but kubectl knows what its words mean. The first way says what is wrong on every one.
      if (way !== 'spdy' || !hasCode(error, 'CONNECTION_FAILED')) throw error;
      this.#failed.set(way, { atMs: Date.now(), why: toLine(error) });
    }
    return undefined;
  }

  #try(way: Way, address: PodAddress, signal: AbortSignal, options: PodStreamOptions): Promise<Tried> {
    return tryWay(way, address, signal, options, this.#tools);
  }

  async #openBy(way: Way, address: PodAddress, signal: AbortSignal, opening: Opening): Promise<Duplex> {
    switch (way) {
      case 'websocket':
        return openPodStream(this.#rest, address, signal, opening);
      case 'exec':
        return (await import('./open-exec.ts')).openExec(this.#rest, address, signal, opening);
      case 'spdy':
        return (await import('./open-spdy.ts')).openSpdy(this.#options.kubectl(), address, signal, opening);
    }
  }

  /** The way that it began on, or what mends its trouble of now: a machine may be in another network since. */
  async #openCarrier(way: Way, address: PodAddress, signal: AbortSignal, limits: Limits): Promise<Duplex> {
    try {
      return await this.#openBy(way, address, signal, limits);
    } catch (error) {
      const fault = findFault(error);
      if (fault === undefined || signal.aborted) throw error;
      const others: Way[] = way === 'websocket' ? listOthers(fault, error) : ['websocket'];
      for (const other of others) {
        if (this.#findFailure(other) !== undefined) continue;
        try {
          return await this.#openBy(other, address, signal, limits);
        } catch {
          this.#failed.set(other, { atMs: Date.now(), why: 'it did not open' });
        }
      }
      throw error;
    }
  }

  #take(stream: ByteStream, taken: WayTaken, { onWay }: PodStreamOptions): ByteStream {
    onWay?.(taken);
    this.#options.onWay?.(taken);
    return stream;
  }

  #recall(): RememberedWay | undefined {
    this.#remembered ??= this.#options.memory?.find(this.#options.toKey());
    return this.#remembered;
  }

  #keep(way: RememberedWay): void {
    this.#remembered = way;
    this.#options.memory?.keep(this.#options.toKey(), way);
  }

  #forget(): void {
    if (this.#recall() === undefined) return;
    this.#remembered = undefined;
    this.#options.memory?.forget(this.#options.toKey());
  }

  #findFailure(way: Way): string | undefined {
    const failed = this.#failed.get(way);
    return failed !== undefined && Date.now() - failed.atMs < FAILED_FOR_MS ? failed.why : undefined;
  }

  /** True as well where the pod may not be read: then nothing says that it is not. */
  async #isReady({ namespace, pod }: PodAddress, signal: AbortSignal): Promise<boolean> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ASK_LIMIT_MS)]);
    try {
      const found = await this.#rest.find<V1Pod>(objectRequest('get', 'pods', namespace, pod), limit);
      return found?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
    } catch (error) {
      return findStatusCode(error) === 403;
    }
  }
}
