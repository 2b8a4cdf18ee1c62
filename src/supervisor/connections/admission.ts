import { isLoopbackAddress } from '../../contract/loopback.ts';

/** Where a connection comes from. The API server's port-forward arrives at the pod's own loopback. */
export const LOOPBACK = 'loopback';

/** A program in the pod itself, where the kernel lets us tell it from the port-forward. */
export const POD = 'pod';

/** What admission needs to know of a connection. */
export interface Guest {
  /** See `toSource`. */
  source: string;
  isAuthenticated: boolean;
  startedAtMs: number;
}

export interface AdmissionLimits {
  maxConnections: number;
  /** Limits connections through the port; loopback has the same limit again. */
  maxUnauthenticated: number;
}

export type Refusal = 'too_many_connections' | 'too_many_unauthenticated';

/** Whether a newcomer gets in, and which connection must leave for it. */
export type Verdict<Visitor extends Guest> =
  | { admitted: true; displaced: Visitor | undefined }
  | { admitted: false; reason: Refusal };

/** A login takes less. After this time a connection without a login makes room for others of its source. */
const SETTLED_MS = 3000;

/** Share of all connections that only loopback may use. */
const RESERVED_SHARE = 0.1;

/**
 * Connections that have not logged in share a number of places. When all are taken, a newcomer takes the place of the
 * oldest one of the source that has most of them: a source with less always gets in, and a silent one cannot keep
 * anybody out for longer than a login takes. A refused connection costs no process. `present`: the connections that
 * count, without those that are leaving.
 */
export function judge<Visitor extends Guest>(
  source: string,
  present: readonly Visitor[],
  limits: AdmissionLimits,
  nowMs: number,
): Verdict<Visitor> {
  const isLoopback = source === LOOPBACK;
  const unauthenticated = present.filter((guest) => !guest.isAuthenticated);
  const strangers = unauthenticated.filter((guest) => guest.source !== LOOPBACK);
  const peers = isLoopback ? unauthenticated.filter((guest) => guest.source === LOOPBACK) : strangers;
  const reserved = isLoopback ? 0 : Math.floor(limits.maxConnections * RESERVED_SHARE);
  if (present.length >= limits.maxConnections - reserved) {
    const stranger = isLoopback ? findOldest(findLargest(strangers)) : undefined;
    if (stranger !== undefined) return { admitted: true, displaced: stranger };
    return displaceOne(source, peers, 'too_many_connections', nowMs);
  }
  if (peers.length >= limits.maxUnauthenticated) return displaceOne(source, peers, 'too_many_unauthenticated', nowMs);
  return { admitted: true, displaced: undefined };
}

function displaceOne<Visitor extends Guest>(
  source: string,
  peers: Visitor[],
  reason: Refusal,
  nowMs: number,
): Verdict<Visitor> {
  const largest = findLargest(peers);
  const own = peers.filter((guest) => guest.source === source).length;
  const oldest = findOldest(largest);
  if (oldest === undefined) return { admitted: false, reason };
  const isFair = oldest.source !== source && largest.length >= own + 2;
  if (isFair || nowMs - oldest.startedAtMs >= SETTLED_MS) return { admitted: true, displaced: oldest };
  return { admitted: false, reason };
}

/**
 * Chooses who is served next: first whoever comes by the API server, then the source that has the fewest waiting. Of
 * one source, first whoever has said something already, then whoever came first. `silent`: those who have said nothing.
 */
export function chooseNext<Visitor extends Guest>(
  waiting: readonly Visitor[],
  silent: ReadonlySet<Visitor>,
): Visitor | undefined {
  const bySource = Map.groupBy(waiting, (guest) => guest.source);
  const groups = [bySource.get(LOOPBACK) ?? [], ...[...bySource.values()].toSorted((a, b) => a.length - b.length)];
  const group = groups.find(({ length }) => length > 0);
  return group?.find((guest) => !silent.has(guest)) ?? group?.[0];
}

/** Those of the source that has most; of two that have as many, of the one that came first. */
function findLargest<Visitor extends Guest>(guests: Visitor[]): Visitor[] {
  const bySource = Map.groupBy(guests, (guest) => guest.source);
  return [...bySource.values()].reduce((largest, group) => (group.length > largest.length ? group : largest), []);
}

function findOldest<Visitor extends Guest>(guests: Visitor[]): Visitor | undefined {
  return guests.reduce<Visitor | undefined>(
    (oldest, guest) => (oldest === undefined || guest.startedAtMs < oldest.startedAtMs ? guest : oldest),
    undefined,
  );
}

/** What counts as one source: an IPv4 address, an IPv6 network of 64 bits (one machine has all of it), or loopback. */
export function toSource(address: string | undefined): string {
  if (address !== undefined && isLoopbackAddress(address)) return LOOPBACK;
  const plain = (address ?? 'unknown').replace(/^::ffff:/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.replace(/%.*$/, '').split('::');
  const front = head.split(':').filter(Boolean);
  const back = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  return [...front, ...Array<string>(zeros).fill('0'), ...back].slice(0, 4).join(':');
}
