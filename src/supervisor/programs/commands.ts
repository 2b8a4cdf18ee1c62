import { constants } from 'node:os';
import { findStarted, type SessionProcess } from './command-processes.ts';

/** A command whose input has ended may end by itself within this time. */
const OWN_END_MS = 400;
/** After a signal of the client's a program may tidy up. */
const TIDY_MS = 900;
/** From the hang-up to the end of what goes on after it, as a server that reads its configuration again. */
const HANG_UP_MS = 600;

/** Of a command that ends while its client is there we hear nothing, so that what it was sent would stay for ever. */
const MOST_SIGNALLED = 100;

export interface CommandsOptions {
  /** May throw, when no file can be opened. */
  listSession(session: number): SessionProcess[];
  /** May throw when there is no such process any more. */
  kill(pid: number, signal: NodeJS.Signals): void;
  sleep(delayMs: number): Promise<void>;
}

/**
 * The commands without a terminal of one connection, each by the process ID of its first process, which is its
 * session's too. Its client's signals and its client's end reach all that it has started, as a terminal's would, except
 * for what asks to stay.
 */
export class Commands {
  readonly #options: CommandsOptions;
  /**
   * The programs that got a signal, by command, for the newest of them. If their parents end of it, they would
   * otherwise look like daemons.
   */
  readonly #signalled = new Map<number, number[]>();

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /** Passes a signal of the client's on. */
  signal(command: number, number: number): void {
    const name = toName(number);
    if (name === undefined) return;
    const programs = this.#find(command, [command, ...(this.#signalled.get(command) ?? [])]);
    this.#signalled.delete(command);
    this.#signalled.set(command, programs);
    const [oldest] = this.#signalled.keys();
    if (this.#signalled.size > MOST_SIGNALLED && oldest !== undefined) this.#signalled.delete(oldest);
    this.#kill(programs, name);
  }

  /**
   * The client has gone, and the command runs. A command that ends with its input may leave programs behind, as with
   * ssh. Returns how many programs were ended.
   */
  async leave(command: number): Promise<number> {
    const { sleep } = this.#options;
    const signalled = this.#signalled.get(command);
    this.#signalled.delete(command);
    await sleep(signalled === undefined ? OWN_END_MS : TIDY_MS);
    // Another command may have got the number of one that was signalled.
    const programs = this.#find(command, [command, ...(signalled ?? [])]);
    this.#kill(programs, 'SIGHUP');
    if (programs.length === 0) return 0;
    await sleep(HANG_UP_MS);
    this.#kill(this.#find(command, programs), 'SIGTERM');
    return programs.length;
  }

  #find(command: number, from: number[]): number[] {
    try {
      return findStarted(from, this.#options.listSession(command));
    } catch {
      return [];
    }
  }

  #kill(pids: number[], signal: NodeJS.Signals): void {
    for (const pid of pids) {
      try {
        this.#options.kill(pid, signal);
      } catch {
        // Gone already.
      }
    }
  }
}

function toName(number: number): NodeJS.Signals | undefined {
  const names = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  return names.find(([, value]) => value === number)?.[0];
}
