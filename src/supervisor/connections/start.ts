import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';

/** How to run Dropbear for one connection. */
export interface DropbearCommand {
  program: string;
  arguments: string[];
  environment: Record<string, string>;
}

/**
 * Starts Dropbear with the connection as its stdin and stdout. `onEnd` is called once, with why it ended or why it
 * could not be started. Without descriptors, processes or memory there is no child: that is one lost connection, and
 * never an exception.
 *
 * It starts in `/`: the home may be a volume that does not answer, and a process is waited for until it has entered its
 * folder. Dropbear enters the home in the session's own process.
 */
export function startDropbear(
  { program, arguments: words, environment }: DropbearCommand,
  stdio: StdioOptions,
  onEnd: (detail: string, started: boolean) => void,
): ChildProcess | undefined {
  let ended = false;
  const end = (detail: string, started: boolean) => {
    if (ended) return;
    ended = true;
    onEnd(detail, started);
  };
  try {
    const child = spawn(program, words, { stdio, env: environment, cwd: '/' });
    child.once('error', (error) => end(error.message, false));
    child.once('close', (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`, true));
    // When the start fails, Node may make no streams at all.
    return child;
  } catch (error) {
    queueMicrotask(() => end((error as Error).message, false));
    return undefined;
  }
}
