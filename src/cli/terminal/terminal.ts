import type { Terminal } from '../../workspace/terminal.ts';

/** The terminal, or what stands in its place, and what its environment says of it. */
export interface CliTerminal extends Terminal {
  stderr: Terminal['stderr'] & { isTTY?: boolean; columns?: number; rows?: number };
  /** A person can be asked: stdin and stderr are terminals, and nothing says otherwise. */
  isInteractive: boolean;
  /** stderr can be drawn on: moved over, coloured. */
  canDraw: boolean;
  colorOnStderr: boolean;
  colorOnStdout: boolean;
  /** Columns of stderr, or a common width where it has none. */
  columns: number;
}

const DEFAULT_COLUMNS = 80;
const NARROWEST = 20;

/** Reads the process's streams and environment once. `NO_COLOR`, `CI`, `TERM=dumb` and a narrow window are honoured. */
export function readTerminal(): CliTerminal {
  const { stdin, stdout, stderr, env } = process;
  const isDumb = env.TERM === 'dumb';
  const isCi = env.CI !== undefined && env.CI !== '' && env.CI !== 'false';
  const columns = stderr.columns || DEFAULT_COLUMNS;
  const wantsColor = !env.NO_COLOR && !isDumb;
  return {
    stdin,
    stdout,
    stderr,
    termName: toTermName(env.TERM),
    colorTerm: toTermName(env.COLORTERM),
    isInteractive: stdin.isTTY === true && stderr.isTTY === true && !isDumb && !isCi,
    canDraw: stderr.isTTY === true && !isDumb && !isCi && columns >= NARROWEST,
    colorOnStderr: wantsColor && stderr.isTTY === true,
    colorOnStdout: wantsColor && stdout.isTTY === true,
    columns,
  };
}

/**
 * A terminfo name, or a word like it. We send nothing else to another machine, such as a path or an escape sequence.
 */
function toTermName(name: string | undefined): string | undefined {
  return name !== undefined && /^[A-Za-z0-9][\w.+-]{0,63}$/.test(name) ? name : undefined;
}
