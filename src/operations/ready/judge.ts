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

/** A cause that was told and is not seen for so long has passed: some come and go, as in a loop of crashes. */
const PASSED_MS = 5000;

/**
 * A refusal stands until it is tried again, whatever has happened since. So what is around is looked at again: before
 * the wait is given up, and now and then while nothing is wrong any more but the refusal.
 */
const LOOK_AGAIN_MS = { failing: SETTLE_MS, passing: 5000 };

export interface Judgement extends Omit<Diagnosis, 'causes'> {
  /** Causes that are to be told now. */
  told: Found[];
  /** Causes that were told before, and are gone. */
  passed: Found[];
  /** All causes, where waiting cannot help any more. */
  hopeless: Found[] | undefined;
}

export class Judge {
  readonly #world: World;
  readonly #signal: AbortSignal;
  readonly #overdue = new Overdue();
  /** When each cause was seen first, as long as it is seen. */
  readonly #sinceMs = new Map<string, number>();
  #told: Found[] = [];
  /** When a cause that was told was seen last. */
  readonly #seenMs = new Map<string, number>();
  #around: Surroundings = UNASKED;
  /** The codes that were looked around for. */
  #lookedFor = '';
  #lookedMs = Number.NEGATIVE_INFINITY;
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
    this.#lookAround(causes, snapshot, nowMs);
    const isLooking = this.#looking !== undefined;
    const settled = isLooking
      ? []
      : causes.filter(({ code }) => nowMs - (this.#sinceMs.get(code) ?? nowMs) >= SETTLE_MS);
    const told = settled.filter((found) => !this.#told.some((before) => isSame(found, before)));
    this.#told.push(...told);
    const passed = this.#takePassed(state === 'ready' ? 0 : PASSED_MS, nowMs);
    const hopeless = settled.some(({ waiting }) => waiting === 'useless') ? causes : undefined;
    return { state, fact, told, passed, hopeless };
  }

  /** What was told and is not so now, for a wait that ends well. */
  takePassed(): Found[] {
    return this.#takePassed(0, this.#world.clock.nowMs());
  }

  #takePassed(unseenMs: number, nowMs: number): Found[] {
    const isGone = ({ code }: Found) =>
      this.last.every((now) => now.code !== code) && nowMs - (this.#seenMs.get(code) ?? 0) >= unseenMs;
    const passed = this.#told.filter(isGone);
    this.#told = this.#told.filter((found) => !isGone(found));
    return passed.filter(({ code }, index) => passed.findIndex((one) => one.code === code) === index);
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
    for (const code of codes) {
      this.#seenMs.set(code, nowMs);
      if (!this.#sinceMs.has(code)) this.#sinceMs.set(code, nowMs);
    }
  }

  /** Once for each kind of trouble, because the answer may change with it; of a refusal again and again. */
  #lookAround(causes: Found[], { pod, deployment }: WorkspaceSnapshot, nowMs: number): void {
    if (this.#looking !== undefined) return;
    const codes = causes.map(({ code }) => code).join();
    const isNew = codes !== '' && codes !== this.#lookedFor;
    const isRefused = pod === undefined && deployment?.failure !== undefined;
    const afterMs = LOOK_AGAIN_MS[codes === '' ? 'passing' : 'failing'];
    if (!isNew && !(isRefused && nowMs - this.#lookedMs >= afterMs)) return;
    this.#lookedMs = nowMs;
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
