/** Forwards as people type them: `ws`'s own short forms, and ssh's -L, -R and -D with ssh's meaning. */

import { failure } from '../errors/errors.ts';
import { toQuoted } from '../errors/printable.ts';
import { type Command, ws } from '../errors/suggestion.ts';

/** A forward as it is asked for. Ports are 1–65535. */
export type Mapping = LocalMapping | SocksMapping | RemoteMapping;

/** The command whose words or flags name forwards. */
export type ForwardVerb = 'forward' | 'ssh';

/** A port of this machine that leads to an address as the pod sees it. */
export interface LocalMapping {
  kind: 'local';
  local: LocalEnd;
  remote: { host: string; port: number };
}

/** A SOCKS server on this machine that leads wherever the pod can reach. */
export interface SocksMapping {
  kind: 'socks';
  local: LocalEnd;
}

/** A port of the workspace, on its loopback, that leads to an address as this machine sees it. */
export interface RemoteMapping {
  kind: 'remote';
  local: { host: string; port: number };
  remote: { port: number };
}

/** Where this machine listens. */
interface LocalEnd {
  /** 0 is any free port. */
  port: number;
  /** `*` is every address; undefined is the default address. */
  address?: string;
}

const LOCAL_SHAPES = 'PORT, LOCAL:REMOTE, a range, or [ADDRESS:]LOCAL:HOST:REMOTE';
const REMOTE_SHAPES = 'PORT, LOCAL:REMOTE, a range, or as for ssh -R: REMOTE:HOST:LOCAL';
const SOCKS_SHAPES = '[ADDRESS:]PORT';

/** Of ADDRESS:LOCAL:HOST:REMOTE. */
const MOST_FIELDS = 4;

/**
 * The server listens on these alone, whichever was named. Who names another address of the loopback, as 127.0.0.2,
 * wants one where nothing would listen.
 */
const LISTENED: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** A name, an IPv4 address, or an IPv6 address in brackets; no colon, no slash, nothing that cannot be seen. */
const HOST = /^(?:[^\s\p{Cc}\p{Cf}\p{Cs}:/[\]]+|\[[0-9a-fA-F:.]+\])$/u;

const PORTS = /^\d+(?:-\d+)?$/;

/**
 * What a user types after `ws forward` and `ws ssh -L`: `3000`, `8080:3000`, `3000-3005`, `8000-8002:3000-3002`,
 * `5432:db.internal:5432`, `127.0.0.1:5432:db.internal:5432`. A range gives one mapping per port. Throws `BAD_MAPPING`.
 */
export function parseMapping(text: string, verb: ForwardVerb = 'forward'): LocalMapping[] {
  const bad = toBad(text, LOCAL_SHAPES, EXAMPLES[verb].local);
  const fields = toFields(text, bad);
  const [first = '', port = ''] = fields;
  if (fields.length === 2 && HOST.test(first) && !PORTS.test(first) && PORTS.test(port))
    throw hostAndPort(text, first, port, verb);
  if (fields.length === 2 && first === '') throw bad('the host is missing');
  const [bind, locals, host, remotes] = spread(fields);
  const remotePorts = parsePorts(remotes, 1, bad);
  const localPorts = locals === undefined ? remotePorts : parsePorts(locals, 0, bad);
  const pairs = pair(localPorts, remotePorts, bad);
  const target = host === undefined ? 'localhost' : parseHost(host, bad);
  const address = bind === undefined ? {} : { address: parseAddress(bind, bad) };
  return pairs.map(([local, port]) => ({
    kind: 'local',
    local: { port: local, ...address },
    remote: { host: target, port },
  }));
}

/**
 * What a user types after `-R`. With a host it is ssh's: `8080:localhost:3000` makes port 8080 there lead to
 * localhost:3000 as this machine sees it. Without one it is the short form of `ws`, `LOCAL:REMOTE`. Throws
 * `BAD_MAPPING`.
 */
export function parseRemoteMapping(text: string, verb: ForwardVerb = 'forward'): RemoteMapping[] {
  const bad = toBad(text, REMOTE_SHAPES, EXAMPLES[verb].remote);
  const [bind, first, host, last] = spread(toFields(text, bad));
  if (bind !== undefined && !LISTENED.has(parseAddress(bind, bad).toLowerCase()))
    throw bad('in the workspace only localhost can be listened on');
  const isShort = host === undefined;
  const [locals, remotes] = isShort ? [first ?? last, last] : [last, first ?? last];
  const pairs = pair(parsePorts(locals, 1, bad), parsePorts(remotes, 1, bad), bad);
  const target = isShort ? '127.0.0.1' : parseHost(host, bad);
  return pairs.map(([local, port]) => ({ kind: 'remote', local: { host: target, port: local }, remote: { port } }));
}

/** What a user types after `-D`: `1080`, `127.0.0.1:1080`; 0 means any free port. Throws `BAD_MAPPING`. */
export function parseSocks(text: string, verb: ForwardVerb = 'forward'): SocksMapping {
  const bad = toBad(text, SOCKS_SHAPES, EXAMPLES[verb].socks);
  const [ports = '', bind, ...rest] = toFields(text, bad).toReversed();
  if (rest.length > 0 || ports.includes('-')) throw bad();
  const [port = 0] = parsePorts(ports, 0, bad);
  return { kind: 'socks', local: bind === undefined ? { port } : { port, address: parseAddress(bind, bad) } };
}

/** As the parser of its kind reads it: `8080:3000`, or `8080:db:5432` when the remote end is not the pod itself. */
export function formatMapping(mapping: Mapping): string {
  if (mapping.kind === 'remote') {
    const { host, port } = mapping.local;
    return `${mapping.remote.port}:${formatAddress(host, port)}`;
  }
  const { address, port } = mapping.local;
  const listened = address === undefined ? `${port}` : formatAddress(address, port);
  if (mapping.kind === 'socks') return listened;
  const { host, port: remotePort } = mapping.remote;
  const isShort = address === undefined && host === 'localhost';
  return `${listened}:${isShort ? remotePort : formatAddress(host, remotePort)}`;
}

/** `host:port`, with the brackets that an IPv6 address needs. */
export function formatAddress(host: string, port: number): string {
  return `${toField(host)}:${port}`;
}

function toField(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** The error shows the right forms, without a reason and behind one that is about a part of the text. */
type Bad = (reason?: string, isPart?: 'part') => Error;

function toBad(text: string, shapes: string, examples: Command[]): Bad {
  return (reason, isPart) => {
    const why =
      reason === undefined ? `it is not ${shapes}` : isPart === 'part' ? `${reason}; the forms are ${shapes}` : reason;
    return badMapping(text, why, examples);
  };
}

/** What stands between colons; those of an address in brackets are its own. */
function toFields(text: string, bad: Bad): string[] {
  if (/^[a-z]+:\/\//i.test(text)) throw bad('a URL is no forward', 'part');
  if (/\/tcp$/i.test(text)) throw bad('every forward is TCP, so leave /tcp out', 'part');
  if (/\/udp$/i.test(text)) throw bad('only TCP can be forwarded');
  if (text.includes('/')) throw bad('ports are forwarded, sockets in the file system are not');
  if (text.includes(',')) throw bad('each forward is a word of its own', 'part');
  const fields = text.match(/(?<=^|:)(?:\[[^\]]*\]|[^:[\]]*)(?=:|$)/g) ?? [];
  if (fields.join(':') !== text) throw bad();
  if (fields.length > MOST_FIELDS)
    throw bad(`it has ${fields.length} parts, and at most ${MOST_FIELDS} make one`, 'part');
  return fields;
}

/** The fields by what they are: address, first ports, host, last ports. */
function spread(
  fields: string[],
): [bind: string | undefined, first: string | undefined, host: string | undefined, last: string] {
  const [last = '', ...before] = fields.toReversed();
  if (before.length < 2) return [undefined, before[0], undefined, last];
  return [before[2], before[1], before[0], last];
}

function parseHost(text: string, bad: Bad): string {
  if (/^\d+$/.test(text)) throw bad(`${toQuoted(text)} is a number and no host`, 'part');
  if (!HOST.test(text)) throw bad(text === '' ? 'the host is missing' : `${toQuoted(text)} is no host`);
  return text.replace(/^\[(.*)\]$/, '$1');
}

/** An address to listen on. Nothing, or `*`, is every one, as for ssh. */
function parseAddress(text: string, bad: Bad): string {
  return text === '' || text === '*' ? '*' : parseHost(text, bad);
}

function parsePorts(ports: string, lowest: number, bad: Bad): number[] {
  if (!PORTS.test(ports))
    throw ports === '' ? bad('a port is missing', 'part') : bad(`${toQuoted(ports)} is no port`, 'part');
  const [first, last] = ports.split('-').map(Number) as [number, number?];
  const end = last ?? first;
  if (first < lowest || end > 65_535) throw bad(`a port is a number from ${lowest || 1} to 65535`);
  if (end < first) throw bad('a range runs from the lower port to the higher one');
  if (end - first >= 1000) throw bad('a range holds at most 1000 ports');
  return Array.from({ length: end - first + 1 }, (_, index) => first + index);
}

function pair(locals: number[], remotes: number[], bad: Bad): [local: number, remote: number][] {
  if (locals.length !== remotes.length)
    throw bad(`${locals.length} local and ${remotes.length} remote ports do not pair up`);
  return remotes.map((port, index) => [locals[index] ?? port, port]);
}

const EXAMPLES = {
  forward: {
    local: [ws`forward 3000`, ws`forward 8080:3000`, ws`forward 3000-3005`],
    remote: [ws`forward -R 8080:localhost:3000`, ws`forward -R 3000`],
    socks: [ws`forward -D 1080`, ws`forward -D 127.0.0.1:1080`],
  },
  ssh: {
    local: [ws`ssh -L 3000`, ws`ssh -L 8080:3000`, ws`ssh -L 3000-3005`],
    remote: [ws`ssh -R 8080:localhost:3000`, ws`ssh -R 3000`],
    socks: [ws`ssh -D 1080`, ws`ssh -D 127.0.0.1:1080`],
  },
};

/** Nobody can tell whether `dev:3000` means a workspace, or a host that one reaches. */
function hostAndPort(text: string, host: string, port: string, verb: ForwardVerb) {
  const reached = `${port}:${host}:${port}`;
  const [isWorkspace, isHost] = [`if ${host} is the workspace`, `if ${host} is a host that the workspace reaches`];
  const [there, through] =
    verb === 'forward' ? [ws`forward ${port}`, ws`forward ${reached}`] : [ws`ssh -L ${port}`, ws`ssh -L ${reached}`];
  return failure('BAD_MAPPING', {
    message: `${toQuoted(text)} is not a forward`,
    reason: `a host has the port of this machine before it; the forms are ${LOCAL_SHAPES}`,
    suggestions: [
      ...(/^[a-z][a-z0-9-]*$/.test(host) ? [{ ...there, workspace: host, note: isWorkspace }] : []),
      { ...through, again: { instead: [text] }, note: isHost },
    ],
  });
}

function badMapping(text: string, reason: string, examples: Command[]) {
  // People who know other commands type the workspace first. Behind a flag it would stand in the line once more.
  const isWord = !examples.some(({ words }) => words.includes('-R') || words.includes('-D'));
  const { name, port = '3000' } = /^(?<name>[a-z][a-z0-9-]*)(?:\/(?<port>\d+))?$/.exec(text)?.groups ?? {};
  const named = isWord && name !== undefined ? [{ ...ws`forward ${port}`, workspace: name }] : [];
  return failure('BAD_MAPPING', {
    message: `${toQuoted(text)} is not a forward`,
    reason,
    suggestions: [...named, ...examples.map((example) => ({ ...example, again: { instead: [text] } }))],
  });
}
