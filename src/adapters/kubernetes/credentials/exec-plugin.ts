/**
 * Credential plugins of a kubeconfig (`users[].user.exec`), run as client-go runs them
 * (k8s.io/client-go/plugin/pkg/client/auth/exec). client-node's own runner gives a plugin no KUBERNETES_EXEC_INFO,
 * finds none that is named relative to its kubeconfig, and hides what it says.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { interrupted } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { readFiles } from '../api/trust.ts';
import type { ExecEntry } from '../kubeconfig/entries.ts';
import type { Environment } from '../kubeconfig/kubeconfig-files.ts';
import type { Access } from '../kubeconfig/load-access.ts';
import { type PluginCredential, parseCredential, rejected } from './exec-credential.ts';

/** A credential is a few kilobytes. A plugin that prints more than this does not print one. */
const LONGEST_OUTPUT_BYTES = 1024 * 1024;

/** How much of the end of its output we keep for an error. */
const KEPT_WORDS = 2000;

/** A plugin may take as long as it needs, and whoever waits for it hears so. */
const SLOW_MS = 4000;

export interface PluginWorld {
  environment: Environment;
  /**
   * Whether standard input is a terminal that nobody else reads: the plugin gets it then, unless it never wants one.
   */
  hasTerminal(): boolean;
  /** Gets what the plugin says on its stderr, line by line: "open this page to log in", say. */
  onMessage(line: string): void;
  /** Registers what to do if the process ends meanwhile; returns a function that takes it back. */
  onProcessEnd(end: () => void): () => void;
}

/** Runs the plugin until it ends or the signal fires. Throws `CREDENTIALS_REJECTED` when it gives no credential. */
export async function runExecPlugin(
  access: Access,
  exec: ExecEntry,
  world: PluginWorld,
  signal: AbortSignal,
): Promise<PluginCredential> {
  const isInteractive = exec.interactiveMode !== 'Never' && world.hasTerminal();
  if (exec.interactiveMode === 'Always' && !isInteractive)
    throw rejected(exec.command, 'it has to ask (interactiveMode: Always), and standard input is not a free terminal');
  const env: Record<string, string | undefined> = { ...world.environment };
  for (const { name, value } of exec.env) env[name] = value;
  env['KUBERNETES_EXEC_INFO'] = JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: {
      ...(exec.provideClusterInfo ? { cluster: toClusterInfo(access) } : {}),
      interactive: isInteractive,
    },
  });
  const output = await run(exec, env, isInteractive, world, signal);
  return parseCredential(output, exec);
}

/** `ConfigToExecCluster` in k8s.io/client-go/rest/exec.go: what is empty is left out. */
function toClusterInfo({ cluster }: Access) {
  const { caData, caFile } = cluster;
  return {
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.skipTLSVerify || undefined,
    'certificate-authority-data': caData ?? (caFile === undefined ? undefined : readAuthority(caFile)),
    'proxy-url': cluster.proxyUrl,
    'disable-compression': cluster.disableCompression || undefined,
    config: cluster.execConfig ?? null,
  };
}

function readAuthority(file: string): string {
  return readFiles(() => readFileSync(file).toString('base64'));
}

function toSlowWords(command: string): string {
  return `The kubeconfig's credential plugin ${path.basename(command)} has not answered for ${SLOW_MS / 1000} s: it may wait for a login in a browser, or for its network`;
}

function run(
  exec: ExecEntry,
  env: Record<string, string | undefined>,
  isInteractive: boolean,
  world: PluginWorld,
  signal: AbortSignal,
): Promise<string> {
  const { command } = exec;
  return new Promise((resolve, reject) => {
    const child = spawn(command, exec.args, {
      env,
      signal,
      stdio: [isInteractive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const slow = setTimeout(() => world.onMessage(toSlowWords(command)), SLOW_MS);
    const endWithUs = world.onProcessEnd(() => child.kill());
    const callOff = () => {
      clearTimeout(slow);
      endWithUs();
    };
    let stdout = '';
    let said = '';
    let line = '';
    // Its children may hold its pipes open, so do not wait for their end.
    const stop = () => {
      // Its signal may have ended it already: it must not hear of that twice.
      if (!child.killed) child.kill();
      child.stdout?.destroy();
      child.stderr?.destroy();
    };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.length > LONGEST_OUTPUT_BYTES) stop();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-KEPT_WORDS);
      const lines = (line + text).split('\n');
      line = (lines.pop() ?? '').slice(-KEPT_WORDS);
      for (const whole of lines) if (whole.trim() !== '') world.onMessage(whole);
    });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      callOff();
      if (signal.aborted) {
        stop();
        return reject(interrupted());
      }
      const reason = cause.code === 'ENOENT' ? `${command} is not installed` : toReason(cause, 'program');
      reject(rejected(command, [reason, exec.installHint ?? ''].filter(Boolean).join('. '), cause));
    });
    child.on('close', (status, killedBy) => {
      callOff();
      if (line.trim() !== '') world.onMessage(line);
      if (signal.aborted) return reject(interrupted());
      if (stdout.length > LONGEST_OUTPUT_BYTES) {
        const reason = 'it printed more than a mebibyte';
        return reject(rejected(command, reason, new Error(reason)));
      }
      if (status === 0) return resolve(stdout);
      const end = killedBy === null ? `it ended with status ${status}` : `it was ended by ${killedBy}`;
      reject(rejected(command, said.trim().split('\n').slice(-3).join(' ') || end));
    });
  });
}
