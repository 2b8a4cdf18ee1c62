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
  const { stdin, stderr, env } = process;
  const isInteractive = stdin.isTTY === true && stderr.isTTY === true && !isDumb(env) && !isCi(env);
  return { ...readOutput(), stdin, isInteractive };
}

/** The same for who only writes: Node takes 2 ms to open stdin. */
export function readOutput(): Omit<CliTerminal, 'stdin' | 'isInteractive'> {
  const { stdout, stderr, env } = process;
  const columns = stderr.columns || DEFAULT_COLUMNS;
  const wantsColor = !env.NO_COLOR && !isDumb(env);
  return {
    stdout,
    stderr,
    termName: toTermName(env.TERM),
    colorTerm: toTermName(env.COLORTERM),
    canDraw: stderr.isTTY === true && !isDumb(env) && !isCi(env) && columns >= NARROWEST,
    colorOnStderr: wantsColor && stderr.isTTY === true,
    colorOnStdout: wantsColor && stdout.isTTY === true,
    columns,
  };
}

function isDumb({ TERM }: NodeJS.ProcessEnv): boolean {
  return TERM === 'dumb';
}

function isCi({ CI }: NodeJS.ProcessEnv): boolean {
  return CI !== undefined && CI !== '' && CI !== 'false';
}

/**
 * A terminfo name, or a word like it. We send nothing else to another machine, such as a path or an escape sequence.
 */
function toTermName(name: string | undefined): string | undefined {
  return name !== undefined && /^[A-Za-z0-9][\w.+-]{0,63}$/.test(name) ? name : undefined;
}
