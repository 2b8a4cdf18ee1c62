/** All forwards of a line, and the line with one of them changed. */
import { failure } from '../errors/errors.ts';
import { toQuoted } from '../errors/printable.ts';
import { type Suggestion, ws } from '../errors/suggestion.ts';
import {
  type ForwardVerb,
  formatAddress,
  formatMapping,
  type Mapping,
  parseMapping,
  parseRemoteMapping,
  parseSocks,
} from './mapping.ts';

/**
 * What stands after `-L`, `-D` and `-R` of `ws ssh`, or as words and flags of `ws forward`, each any number of times.
 * The same one twice is one. Throws `BAD_MAPPING`, also for two that listen on one port.
 */
export function parseForwards(
  texts: {
    forward?: string[] | undefined;
    socks?: string[] | undefined;
    remote?: string[] | undefined;
  },
  verb: ForwardVerb,
): Mapping[] {
  const parse = (all: string[] = [], parseOne: (text: string, verb: ForwardVerb) => Mapping[]) =>
    [...new Set(all)].flatMap((text) => parseOne(text, verb).map((mapping) => ({ text, mapping })));
  const all = [
    ...parse(texts.forward, parseMapping),
    ...parse(texts.socks, (text) => [parseSocks(text, verb)]),
    ...parse(texts.remote, parseRemoteMapping),
  ];
  const taken = new Map<string, string>();
  for (const { text, mapping } of all) {
    const end = toListeningEnd(mapping);
    const before = end === undefined ? undefined : taken.get(end);
    if (before !== undefined) throw namedTwice(mapping, [before, text], verb);
    if (end !== undefined) taken.set(end, text);
  }
  return all.map(({ mapping }) => mapping);
}

/** Where a mapping listens; undefined for any free port. */
function toListeningEnd(mapping: Mapping): string | undefined {
  if (mapping.kind === 'remote') return `there ${mapping.remote.port}`;
  const { address = '', port } = mapping.local;
  return port === 0 ? undefined : `here ${address} ${port}`;
}

function namedTwice(mapping: Mapping, [one, other]: [string, string], verb: ForwardVerb) {
  const isThere = mapping.kind === 'remote';
  const { port } = isThere ? mapping.remote : mapping.local;
  const next = port < 65_535 ? port + 1 : port - 1;
  const moved: Mapping = isThere
    ? { ...mapping, remote: { port: next } }
    : ({ ...mapping, local: { ...mapping.local, port: next } } as Mapping);
  return failure('BAD_MAPPING', {
    message: `Port ${port} ${isThere ? 'of the workspace' : 'of this machine'} is named twice`,
    reason: `${toQuoted(one)} and ${toQuoted(other)} both listen on it`,
    suggestions: one === other ? [] : [suggestForward(moved, verb, [other])],
  });
}

/** The line that names this mapping instead of one that was typed, whichever way. */
export function suggestForward(mapping: Mapping, verb: ForwardVerb, instead: readonly string[]): Suggestion {
  const text = formatMapping(mapping);
  const again = { instead };
  if (verb === 'ssh') {
    if (mapping.kind === 'local') return { ...ws`ssh -L ${text}`, again };
    return mapping.kind === 'socks' ? { ...ws`ssh -D ${text}`, again } : { ...ws`ssh -R ${text}`, again };
  }
  if (mapping.kind === 'local') return { ...ws`forward ${text}`, again };
  return mapping.kind === 'socks'
    ? { ...ws`forward --socks ${text}`, again }
    : { ...ws`forward --remote ${text}`, again };
}

/** Every way in which a mapping may have been typed; one port of a range has none of its own. */
export function listSpellings(mapping: Mapping): string[] {
  const full = formatMapping(mapping);
  const { local } = mapping;
  if (mapping.kind === 'socks') return [full];
  const isSame = local.port === mapping.remote.port;
  if (mapping.kind === 'remote') {
    const isShort = mapping.local.host === '127.0.0.1';
    const short = isShort ? [`${local.port}:${mapping.remote.port}`, ...(isSame ? [`${local.port}`] : [])] : [];
    return [full, ...short];
  }
  const { host, port } = mapping.remote;
  const isPlain = mapping.local.address === undefined;
  return [
    full,
    ...(isPlain ? [`${local.port}:${formatAddress(host, port)}`] : []),
    ...(isPlain && isSame ? [`${port}`, formatAddress(host, port)] : []),
  ];
}
