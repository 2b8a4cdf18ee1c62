import { failure } from './errors.ts';

/** A forward: a local port and where it leads, as the pod sees it. Ports are 1–65535; local 0 means any free one. */
export interface Mapping {
  local: number;
  remote: { host: string; port: number };
}

const SHAPE = /^(?:(?<local>\d+(?:-\d+)?):)?(?:(?<host>[^\s:/[\]]+|\[[0-9a-fA-F:.]+\]):)?(?<remote>\d+(?:-\d+)?)$/;

/**
 * Parses what a user types after `ws forward`: `3000`, `8080:3000`, `3000-3005`, `8000-8002:3000-3002`,
 * `5432:db.internal:5432`. A range gives one mapping per port. Throws `BAD_MAPPING`.
 */
export function parseMapping(text: string): Mapping[] {
  const match = SHAPE.exec(text);
  if (match?.groups === undefined)
    throw badMapping(text, 'it is not PORT, LOCAL:REMOTE, a range, or LOCAL:HOST:REMOTE');
  const remotes = parsePorts(text, match.groups.remote ?? '', 1);
  const locals = match.groups.local === undefined ? remotes : parsePorts(text, match.groups.local, 0);
  if (locals.length !== remotes.length) {
    throw badMapping(text, `${locals.length} local and ${remotes.length} remote ports do not pair up`);
  }
  const host = (match.groups.host ?? 'localhost').replace(/^\[(.*)\]$/, '$1');
  return remotes.map((port, index) => ({ local: locals[index] ?? port, remote: { host, port } }));
}

/** `8080:3000`, or `8080:db:5432` when the remote end is not the pod itself. */
export function formatMapping(mapping: Mapping): string {
  const { host, port } = mapping.remote;
  return host === 'localhost' ? `${mapping.local}:${port}` : `${mapping.local}:${formatAddress(host, port)}`;
}

/** `host:port`, with the brackets that an IPv6 address needs. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function parsePorts(text: string, ports: string, lowest: number): number[] {
  const [first, last] = ports.split('-').map(Number) as [number, number?];
  const end = last ?? first;
  if (first < lowest || end > 65_535) throw badMapping(text, `a port is a number from ${lowest || 1} to 65535`);
  if (end < first) throw badMapping(text, 'a range runs from the lower port to the higher one');
  if (end - first >= 1000) throw badMapping(text, 'a range holds at most 1000 ports');
  return Array.from({ length: end - first + 1 }, (_, index) => first + index);
}

function badMapping(text: string, reason: string) {
  return failure('BAD_MAPPING', {
    message: `"${text}" is not a forward`,
    reason,
    suggestions: ['ws forward 3000', 'ws forward 8080:3000', 'ws forward 3000-3005'],
  });
}
