/**
 * A byte pipe to a port of a pod by the user's own `kubectl port-forward`, which speaks SPDY: for where something on
 * the way lets that through, and no WebSocket. One kubectl a stream, which ends with it.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import type { Duplex, Readable, Writable } from 'node:stream';
import { failure, interrupted } from '../../../workspace/errors/errors.ts';
import { ws } from '../../../workspace/errors/suggestion.ts';
import { toStreamReason } from '../api/translate.ts';
import { findProgram } from '../kubeconfig/describe-access.ts';
import type { Environment } from '../kubeconfig/kubeconfig-files.ts';
import type { Opening } from '../pod-stream/open-pod-stream.ts';
import type { PodAddress } from '../pod-stream/pod-stream.ts';

const OPEN_LIMIT_MS = 20_000;

/** Of what kubectl says, so much is an error's reason. */
const MOST_SAID = 2000;

/**
 * Its shell ends kubectl when its own stdin ends, which is also when this process is killed. It gives its stdout and
 * stderr up, so that their end is kubectl's.
 */
const KEEPER = `"$@" </dev/null & exec >/dev/null 2>&1; read -r _; kill $!`;

export interface KubectlPlace {
  environment: Environment;
  kubeconfig: string | undefined;
  /** Undefined in a pod, where kubectl finds the service account by itself. */
  context: string | undefined;
}

type Kubectl = ChildProcessByStdio<Writable, Readable, Readable>;

/** Opens it. Throws `CONNECTION_FAILED` with kubectl's own words, or without kubectl. */
export async function openSpdy(
  place: KubectlPlace | undefined,
  address: PodAddress,
  signal: AbortSignal,
  { openLimitMs = OPEN_LIMIT_MS, onAsked }: Opening,
): Promise<Duplex> {
  if (place === undefined) throw refuse(address, 'kubectl is not started for this');
  const program = findProgram('kubectl', place.environment);
  if (program === undefined) throw refuse(address, 'kubectl is not on PATH');
  const limit = AbortSignal.any([signal, AbortSignal.timeout(openLimitMs)]);
  if (limit.aborted) throw interrupted();
  const child = start(program, place, address);
  const end = () => child.stdin.end();
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-MOST_SAID);
  });
  onAsked?.();
  try {
    const port = await findPort(child, limit);
    if (port === undefined) throw refuse(address, toReason(said, address.port));
    const socket = await dial(port, limit);
    socket.on('close', end);
    // It says why in the moment in which it hangs up.
    child.stderr.on('data', () => {
      if (/^E\d{4}|error forwarding/m.test(said)) socket.destroy(refuse(address, toReason(said, address.port)));
    });
    return socket;
  } catch (error) {
    end();
    if (signal.aborted) throw interrupted();
    if (limit.aborted) throw refuse(address, `kubectl has not opened it within ${openLimitMs / 1000} s`);
    throw error;
  }
}

function start(program: string, place: KubectlPlace, { namespace, pod, port }: PodAddress): Kubectl {
  const words = [
    ...[program, 'port-forward', `pod/${pod}`, `:${port}`, '--address', '127.0.0.1', '--namespace', namespace],
    ...(place.context === undefined ? [] : ['--context', place.context]),
    ...(place.kubeconfig === undefined ? [] : ['--kubeconfig', place.kubeconfig]),
  ];
  const child = spawn('/bin/sh', ['-c', KEEPER, 'sh', ...words], {
    env: { ...place.environment, KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C is for the command in the workspace, which hears of it through this.
    detached: true,
  });
  child.on('error', () => child.stdout.destroy());
  child.stdin.on('error', () => undefined);
  child.unref();
  return child;
}

/** The local port that it listens on; undefined when it ends without one. Throws when the signal fires. */
function findPort({ stdout }: Kubectl, signal: AbortSignal): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  let text = '';
  const abort = () => reject(interrupted());
  signal.addEventListener('abort', abort, { once: true });
  stdout.setEncoding('utf8').on('data', (part: string) => {
    // It says a line for each connection, too.
    text = `${text}${part}`.slice(-MOST_SAID);
    const port = /^Forwarding from 127\.0\.0\.1:(\d+) /m.exec(text)?.[1];
    if (port !== undefined) resolve(Number(port));
  });
  stdout.once('close', () => resolve(undefined));
  return promise.finally(() => signal.removeEventListener('abort', abort));
}

function dial(port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const abort = () => void socket.destroy(interrupted());
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** kubectl's last line, without the time and place in its own code. */
function toReason(said: string, port: number): string {
  const last = said.trim().split('\n').at(-1) ?? '';
  const plain = last.replace(/^[EW]\d{4} \S+ +\d+ \S+\] (?:"Unhandled Error" err=)?/, '').replace(/^error: /, '');
  return plain === '' ? 'kubectl ended without a word' : toStreamReason(plain, port);
}

function refuse({ pod }: PodAddress, reason: string) {
  return failure('CONNECTION_FAILED', {
    message: `No stream to pod ${pod} can be opened`,
    reason,
    suggestions: [ws`status`],
  });
}
