/** All forwards of a line, and the line with one of them changed. */
import { amended, failure, hasCode, type WorkspaceError } from '../errors/errors.ts';
import { toQuoted } from '../errors/printable.ts';
import { type Suggestion, type Word, ws } from '../errors/suggestion.ts';
import {
  type ForwardVerb,
  formatAddress,
  formatMapping,
  type Mapping,
  parseMapping,
  parseRemoteMapping,
  parseSocks,
} from './mapping.ts';

/** How far from a port another one is looked for. */
const MOST_STEPS = 2000;

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
  const of = (all: string[] = [], parse: (text: string, verb: ForwardVerb) => Mapping[]): Typed[] =>
    [...new Set(all)].map((text) => ({ text, parse: () => parse(text, verb) }));
  const typed = [
    ...of(texts.forward, parseMapping),
    ...of(texts.socks, (text) => [parseSocks(text, verb)]),
    ...of(texts.remote, parseRemoteMapping),
  ];
  const all = typed.flatMap((one) => {
    try {
      return one.parse().map((mapping) => ({ text: one.text, mapping }));
    } catch (error) {
      const others = typed.filter((other) => other !== one);
      throw hasCode(error, 'BAD_MAPPING') ? withoutTaken(error, others, verb) : error;
    }
  });
  const taken = new Map<string, string>();
  for (const { text, mapping } of all) {
    const end = toListeningEnd(mapping);
    const before = end === undefined ? undefined : taken.get(end);
    if (before !== undefined) throw namedTwice(mapping, [before, text], listEnds(all), verb);
    if (end !== undefined) taken.set(end, text);
  }
  return all.map(({ mapping }) => mapping);
}

/** A forward as it was typed. */
interface Typed {
  text: string;
  parse(): Mapping[];
}

/** Where a mapping listens; undefined for any free port. */
function toListeningEnd(mapping: Mapping): string | undefined {
  if (mapping.kind === 'remote') return `there ${mapping.remote.port}`;
  const { address = '', port } = mapping.local;
  return port === 0 ? undefined : `here ${address} ${port}`;
}

function listEnds(all: readonly { mapping: Mapping }[]): Set<string | undefined> {
  return new Set(all.map(({ mapping }) => toListeningEnd(mapping)));
}

/** The error without the lines that would name a port twice, beside the forwards that are right. */
function withoutTaken(error: WorkspaceError, others: readonly Typed[], verb: ForwardVerb): WorkspaceError {
  const taken = listEnds(others.flatMap((other) => tryParse(other.parse).map((mapping) => ({ mapping }))));
  const isFree = (suggestion: Suggestion) => {
    // With a workspace it is the whole line, and has no other forward.
    if (!('program' in suggestion) || suggestion.workspace !== undefined) return true;
    const mappings = readSuggested(suggestion.words, verb);
    return mappings.every((mapping) => !taken.has(toListeningEnd(mapping) ?? 'any'));
  };
  const free = error.suggestions.filter(isFree);
  const help = verb === 'ssh' ? ws`ssh --help` : ws`forward --help`;
  return amended(error, { suggestions: free.length === 0 ? [help] : free });
}

/** The forwards in the words of a suggestion of ours. */
function readSuggested(words: readonly Word[], verb: ForwardVerb): Mapping[] {
  const text = String(words.at(-1));
  if (words.includes('-D')) return tryParse(() => [parseSocks(text, verb)]);
  return tryParse(() => (words.includes('-R') ? parseRemoteMapping(text, verb) : parseMapping(text, verb)));
}

/** None where it is wrong as well: it has an error of its own, later. */
function tryParse(parse: () => Mapping[]): Mapping[] {
  try {
    return parse();
  } catch {
    return [];
  }
}

function namedTwice(
  mapping: Mapping,
  [one, other]: [string, string],
  taken: Set<string | undefined>,
  verb: ForwardVerb,
) {
  const isThere = mapping.kind === 'remote';
  const { port } = isThere ? mapping.remote : mapping.local;
  const moveTo = (next: number): Mapping =>
    isThere
      ? { ...mapping, remote: { port: next } }
      : ({ ...mapping, local: { ...mapping.local, port: next } } as Mapping);
  const ports = [...Array(MOST_STEPS).keys()].flatMap((step) => [port + 1 + step, port - 1 - step]);
  const free = ports.find((next) => next > 0 && next <= 65_535 && !taken.has(toListeningEnd(moveTo(next))));
  return failure('BAD_MAPPING', {
    message: `Port ${port} ${isThere ? 'of the workspace' : 'of this machine'} is named twice`,
    reason: `${toQuoted(one)} and ${toQuoted(other)} both listen on it`,
    suggestions: one === other || free === undefined ? [] : [suggestForward(moveTo(free), verb, [other])],
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
