/**
 * An API server that answered this user a moment ago, and does not when a command begins: it may be restarting. The
 * command waits for it then. One that was not there lately is not waited for, and a command that has had an answer has
 * its own ways to go on.
 */
import { findStatusCode } from '../translate.ts';
import { SilentServer } from './silent-server.ts';

/** When this machine last had an answer of an API server. */
export interface ServerMemory {
  /** Whether that was a few minutes ago at most. */
  answeredLately(server: URL): boolean;
  noteAnswer(server: URL): void;
}

export interface PatienceOptions {
  memory?: ServerMemory | undefined;
  /** Gets the line that says what is waited for. */
  onMessage(line: string): void;
}

export interface Patience {
  silent: SilentServer;
  /** Undefined where nobody remembers a server: then none is waited for. */
  comeback: ServerComeback | undefined;
}

export function openPatience({ memory, onMessage }: PatienceOptions): Patience {
  return { silent: new SilentServer(onMessage), comeback: memory && new ServerComeback(memory, onMessage) };
}

/** Within this time an API server on one machine is back from a restart. */
const LIMIT_MS = 20_000;
/** What is back sooner needs no words. */
const SILENT_MS = 1000;
const PAUSE_MS = 250;

/** Nothing reached the server, so whatever was asked can be asked again. */
const NOTHING_SENT = ['ECONNREFUSED'];
/** It was reached, and went. What only reads can be asked again. */
const CUT = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];
/** An API server whose storage is not there yet, or what stands before an API server that is not there. */
const NOT_YET = [500, 502, 503, 504];

export class ServerComeback {
  readonly #memory: ServerMemory;
  readonly #tell: (line: string) => void;
  #hasAnswered = false;
  #sinceMs: number | undefined;
  #isTold = false;

  constructor(memory: ServerMemory, tell: (line: string) => void) {
    this.#memory = memory;
    this.#tell = tell;
  }

  noteAnswer(server: URL): void {
    if (!this.#hasAnswered) this.#memory.noteAnswer(server);
    this.#hasAnswered = true;
  }

  /** How long to wait before the next try, in milliseconds; undefined where there should be none. */
  findPause(error: unknown, server: URL, { isRead, nowMs }: { isRead: boolean; nowMs: number }): number | undefined {
    if (this.#hasAnswered || !isPassing(error, isRead)) return undefined;
    if (this.#sinceMs === undefined && !this.#memory.answeredLately(server)) return undefined;
    this.#sinceMs ??= nowMs;
    const waitedMs = nowMs - this.#sinceMs;
    if (waitedMs >= LIMIT_MS) return undefined;
    if (waitedMs >= SILENT_MS && !this.#isTold) {
      this.#isTold = true;
      const reason = (error as { reason?: string }).reason;
      const why = reason === undefined ? '' : `: ${reason}`;
      this.#tell(
        `The API server ${server.host} does not answer${why}. It may be restarting: waiting up to ${LIMIT_MS / 1000} s`,
      );
    }
    return PAUSE_MS;
  }
}

function isPassing(error: unknown, isRead: boolean): boolean {
  const statusCode = findStatusCode(error);
  if (statusCode !== undefined) return isRead && NOT_YET.includes(statusCode);
  const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  return NOTHING_SENT.includes(code) || (isRead && CUT.includes(code));
}
