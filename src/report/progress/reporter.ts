import type { Writable } from 'node:stream';
import type { Spell } from '../../workspace/errors/spell.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';

/** Shows an operation's events. After `close` has resolved, the stream is free for others. */
export interface Reporter {
  event(event: ProgressEvent): void;
  /**
   * Lets go of the stream while somebody is asked a question there; `resume` takes it back. Events in between are kept.
   */
  suspend(): Promise<void>;
  resume(): void;
  /** The operation threw; the error itself is shown by whoever caught it. */
  fail(error: unknown): void;
  close(): Promise<void>;
}

export interface ReporterOptions {
  kind: 'live' | 'plain' | 'json' | 'quiet' | 'sparing';
  /** stderr: progress is never on stdout. */
  stream: Writable & { columns?: number };
  columns: number;
  color: boolean;
  nowMs(): number;
  spell: Spell;
  /** Whether what is drawn goes where somebody looks at it, as it is now. Always, where it is left out. */
  isShown?(): boolean;
  /** Keeps what is typed off what is drawn, until the returned function is called. */
  hush?(): Promise<() => Promise<void>>;
}
