/**
 * A byte pipe to a port of a pod by `pods/exec`: a relay of bash and two `cat` in the workspace's container, which have
 * the bytes on their stdio. For where a port-forward is forbidden, or opens and carries nothing, as under gVisor.
 */

import type { Duplex } from 'node:stream';
import { WORKSPACE_CONTAINER } from '../../../workspace/state/selectors.ts';
import type { RestClient } from '../api/rest.ts';
import { type Opening, openSocketStream } from '../pod-stream/open-pod-stream.ts';
import type { Framing, PodAddress } from '../pod-stream/pod-stream.ts';

const [STDIN, STDOUT, STDERR, STATUS] = [0, 1, 2, 3] as const;

/** The newer protocol can close stdin alone: the channel 255, and which one it closes. */
const SUBPROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const END_OF_STDIN = Buffer.from([255, STDIN]);

/** Of what the relay says, so much is an error's reason. */
const MOST_SAID = 1000;

/** Opens it. Throws what `openSocketStream` throws; what the relay says breaks the stream. */
export function openExec(
  rest: RestClient,
  address: PodAddress,
  signal: AbortSignal,
  opening: Opening,
): Promise<Duplex> {
  const command = ['/bin/bash', '--norc', '-pc', writeRelay(address.port)];
  const query: [string, string][] = [
    ['container', WORKSPACE_CONTAINER],
    ...['stdin', 'stdout', 'stderr'].map((name): [string, string] => [name, 'true']),
    ...command.map((word): [string, string] => ['command', word]),
  ];
  const dialect = { subresource: 'exec', query, subprotocols: SUBPROTOCOLS, framing: frameExec() };
  return openSocketStream(rest, address, dialect, signal, opening);
}

/**
 * It ends with either end of the pipe. After stdin's end the server has a second for its last words, because bash
 * cannot close a connection for one side. When a workspace stops, the supervisor asks all programs to end, with SIGHUP
 * and SIGTERM. The relay goes on, for the goodbye that it carries: it ends when the supervisor closes the connection.
 * Bash keeps its stderr to the end: when stdout or stderr closes, containerd closes stdin as well.
 */
export function writeRelay(port: number): string {
  return `trap '' HUP INT TERM
PATH=/usr/bin:/bin
exec 3<>/dev/tcp/127.0.0.1/${port} || exit 1
exec 4<&0 </dev/null
cat <&3 3<&- 4<&- & down=$!
cat <&4 >&3 3<&- 4<&- & up=$!
exec 3<&- 4<&-
wait -n $down $up
{
if kill -0 $down; then sleep 1 & wait -n $down $!; fi
kill -9 $down $up $!
wait
} 2>/dev/null
exit 0`;
}

/** Of one stream: the status at its end says that the relay failed, and stderr why. */
export function frameExec(): Framing {
  let said = '';
  return {
    sends: STDIN,
    hears: STDOUT,
    hasPorts: false,
    hear(channel, text) {
      if (channel === STDERR) said = `${said}${text}`.slice(0, MOST_SAID);
      return channel === STATUS ? findFailure(text, said.trim()) : undefined;
    },
    toEnd: (protocol) => (protocol === SUBPROTOCOLS[0] ? END_OF_STDIN : undefined),
  };
}

function findFailure(text: string, said: string): string | undefined {
  const { status, message } = parseStatus(text);
  if (status === 'Success') return undefined;
  // Only the last line is about the connection: bash may warn of a locale before.
  const last = said.split('\n').at(-1) ?? '';
  return last === '' ? (message ?? text) : last;
}

function parseStatus(text: string): { status?: unknown; message?: string } {
  try {
    const { status, message } = JSON.parse(text) as { status?: unknown; message?: unknown };
    return { status, ...(typeof message === 'string' ? { message } : {}) };
  } catch {
    return {};
  }
}
