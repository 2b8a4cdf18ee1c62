import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openProxy } from '../../../../src/operations/proxy.ts';
import { ssh } from '../../../../src/operations/ssh.ts';
import type { PodStreamOptions } from '../../../../src/workspace/byte-stream.ts';
import { failure, interrupted } from '../../../../src/workspace/errors/errors.ts';
import type { RecentLogin } from '../../../../src/workspace/recent-login.ts';
import { NEVER_WAKE } from '../../../../src/workspace/sleep/waking.ts';
import { type Endpoint, toEndpoint } from '../../../../src/workspace/state/endpoint.ts';
import type { SshTarget } from '../../../../src/workspace/world.ts';
import { snapshot } from '../../workspace/snapshots.ts';
import { fakeClock, fakeWorld, makeHostKey, NEVER, run, summarize } from '../fake-world.ts';
import { LOGIN, reachable } from '../reachable.ts';

const endpoint = toEndpoint(snapshot()) as Endpoint;
const alias = 'ws-dev.team.cluster-1';
const request = { workspace: 'dev', waitTimeoutMs: 5000, waking: NEVER_WAKE, connect: LOGIN };

interface Options {
  /** Where the login was. */
  pod?: string;
  pinned?: boolean;
  identities?: string[];
  /** What the first connection comes to. */
  fault?: Error;
  /** No server greets. */
  silent?: boolean;
  /** What happens until a stream is open. */
  meanwhile?: (onAsked: (() => void) | undefined) => Promise<void>;
}

/** A world that remembers a login; each pod has streams of its own, and `gone` has none. */
function remembering(options: Options = {}) {
  const { pod = 'ws-dev-1', pinned = true, identities, fault, silent = false, meanwhile } = options;
  const reach = reachable();
  if (pinned) reach.pinned.set(alias, [reach.hostKey]);
  const opened: { pod: string; stream: PassThrough }[] = [];
  const kept: RecentLogin[] = [];
  const login = {
    endpoint: { ...endpoint, pod },
    hostKeyAlias: alias,
    identities: identities ?? [reach.identity.fingerprint],
  };
  const faults = fault === undefined ? [] : [fault];
  const { world, calls } = fakeWorld({
    ...reach,
    clock: fakeClock(),
    cluster: {
      ...reach.cluster,
      findEndpoint: async () => endpoint,
      async openPodStream(name: string, _port: number, signal: AbortSignal, { onAsked }: PodStreamOptions = {}) {
        if (signal.aborted) throw interrupted();
        await meanwhile?.(onAsked);
        if (name === 'gone') throw failure('CONNECTION_FAILED', { message: 'no such pod' });
        const stream = new PassThrough();
        if (!silent) stream.write('SSH-2.0-server\r\n');
        opened.push({ pod: name, stream });
        return stream;
      },
    },
    connector: {
      prepare: () => undefined,
      async connect(target: SshTarget, signal: AbortSignal) {
        reach.targets.push(target);
        const stream = await target.openStream(signal);
        const [next] = faults.splice(0, 1);
        if (next !== undefined) {
          stream.destroy();
          throw next;
        }
        return reach.connection;
      },
    },
    recent: { find: async () => login, keep: async (newest: RecentLogin) => void kept.push(newest) },
  });
  return { reach, world, calls, opened, kept, login };
}

describe('a login to a workspace that was logged in to before', () => {
  it('asks the cluster for a stream alone, and offers the key and accepts the host key of the last time', async () => {
    const { world, calls, reach } = remembering();
    const { result, events } = await run(ssh(request, world, NEVER));
    expect(result?.connection).toBe(reach.connection);
    expect(calls.filter((call) => call.startsWith('cluster.'))).toEqual(['cluster.openPodStream']);
    expect(reach.targets).toMatchObject([
      { user: endpoint.user, hostKeys: [reach.hostKey], identities: [{ fingerprint: reach.identity.fingerprint }] },
    ]);
    expect(summarize(events)).toEqual([
      'plan find ready host-key connect',
      ...['find', 'ready', 'host-key', 'connect'].map((step) => `${step} done`),
    ]);
  });

  it('begins with SSH while the request for the stream is on its way: not before, and not after its answer', async () => {
    const targets: SshTarget[][] = [];
    const { world, reach } = remembering({
      async meanwhile(onAsked) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        targets.push([...reach.targets]);
        onAsked?.();
        await vi.waitFor(() => expect(reach.targets).toHaveLength(1), 120_000);
      },
    });
    const { result, error } = await run(ssh(request, world, NEVER));
    expect(error).toBeUndefined();
    expect(result?.connection).toBe(reach.connection);
    expect(targets).toEqual([[]]);
  });

  it.each<[string, Options]>([
    ['the pod is gone', { pod: 'gone' }],
    ['nothing listens there', { pod: 'ws-dev-0', fault: failure('CONNECTION_FAILED', { message: 'refused' }) }],
    ['another host key is there', { pod: 'ws-dev-0', fault: failure('HOST_KEY_CHANGED', { message: 'changed' }) }],
    ['the key opens it no more', { fault: failure('KEY_NOT_AUTHORIZED', { message: 'no' }) }],
    ['no host key is pinned', { pinned: false }],
    ['the user has none of the keys any more', { identities: ['SHA256:other'] }],
  ])('asks the cluster where it is when %s, and remembers that', async (_, options) => {
    const { world, reach, opened, kept } = remembering(options);
    const { result, error } = await run(ssh(request, world, NEVER));
    expect(error).toBeUndefined();
    expect(result?.connection).toBe(reach.connection);
    await new Promise((resolve) => setImmediate(resolve));
    expect(opened.at(-1)).toMatchObject({ pod: 'ws-dev-1', stream: { destroyed: false } });
    expect(opened.slice(0, -1).every(({ stream }) => stream.destroyed)).toBe(true);
    expect(kept).toEqual([{ endpoint, hostKeyAlias: alias, identities: [reach.identity.fingerprint] }]);
  });

  it('offers the key that was named, whatever opened it the last time', async () => {
    const { world, reach } = remembering();
    const named = { ...reach.identity, fingerprint: 'SHA256:named' };
    const identities = { read: async () => named };
    const connect = { ...LOGIN, identityPath: '/key' };
    await run(ssh({ ...request, connect }, { ...world, identities: identities as never }, NEVER));
    expect(reach.targets).toMatchObject([{ identities: [named] }]);
  });

  it('asks no second time for a passphrase that was asked for', async () => {
    const refused = failure('KEY_NOT_AUTHORIZED', { message: 'no' });
    const { world, reach, calls } = remembering();
    const connector = {
      prepare: () => undefined,
      async connect(target: SshTarget) {
        await target.askPassphrase?.(reach.identity, 1);
        throw refused;
      },
    };
    const connect = { ...LOGIN, askPassphrase: async () => 'words' };
    const { error } = await run(ssh({ ...request, connect }, { ...world, connector: connector as never }, NEVER));
    expect(error).toBe(refused);
    expect(calls).not.toContain('cluster.findEndpoint');
  });

  it('ends at once at Ctrl-C, and where the cluster cannot be reached at all', async () => {
    for (const code of ['INTERRUPTED', 'CLUSTER_UNREACHABLE'] as const) {
      const { world, calls } = remembering({ fault: failure(code, { message: code }) });
      const signal = code === 'INTERRUPTED' ? AbortSignal.abort() : NEVER;
      expect((await run(ssh(request, world, signal))).error).toMatchObject({ code });
      expect(calls).not.toContain('cluster.findEndpoint');
    }
  });
});

describe('a server that is only remembered', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('has three seconds to greet', async () => {
    const { world, calls, opened } = remembering({ silent: true });
    const running = run(ssh(request, world, NEVER));
    await vi.advanceTimersByTimeAsync(2900);
    expect(calls).not.toContain('cluster.findEndpoint');
    await vi.advanceTimersByTimeAsync(200);
    expect((await running).error).toBeUndefined();
    expect(opened).toMatchObject([{ stream: { destroyed: true } }, { stream: { destroyed: false } }]);
  });
});

describe('the pipe to a workspace that was logged in to before', () => {
  it('opens at once, and asks meanwhile whether the host key is the pinned one still', async () => {
    const { world, calls, opened } = remembering();
    expect(await openProxy(request, world, NEVER)).toBe(opened[0]?.stream);
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls.filter((call) => call.startsWith('cluster.'))).toEqual([
      'cluster.openPodStream',
      'cluster.findSecret',
    ]);
    expect(opened[0]?.stream.destroyed).toBe(false);
  });

  it('breaks when it is not', async () => {
    const { world, reach, opened } = remembering();
    reach.pinned.set(alias, [makeHostKey().hostKey]);
    const stream = await openProxy(request, world, NEVER);
    await new Promise((resolve) => stream.once('close', resolve));
    expect(opened).toHaveLength(1);
    expect(stream.errored).toMatchObject({ code: 'HOST_KEY_CHANGED' });
  });

  it('is not taken from a server that hangs up instead of greeting', async () => {
    const { world, opened } = remembering({ pod: 'ws-dev-0', silent: true });
    const opening = openProxy(request, world, NEVER);
    await new Promise((resolve) => setImmediate(resolve));
    opened[0]?.stream.destroy(failure('CONNECTION_FAILED', { message: 'refused' }));
    expect(await opening).toBe(opened[1]?.stream);
    expect(opened[1]?.pod).toBe('ws-dev-1');
  });

  it.each<Options>([{ pod: 'gone' }, { pinned: false }])(
    'is opened where the workspace is now otherwise: %o',
    async (options) => {
      const { world, reach, kept, opened } = remembering(options);
      expect(await openProxy(request, world, NEVER)).toBe(opened.at(-1)?.stream);
      expect(opened.at(-1)?.pod).toBe('ws-dev-1');
      expect(reach.pinned.size).toBe(1);
      expect(kept).toEqual([{ endpoint, hostKeyAlias: alias, identities: [] }]);
    },
  );
});
