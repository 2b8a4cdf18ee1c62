/** What a session runs on, and how. */
import type { Readable, Writable } from 'node:stream';

/** A terminal or pipes, as a value. */
export interface Terminal {
  stdin: Readable & { isTTY?: boolean; setRawMode?(on: boolean): unknown };
  stdout: Writable & { isTTY?: boolean; columns?: number; rows?: number };
  stderr: Writable & { isTTY?: boolean };
  /** `TERM` and `COLORTERM`. */
  termName: string | undefined;
  colorTerm?: string | undefined;
}

export interface ShellOptions {
  /** Runs this instead of the login shell when set; on a PTY, too. */
  command?: string;
  forwardAgent: boolean;
  /** Whether `~.` at a line's start ends the session. */
  escapes: boolean;
  /** The shell starts at once, and has the terminal from then on; at once by default. */
  terminalFree?: Promise<void>;
  /** Called when `~.` ends it. */
  onLeave?(): void;
}

export interface ExecOptions {
  /** '' is the login shell, which reads commands from its input. */
  command: string;
  forwardAgent: boolean;
}
