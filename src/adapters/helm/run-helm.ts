import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { failure, interrupted } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { run } from '../../workspace/errors/suggestion.ts';
import { machineOf, suggestHelm } from './suggest-helm.ts';
import { translate } from './translate.ts';

/** After SIGINT Helm writes down that the release failed; it gets this long to do so. */
const GRACE_MS = 5_000;

/** What may finish gets this long for it. After another Ctrl-C nobody waits, and Helm goes on alone. */
const FINISH_MS = 20_000;

export interface HelmCommand extends RunOptions {
  /** The program, found on PATH when it is a bare name. */
  program: string;
  arguments: string[];
  environment: Record<string, string | undefined>;
  /** It changes nothing, so it need not write down that it was stopped. */
  isQuestion?: boolean;
}

export interface RunOptions {
  /** What Helm reads from stdin. */
  input?: LateInput;
  /** It is not stopped in the middle: it cannot write that down. What it has done by then counts. */
  mayFinish?: boolean;
}

/**
 * Its head goes at once and the rest when it is known. If that never is, Helm is killed: it must do nothing before it
 * has read all.
 */
export interface LateInput {
  head: string;
  rest: Promise<string>;
}

/**
 * Runs Helm and returns its stdout. Throws what `translate` makes of its stderr, `HELM_MISSING`, `INTERRUPTED`, or why
 * there is no input.
 */
export function runHelm(command: HelmCommand, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(interrupted());
    // A process group of its own: Ctrl-C at the terminal must not reach Helm a second time beside our SIGINT.
    const child = spawn(command.program, command.arguments, {
      env: command.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    let stdout = '';
    let stderr = '';
    let killer: NodeJS.Timeout | undefined;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    // Helm may end before it reads; its exit status says why.
    child.stdin.on('error', () => undefined);
    child.stdin.write(command.input?.head ?? '');
    let refusal: { reason: unknown } | undefined;
    Promise.resolve(command.input?.rest ?? '').then(
      (rest) => child.stdin.end(rest),
      (reason: unknown) => {
        refusal = { reason };
        child.kill('SIGKILL');
      },
    );
    const mayFinish = command.mayFinish === true;
    const stop = () => {
      if (!mayFinish) child.kill(command.isQuestion === true ? 'SIGKILL' : 'SIGINT');
      killer = setTimeout(() => child.kill('SIGKILL'), mayFinish ? FINISH_MS : GRACE_MS);
    };
    signal.addEventListener('abort', stop, { once: true });
    const settle = () => {
      clearTimeout(killer);
      signal.removeEventListener('abort', stop);
    };
    child.on('error', (cause: NodeJS.ErrnoException) => {
      settle();
      reject(toUnrunnable(command, cause));
    });
    child.on('close', (status) => {
      settle();
      if (mayFinish && status === 0) resolve(stdout);
      else if (signal.aborted) reject(interrupted());
      else if (refusal !== undefined) reject(refusal.reason);
      else if (status === 0) resolve(stdout);
      else reject(translate(stderr, status));
    });
  });
}

function toUnrunnable({ program, environment }: HelmCommand, cause: NodeJS.ErrnoException) {
  const named = environment['WS_HELM'] === program;
  const isAbsent = program === 'helm' && cause.code === 'ENOENT';
  return failure('HELM_MISSING', {
    message: isAbsent ? 'Helm is not installed' : 'Helm cannot be run',
    reason: isAbsent
      ? 'there is no helm on PATH'
      : `${program}${named ? ', which comes from WS_HELM' : ''}: ${toProgramReason(program, cause)}`,
    suggestions: named
      ? [{ ...run('unset')`WS_HELM`, note: 'takes the helm on PATH' }, run('export')`WS_HELM=/path/to/helm`]
      : [...suggestHelm(machineOf(environment['PATH'])), run('export')`WS_HELM=/path/to/helm`],
    cause,
  });
}

/** The system has the same word for a folder and for a file that may not be run. */
function toProgramReason(program: string, cause: Error): string {
  const isFolder = statSync(program, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? 'it is a directory' : toReason(cause, 'program');
}
