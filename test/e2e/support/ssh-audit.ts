/** ssh-audit, in a Python environment that is made once per machine. */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { run } from '../operator/release.ts';

const VERSION = '3.9.0';

interface Algorithm {
  algorithm: string;
  notes?: { fail?: string[] };
}

/** What ssh-audit fails of the server's key exchanges, host keys, ciphers and MACs: `NAME: reason`. */
export function listAuditFailures(port: number): string[] {
  const done = run(findProgram(), ['--json', '--skip-rate-test', '--port', String(port), '127.0.0.1']);
  // 0 good, 2 warnings, 3 failures; everything else is a run that told nothing.
  if (![0, 2, 3].includes(done.status)) throw new Error(`ssh-audit ended with ${done.status}: ${done.stderr}`);
  const report = JSON.parse(done.stdout) as Record<'kex' | 'key' | 'enc' | 'mac', Algorithm[]>;
  const algorithms = (['kex', 'key', 'enc', 'mac'] as const).flatMap((kind) => report[kind]);
  if (algorithms.length < 4) throw new Error(`ssh-audit saw no server: ${done.stdout}`);
  const failures = algorithms.flatMap(({ algorithm, notes }) =>
    (notes?.fail ?? []).map((reason) => `${algorithm}: ${reason}`),
  );
  return done.status === 3 && failures.length === 0 ? [`ssh-audit failed without a reason: ${done.stdout}`] : failures;
}

function findProgram(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  const folder = path.join(cache, 'ws', `ssh-audit-${VERSION}`);
  const program = path.join(folder, 'bin', 'ssh-audit');
  if (existsSync(program)) return program;
  rmSync(folder, { recursive: true, force: true });
  execFileSync('python3', ['-m', 'venv', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync(
    path.join(folder, 'bin', 'pip'),
    ['install', '--quiet', '--disable-pip-version-check', `ssh-audit==${VERSION}`],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return program;
}
