/** What the machine's own OpenSSH can do, by its own words. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { OpenSsh } from '../../workspace/machine.ts';

const LIMIT_MS = 3000;

/** Where Linux says that it keeps to FIPS 140. */
const FIPS_SWITCH = '/proc/sys/crypto/fips_enabled';

/** Never throws. */
export async function readOpenSsh(
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  program = 'ssh',
): Promise<OpenSsh | { fault: string }> {
  const ask = (...words: string[]) => run(program, words, environment, signal);
  const [version, kex, keys, ciphers] = await Promise.all([
    ask('-V'),
    ask('-Q', 'kex'),
    ask('-Q', 'key'),
    ask('-Q', 'cipher'),
  ]);
  if ('fault' in version) return version;
  const toLines = (answer: Answer) => ('text' in answer ? answer.text.split('\n').filter((line) => line !== '') : []);
  return {
    version: toLines(version)[0]?.split(',')[0] ?? 'ssh',
    kex: toLines(kex),
    keys: toLines(keys),
    ciphers: toLines(ciphers),
    fips: findFips(),
  };
}

type Answer = { text: string } | { fault: string };

function findFips(): string | undefined {
  try {
    return readFileSync(FIPS_SWITCH, 'utf8').trim() === '1' ? FIPS_SWITCH : undefined;
  } catch {
    return undefined;
  }
}

/** Both of its outputs: OpenSSH prints its version on stderr, and why it refuses to run. */
function run(
  program: string,
  words: string[],
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(program, words, {
      env: environment as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
      killSignal: 'SIGKILL',
    });
    const printed: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => printed.push(chunk));
    child.once('error', ({ name, code }: NodeJS.ErrnoException) => {
      if (name === 'AbortError') resolve({ fault: `ssh did not answer within ${LIMIT_MS / 1000} s` });
      else resolve({ fault: code === 'ENOENT' ? 'ssh is not installed' : `ssh cannot be run (${code})` });
    });
    child.once('close', (code) => {
      const text = Buffer.concat(printed).toString('utf8');
      resolve(code === 0 ? { text } : { fault: `ssh does not run here (${text.trim().split('\n')[0]})` });
    });
  });
}
