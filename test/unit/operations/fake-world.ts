/**
 * A world that does what a test says, writes down what was asked of it, and throws at whatever the test did not expect.
 */

import { generateKeyPairSync } from 'node:crypto';
import { Duplex, PassThrough } from 'node:stream';
import type { PublicKey } from '../../../src/contract/keys/public-key.ts';
import { toWire } from '../../../src/contract/keys/wire.ts';
import { UNASKED } from '../../../src/workspace/diagnosis/scene.ts';
import { interrupted } from '../../../src/workspace/errors/errors.ts';
import { type Identity, toFingerprint } from '../../../src/workspace/keys/keys.ts';
import type { Operation, ProgressEvent } from '../../../src/workspace/state/events.ts';
import type { WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import type { LocalListener, SshConnection, World } from '../../../src/workspace/world.ts';

type Parts = { [Part in keyof World]?: Partial<World[Part]> };

/** The calls are `cluster.findSecret`, in the order in which they were made. */
export function fakeWorld(parts: Parts): { world: World; calls: string[] } {
  const calls: string[] = [];
  const refuse = (part: string, methods: object): never =>
    new Proxy(methods, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (method === undefined) throw new Error(`nobody expected ${part}.${String(name)}`);
        if (typeof method !== 'function') return method;
        return (...values: unknown[]) => {
          calls.push(`${part}.${String(name)}`);
          return method.apply(target, values);
        };
      },
    }) as never;
  const cluster = {
    context: 'kind',
    namespace: 'team',
    trust: { kind: 'system', serverName: 'api.test' } as const,
    listFormerClusterIds: async () => [],
    lookAround: async () => UNASKED,
    listUnended: async () => [],
    remains: { list: async () => [], delete: async () => undefined },
    lookAtNodes: async () => ({ kind: 'refused' }) as const,
    ...parts.cluster,
  };
  const recent = { find: async () => undefined, keep: async () => undefined, ...parts.recent };
  const known = { ...parts, identities: { folder: '~/.ssh', ...parts.identities } };
  const world = Object.fromEntries(
    ['releases', 'connector', 'listeners', 'knownHosts', 'identities', 'clock'].map((part) => [
      part,
      refuse(part, known[part as keyof World] ?? {}),
    ]),
  );
  return { world: { ...world, recent, cluster: refuse('cluster', cluster) } as unknown as World, calls };
}

/** Runs an operation to its end: what it said, and what it returned or threw. */
export async function run<Result>(operation: Operation<Result>) {
  const events: ProgressEvent[] = [];
  try {
    for (let next = await operation.next(); ; next = await operation.next()) {
      if (next.done === true) return { events, result: next.value, error: undefined };
      events.push(next.value);
    }
  } catch (error) {
    return { events, result: undefined, error };
  }
}

/** All that an operation without a result yields. */
export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** Each event as one word: `ready`, `ready: probing`, `ready done`, `! trouble`. */
export function summarize(events: ProgressEvent[]): string[] {
  return events.map((event) => {
    switch (event.type) {
      case 'planned':
        return `plan ${event.steps.join(' ')}`;
      case 'started':
        return event.step;
      case 'advanced':
        return `${event.step}: ${event.fact.kind}`;
      case 'finished':
        return `${event.step} done`;
      case 'noticed':
        return `${event.level === 'warning' ? '!' : '·'} ${event.notice.kind}`;
    }
  });
}

/** Snapshots one after the other, then silence until the signal fires, as the real watch ends. */
export function watchOf(...snapshots: WorkspaceSnapshot[]): World['cluster']['watchWorkspace'] {
  return async function* (_name, signal) {
    yield* snapshots;
    await new Promise<void>((_resolve, reject) => {
      const end = () => reject(interrupted());
      if (signal.aborted) end();
      signal.addEventListener('abort', end, { once: true });
    });
  };
}

/** Time passes only by sleeping. */
export function fakeClock(): World['clock'] {
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    async sleep(ms, signal) {
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) throw interrupted();
      nowMs += ms;
    },
  };
}

/** A host key as its Secret holds it. */
export function makeHostKey(): { pem: Buffer; hostKey: PublicKey; fingerprint: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const blob = toWire('ssh-ed25519', point).toString('base64');
  return {
    pem: Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    hostKey: { type: 'ssh-ed25519', blob },
    fingerprint: toFingerprint(blob),
  };
}

export function makeIdentity(seed: number, overrides: Partial<Identity> = {}): Identity {
  const blob = toWire('ssh-ed25519', Buffer.alloc(32, seed)).toString('base64');
  return {
    source: 'file',
    path: `/home/alice/.ssh/key-${seed}`,
    type: 'ssh-ed25519',
    blob,
    comment: `key-${seed}`,
    fingerprint: toFingerprint(blob),
    encrypted: false,
    ...overrides,
  };
}

/** A connection that can only be told apart and closed. */
export function makeConnection(): SshConnection & { isClosed: boolean } {
  const connection = {
    isClosed: false,
    ended: new Promise<undefined>(() => undefined),
    async close() {
      connection.isClosed = true;
    },
  };
  return connection as unknown as SshConnection & { isClosed: boolean };
}

export function makeListener(port: number): LocalListener & { isClosed: boolean } {
  const listener = {
    address: '127.0.0.1',
    port,
    isClosed: false,
    async close() {
      listener.isClosed = true;
    },
  };
  return listener as unknown as LocalListener & { isClosed: boolean };
}

export function makeStream(): PassThrough {
  return new PassThrough();
}

/** A stream on which the server answers so, whatever it is asked. */
export function makeAnswer(body: string): Duplex {
  const answer = `HTTP/1.0 200 OK\r\ncontent-type: text/plain\r\n\r\n${body}`;
  return new Duplex({
    read() {
      this.push(answer);
      this.push(null);
    },
    write: (_chunk, _encoding, done) => done(),
  });
}

export const NEVER = new AbortController().signal;
