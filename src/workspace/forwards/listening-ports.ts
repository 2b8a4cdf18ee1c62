/** The TCP ports that the user's programs listen on in the workspace. A small loop there reports them. */

export interface ListeningPort {
  /** Where to connect to, as the pod sees it. */
  host: string;
  port: number;
}

/** The pause between two looks. A new server should be reachable by the time its user has switched to the browser. */
const INTERVAL_SECONDS = 1;

/** More ports than any workspace has, and still quick to check. */
const MOST_SOCKETS = 4096;

/** State LISTEN in /proc/net/tcp. */
const LISTENING = '0A';

/**
 * A shell loop that prints a line `ws-ports ADDRESS…` at once and after each change: the listening sockets of its own
 * user as /proc/net/tcp has them. The server runs as the same user: its sockets, which are those of our session's
 * grandparent, are left out. The loop ends with its input or its parent, so that nothing stays behind when the
 * connection is gone.
 */
export const WATCH_COMMAND = toShellCommand(`
command -v awk >/dev/null || { echo "awk is not there" >&2; exit 1; }
user=$(id -u)
server=$(awk '/^PPid:/ { print $2 }' "/proc/$PPID/status" 2>/dev/null)
own=$(ls -l "/proc/$server/fd" 2>/dev/null | awk '{ if (sub(/.*socket:\\[/, "") && sub(/\\].*/, "")) printf "%s ", $0 }')
{
  while kill -0 $$ 2>/dev/null; do
    now=$(awk -v user="$user" -v own=" $own" '$4 == "${LISTENING}" && $8 == user && !index(own, " " $10 " ") { printf " %s", $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
    if [ "$now" != "\${before-none}" ]; then echo "ws-ports$now"; before=$now; fi
    sleep ${INTERVAL_SECONDS}
  done
} &
loop=$!
cat >/dev/null
kill $loop`);

/** The ports of one line, each once, lowest first; undefined for a line that the loop did not print. */
export function parsePortsLine(line: string): ListeningPort[] | undefined {
  const [mark, ...sockets] = line.trim().split(' ', MOST_SOCKETS + 1);
  if (mark !== 'ws-ports') return undefined;
  const byPort = new Map<number, ListeningPort>();
  for (const socket of sockets) {
    const found = parseSocket(socket);
    if (found === undefined) continue;
    // One that the pod reaches as localhost wins over the same port at another address.
    if (byPort.get(found.port)?.host !== 'localhost') byPort.set(found.port, found);
  }
  return [...byPort.values()].toSorted((a, b) => a.port - b.port);
}

/** `0100007F:0BB8`: the address in words of 32 bits, each in the machine's (little-endian) order, then the port. */
function parseSocket(text: string): ListeningPort | undefined {
  const match = /^((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4})$/.exec(text);
  const [, address = '', port = ''] = match ?? [];
  const number = Number.parseInt(port, 16);
  if ((address.length !== 8 && address.length !== 32) || number === 0) return undefined;
  return { host: toHost(address), port: number };
}

function toHost(address: string): string {
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex').reverse()]);
  const isMapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff;
  const isAny = bytes.every((byte) => byte === 0);
  const isLoopback6 = bytes.length === 16 && bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1;
  if (isAny || isLoopback6) return 'localhost';
  if (bytes.length === 4 || isMapped) {
    const host = bytes.slice(-4).join('.');
    return host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host;
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return groups.join(':');
}

/** For any login shell: sh reads the script as one word. */
function toShellCommand(script: string): string {
  return `exec sh -c '${script.trim().replaceAll("'", "'\\''")}'`;
}
