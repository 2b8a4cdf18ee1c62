/** The address of a workspace's SSH server that this machine reaches by itself, as that of a load balancer. */
import { SSH_PORT } from '../../contract/ports.ts';
import { failure } from '../errors/errors.ts';
import { toQuoted } from '../errors/printable.ts';
import { correction } from '../errors/suggestion.ts';

export interface DirectAddress {
  host: string;
  port: number;
}

/**
 * `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`; without a port, the chart's. `before` is what was typed in front of
 * it, as a workspace's name. Throws `BAD_VALUE`.
 */
export function parseDirect(text: string, before = ''): DirectAddress {
  const { name, address, port } =
    /^(?:(?<name>[^[\]:@/\s]+)|\[(?<address>[^[\]]+)\])(?::(?<port>[1-9]\d{0,4}))?$/.exec(text)?.groups ?? {};
  const isHost = name === undefined ? isVersion6(address ?? '') : isName(name);
  const number = port === undefined ? SSH_PORT : Number(port);
  if (isHost && number <= 65_535) return { host: name ?? address ?? '', port: number };
  throw failure('BAD_VALUE', {
    message: `--direct ${toQuoted(before + text)} is not an address`,
    reason: 'it is HOST or HOST:PORT, and an IPv6 address stands in brackets',
    suggestions: [correction('--direct', before + propose(text), before + text)],
  });
}

/** As `parseDirect` reads it. */
export function formatDirect({ host, port }: DirectAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Letters of every script: the system's resolver knows which names there are. */
function isName(text: string): boolean {
  return text.length <= 253 && /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_.])?$/u.test(text);
}

/** An address, with a zone where it is of one link: `fe80::1%eth0`. */
function isVersion6(text: string): boolean {
  return /^[\da-f:.]{2,45}(?:%[\w.-]{1,32})?$/i.test(text) && (text.match(/:/g)?.length ?? 0) >= 2;
}

/** What was meant: without a user, a scheme and a path, and with brackets. */
function propose(text: string): string {
  const host = text
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/\/.*$/, '')
    .replace(/^.*@/, '');
  if (isVersion6(host)) return `[${host}]`;
  const [name = '', port] = host.split(':');
  if (!isName(name)) return 'HOST:PORT';
  return port === undefined || !/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535 ? name : `${name}:${port}`;
}
