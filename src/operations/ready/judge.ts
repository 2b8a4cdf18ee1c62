/** Judges each snapshot of a workspace that is waited for: what is new, and whether waiting can still help. */
import { isDeepStrictEqual } from 'node:util';
import type { Found } from '../../workspace/diagnosis/cause.ts';
import { type Diagnosis, diagnose } from '../../workspace/diagnosis/diagnosis.ts';
import { type Surroundings, UNASKED } from '../../workspace/diagnosis/scene.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { Overdue } from './overdue.ts';

/**
 * Trouble that is gone sooner is none: Kubernetes puts much of it right by itself, and the conditions of a Deployment
 * that was changed a moment ago may still be those from before.
 */
const SETTLE_MS = 1500;

export interface Judgement extends Omit<Diagnosis, 'causes'> {
  /** Causes that are to be told now. */
  told: Found[];
  /** All causes, where waiting cannot help any more. */
  hopeless: Found[] | undefined;
}

export class Judge {
  readonly #world: World;
  readonly #signal: AbortSignal;
  readonly #overdue = new Overdue();
  /** When each cause was seen first, as long as it is seen. */
  readonly #sinceMs = new Map<string, number>();
  readonly #told: Found[] = [];
  #around: Surroundings = UNASKED;
  /** The codes that were looked around for. */
  #lookedFor = '';
  #looking: Promise<void> | undefined;
  #fact: { text: string; sinceMs: number } | undefined;
  /** What was wrong when it was looked last. */
  last: Found[] = [];

  constructor(world: World, signal: AbortSignal) {
    this.#world = world;
    this.#signal = signal;
  }

  /** Settles when something is known that the last judgement did not know; undefined while nothing is asked for. */
  get looked(): Promise<void> | undefined {
    return this.#looking;
  }

  judge(snapshot: WorkspaceSnapshot): Judgement {
    const nowMs = this.#world.clock.nowMs();
    const watched = { sameForMs: this.#age(snapshot, nowMs), overduePod: this.#overdue.find(snapshot, nowMs) };
    const { state, fact, causes } = diagnose({ snapshot, around: this.#around, watched });
    this.last = causes;
    this.#remember(causes, nowMs);
    this.#lookAround(causes);
    const isLooking = this.#looking !== undefined;
    const settled = isLooking
      ? []
      : causes.filter(({ code }) => nowMs - (this.#sinceMs.get(code) ?? nowMs) >= SETTLE_MS);
    const told = settled.filter((found) => !this.#told.some((before) => isSame(found, before)));
    this.#told.push(...told);
    const hopeless = settled.some(({ waiting }) => waiting === 'useless') ? causes : undefined;
    return { state, fact, told, hopeless };
  }

  /** How long it has been in the same state. */
  #age(snapshot: WorkspaceSnapshot, nowMs: number): number {
    const { pod, home } = snapshot;
    const phase = home.kind === 'claim' ? home.claim.phase : home.kind;
    const text = JSON.stringify([pod?.name, pod?.node, pod?.container?.state, pod?.container?.restarts, phase]);
    if (this.#fact?.text !== text) this.#fact = { text, sinceMs: nowMs };
    return nowMs - this.#fact.sinceMs;
  }

  #remember(causes: Found[], nowMs: number): void {
    const codes = new Set(causes.map(({ code }) => code));
    for (const code of this.#sinceMs.keys()) if (!codes.has(code)) this.#sinceMs.delete(code);
    for (const code of codes) if (!this.#sinceMs.has(code)) this.#sinceMs.set(code, nowMs);
  }

  /** Once for each kind of trouble: the answer may change with it. */
  #lookAround(causes: Found[]): void {
    const codes = causes.map(({ code }) => code).join();
    if (codes === '' || codes === this.#lookedFor || this.#looking !== undefined) return;
    const { cluster } = this.#world;
    this.#looking = cluster
      .lookAround(this.#signal)
      .then(
        (around) => {
          this.#around = around;
        },
        // It was interrupted, which whoever waits hears as well.
        () => undefined,
      )
      .then(() => {
        this.#lookedFor = codes;
        this.#looking = undefined;
      });
  }
}

/** ErrImagePull and ImagePullBackOff take turns, and what helps is the same: people hear of it once. */
function isSame(now: Found, before: Found): boolean {
  return now.code === before.code && isDeepStrictEqual(now.suggestions, before.suggestions);
}
