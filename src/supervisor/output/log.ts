import { type Logger, pino } from 'pino';

/** What a line may carry besides level, time and event. */
export interface LogFields {
  session?: string;
  peer?: string;
  user?: string;
  fingerprint?: string;
  reason?: string;
  [name: string]: unknown;
}

export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  fatal(event: string, fields?: LogFields): void;
  /** Logs what was left out of a flood that is over. Call it now and then. */
  flush(): void;
}

/** Lines of one event a second before the rest is only counted. */
const LINES_PER_SECOND = 10;

/**
 * One JSON object a line. A flood of the same event is cut to ten lines a second and then told as one `log.suppressed`
 * line with its count; errors and worse are never cut. `write` takes a whole line and must not fail. For an unknown
 * level it takes `info`: `readConfig` refuses such a level, and the refusal needs a log.
 */
export function createLog(options: { level: string; write(line: string): void; nowMs(): number }): Log {
  const logger: Logger = pino(
    {
      level: Object.hasOwn(pino.levels.values, options.level) ? options.level : 'info',
      base: null,
      messageKey: 'event',
      timestamp: () => `,"time":"${new Date(options.nowMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: options.write },
  );
  const flood = new FloodGate(options.nowMs, (event, count) =>
    logger.warn({ suppressed: count, of: event }, 'log.suppressed'),
  );
  return {
    info: (event, fields = {}) => flood.admit(event) && logger.info(fields, event),
    warn: (event, fields = {}) => flood.admit(event) && logger.warn(fields, event),
    error: (event, fields = {}) => logger.error(fields, event),
    fatal: (event, fields = {}) => logger.fatal(fields, event),
    flush: () => flood.flush(),
  };
}

/** The log line that reports lines for which the reader was too slow. */
export function toLostLine(count: number, nowMs: number): string {
  return `${JSON.stringify({ level: 'warn', time: new Date(nowMs).toISOString(), lost: count, event: 'log.lost' })}\n`;
}

/** Counts events by name in windows of a second. */
export class FloodGate {
  readonly #nowMs: () => number;
  readonly #onSuppressed: (event: string, count: number) => void;
  readonly #windows = new Map<string, { second: number; lines: number; suppressed: number }>();

  constructor(nowMs: () => number, onSuppressed: (event: string, count: number) => void) {
    this.#nowMs = nowMs;
    this.#onSuppressed = onSuppressed;
  }

  /** Whether a line of this event may still be written in this second. */
  admit(event: string): boolean {
    const second = Math.floor(this.#nowMs() / 1000);
    const window = this.#windows.get(event);
    if (window === undefined || window.second !== second) {
      if (window !== undefined && window.suppressed > 0) this.#onSuppressed(event, window.suppressed);
      this.#windows.set(event, { second, lines: 1, suppressed: 0 });
      return true;
    }
    if (window.lines < LINES_PER_SECOND) {
      window.lines += 1;
      return true;
    }
    window.suppressed += 1;
    return false;
  }

  /** Closes the windows of earlier seconds: a flood may end without another event to show its count. */
  flush(): void {
    const second = Math.floor(this.#nowMs() / 1000);
    for (const [event, window] of this.#windows) {
      if (window.second === second) continue;
      this.#windows.delete(event);
      if (window.suppressed > 0) this.#onSuppressed(event, window.suppressed);
    }
  }
}
