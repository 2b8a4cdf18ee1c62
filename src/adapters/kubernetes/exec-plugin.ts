/**
 * Credential plugins of a kubeconfig (`users[].user.exec`), run as client-go runs them. client-node's own runner gives a
 * plugin no KUBERNETES_EXEC_INFO, finds none that is named relative to its kubeconfig, and hides what it says.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { failure, interrupted } from '../../workspace/errors.ts';
import type { Access } from './kubeconfig.ts';
import type { Environment } from './kubeconfig-files.ts';

interface ExecSettings {
  command: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  apiVersion?: string;
  installHint?: string;
  provideClusterInfo?: boolean;
}

export interface PluginCredential {
  token: string | undefined;
  certificate: string | undefined;
  key: string | undefined;
  /** Epoch milliseconds; undefined: good until it is refused. */
  expiresAtMs: number | undefined;
}

/** Runs the plugin. Its stderr goes to `onMessage` line by line: that is where it says "open this page in a browser". */
export async function runExecPlugin(
  access: Access,
  environment: Environment,
  onMessage: (line: string) => void,
  signal: AbortSignal,
): Promise<PluginCredential> {
  const exec = access.user.exec as ExecSettings;
  const command = /[\\/]/.test(exec.command) ? path.resolve(access.user.folder, exec.command) : exec.command;
  const apiVersion = exec.apiVersion ?? 'client.authentication.k8s.io/v1';
  const env: Record<string, string | undefined> = { ...environment };
  for (const { name, value } of exec.env ?? []) env[name] = value;
  env['KUBERNETES_EXEC_INFO'] = JSON.stringify({
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(exec.provideClusterInfo === true ? { cluster: toClusterInfo(access) } : {}) },
  });
  const output = await run(command, exec, env, onMessage, signal);
  return parseCredential(output, command);
}

function toClusterInfo({ cluster }: Access) {
  return {
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.skipTLSVerify,
    'certificate-authority-data': cluster.caData,
    'proxy-url': cluster.proxyUrl,
  };
}

function run(
  command: string,
  exec: ExecSettings,
  env: Record<string, string | undefined>,
  onMessage: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, exec.args ?? [], {
      env,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      for (const line of text.split('\n')) if (line.trim() !== '') onMessage(line);
    });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      if (signal.aborted) return reject(interrupted());
      const reason = cause.code === 'ENOENT' ? `${command} is not installed` : cause.message;
      reject(rejected(command, [reason, exec.installHint ?? ''].filter(Boolean).join('. '), cause));
    });
    child.on('close', (status) => {
      if (status === 0) return resolve(stdout);
      reject(rejected(command, stderr.trim().split('\n').slice(-3).join(' ') || `it ended with status ${status}`));
    });
  });
}

/** Reads an ExecCredential document. Throws `CREDENTIALS_REJECTED` when it is none. */
export function parseCredential(output: string, command: string): PluginCredential {
  let document: { status?: Record<string, string | undefined> };
  try {
    document = JSON.parse(output);
  } catch (cause) {
    throw rejected(command, 'it did not print an ExecCredential document', cause);
  }
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = document.status ?? {};
  if (token === undefined && clientCertificateData === undefined) throw rejected(command, 'it printed no credential');
  const expiresAtMs = expirationTimestamp === undefined ? undefined : Date.parse(expirationTimestamp);
  return { token, certificate: clientCertificateData, key: clientKeyData, expiresAtMs };
}

function rejected(command: string, reason: string, cause?: unknown) {
  return failure('CREDENTIALS_REJECTED', {
    message: `The kubeconfig's credential plugin ${path.basename(command)} gave no credential`,
    reason,
    suggestions: ['kubectl auth whoami'],
    cause,
  });
}
