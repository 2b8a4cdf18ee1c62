import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPair } from './own-pair.ts';
import { type DropbearCommand, startDropbear } from './start.ts';

/** How long the own SSH server may take to greet before it counts as not ready. */
const GREETING_LIMIT_MS = 3000;

/**
 * A good greeting counts for this long: readiness is asked for each second, and each greeting is a process of its own.
 */
const GREETING_VALID_MS = 10_000;

/** A question waits this long at most; after that the previous greeting answers it. */
const ANSWER_MS = 800;

/** Hears of the process that greets when it has begun. */
type OnBegun = (child: ChildProcess) => void;

/** The result of a greeting: undefined when it is good, else a text that says what is wrong. */
type Fault = string | undefined;

/**
 * Whether SSH speaks: starts a Dropbear as a connection would and waits for its first words. It speaks to ourselves
 * alone, so there is no port besides the one door. However many ask, one greeting is under way at a time.
 */
export class Greeting {
  readonly #findFault: (begun: OnBegun) => Promise<Fault>;
  readonly #nowMs: () => number;
  #goodUntilMs = 0;
  #last: Fault = 'SSH has not greeted yet';
  #pending: Promise<void> | undefined;
  readonly #children = new Set<ChildProcess>();

  constructor(findFault: (begun: OnBegun) => Promise<Fault>, nowMs: () => number = () => performance.now()) {
    this.#findFault = findFault;
    this.#nowMs = nowMs;
  }

  /** The processes that greet just now: none of the user's. */
  get pids(): number[] {
    return [...this.#children].flatMap(({ pid }) => pid ?? []);
  }

  /** What is wrong, or undefined; answers within a second. After a fault it asks again at once, else after a while. */
  async ask(answerMs = ANSWER_MS): Promise<Fault> {
    if (this.#nowMs() < this.#goodUntilMs) return undefined;
    this.#pending ??= this.#greet();
    await Promise.race([this.#pending, sleep(answerMs, undefined, { ref: false })]);
    return this.#last;
  }

  async #greet(): Promise<void> {
    try {
      this.#last = await this.#findFault((child) => {
        this.#children.add(child);
        child.once('close', () => this.#children.delete(child));
      });
    } catch (error) {
      this.#last = `SSH cannot be started: ${(error as Error).message}`;
    }
    this.#goodUntilMs = this.#last === undefined ? this.#nowMs() + GREETING_VALID_MS : 0;
    this.#pending = undefined;
  }
}

/**
 * Starts Dropbear and reads what it says first. Returns what went wrong, or undefined; the process is ended in any
 * case.
 */
export async function findGreetingFault(
  command: DropbearCommand,
  begun: OnBegun = () => undefined,
  limitMs = GREETING_LIMIT_MS,
): Promise<Fault> {
  const { near, far } = await openPair();
  const { promise, resolve } = Promise.withResolvers<Fault>();
  const timer = setTimeout(() => resolve('SSH did not greet in time'), limitMs);
  near.once('close', () => resolve('SSH closed without greeting'));
  near.once('data', (data: Buffer) =>
    resolve(data.toString('latin1').startsWith('SSH-2.0-') ? undefined : 'SSH greeted with something else'),
  );
  const child = startDropbear(command, [far, far, 'ignore'], (detail, started) => {
    if (!started) resolve(`SSH cannot be started: ${detail}`);
  });
  if (child !== undefined) begun(child);
  far.destroy();
  const fault = await promise;
  clearTimeout(timer);
  child?.kill('SIGKILL');
  near.destroy();
  return fault;
}
