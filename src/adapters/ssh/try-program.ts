/** Runs a program as a desktop would start it: with a short PATH and nothing of our environment. */
import { spawn } from 'node:child_process';

const LIMIT_MS = 10_000;

/** What it prints, or undefined when it fails or is not done within the time. */
export function tryProgram(words: string[], home: string, signal: AbortSignal): Promise<string | undefined> {
  const [program = '', ...rest] = words;
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      env: { HOME: home, PATH: '/usr/bin:/bin' },
      cwd: '/',
      stdio: ['ignore', 'pipe', 'ignore'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
    });
    const printed: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    child.once('error', () => resolve(undefined));
    child.once('close', (code) => resolve(code === 0 ? Buffer.concat(printed).toString('utf8') : undefined));
  });
}
