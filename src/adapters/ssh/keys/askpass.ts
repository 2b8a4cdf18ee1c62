/** The program that answers where no terminal can: SSH_ASKPASS, as ssh(1) has it. */
import { spawn } from 'node:child_process';

/** When to ask it: always, rather than the terminal, or only where there is no terminal. */
export function findAskpass(environment: NodeJS.ProcessEnv, hasTerminal: boolean): string | undefined {
  const { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: require } = environment;
  if (program === undefined || program === '' || require === 'never') return undefined;
  return hasTerminal && require !== 'force' && require !== 'prefer' ? undefined : program;
}

/** Its output without the line end; undefined when the user cancelled or it cannot be run. It shares our stderr. */
export function runAskpass(program: string, question: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, [question], { stdio: ['ignore', 'pipe', 'inherit'], signal });
    const printed: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    child.once('error', () => resolve(undefined));
    child.once('close', (code) =>
      resolve(
        code === 0
          ? Buffer.concat(printed)
              .toString('utf8')
              .replace(/\r?\n$/, '')
          : undefined,
      ),
    );
  });
}
