import { spawn } from 'node:child_process';

/**
 * Starts a process that outlives this one and that no terminal belongs to. `secret` goes to its stdin, which no other
 * process can see, unlike arguments and environment.
 */
export function startHolder(words: string[], environment: NodeJS.ProcessEnv, secret: string): void {
  const [program = '', ...rest] = words;
  const child = spawn(program, rest, {
    detached: true,
    // Not here: a folder that a process stands in cannot be unmounted. A home need not exist; this does.
    cwd: '/',
    env: environment,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.stdin.end(secret);
  child.unref();
}
