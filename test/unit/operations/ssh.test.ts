import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { openProxy } from '../../../src/operations/proxy.ts';
import { ssh } from '../../../src/operations/ssh.ts';
import { failure, type WorkspaceError } from '../../../src/workspace/errors/errors.ts';
import { advice } from '../../../src/workspace/errors/suggestion.ts';
import { parseForwards } from '../../../src/workspace/forwards/typed-forwards.ts';
import { NEVER_WAKE } from '../../../src/workspace/sleep/waking.ts';
import { toEndpoint } from '../../../src/workspace/state/endpoint.ts';
import type { ListenOptions } from '../../../src/workspace/world.ts';
import { saying } from '../../spelling.ts';
import { deployment, pendingPod, snapshot } from '../workspace/snapshots.ts';
import { fakeClock, fakeWorld, makeIdentity, makeListener, NEVER, run, summarize, watchOf } from './fake-world.ts';
import { LOGIN, reachable } from './reachable.ts';

const request = { workspace: 'dev', waitTimeoutMs: 5000, waking: NEVER_WAKE, connect: LOGIN };
const stopped = snapshot({ deployment: deployment({ replicas: 0 }), pod: undefined });

function worldWith(found: ReturnType<typeof snapshot>, reach = reachable()) {
  const cluster = {
    ...reach.cluster,
    findEndpoint: async () => toEndpoint(found),
    findWorkspace: async () => found,
    listWorkspaces: async () => [found],
    watchWorkspace: watchOf(found, snapshot()),
  };
  return { reach, ...fakeWorld({ ...reach, clock: fakeClock(), cluster }) };
}

describe('ws ssh', () => {
  it('connects to a ready workspace at once, with the key that it authorizes', async () => {
    const { world, calls, reach } = worldWith(snapshot());
    const { events, result } = await run(ssh(request, world, NEVER));
    expect(result?.connection).toBe(reach.connection);
    expect(reach.targets[0]?.identities).toEqual([reach.identity]);
    expect(calls).not.toContain('cluster.findWorkspace');
    expect(calls).not.toContain('cluster.watchWorkspace');
    expect(summarize(events).slice(0, 5)).toEqual([
      'plan find ready host-key connect',
      'find',
      'find done',
      'ready',
      'ready done',
    ]);
  });

  it('finds the only one there is when none is named', async () => {
    const { world, calls, reach } = worldWith(snapshot());
    const { result } = await run(ssh({ ...request, workspace: undefined }, world, NEVER));
    expect(result?.connection).toBe(reach.connection);
    expect(calls).toContain('cluster.listWorkspaces');
  });

  it('offers every key where it may not look which are authorized, and ends where it could not', async () => {
    const failing = (code: 'NOT_PERMITTED' | 'CLUSTER_UNREACHABLE') => {
      const reach = reachable();
      const findSecret = async (name: string) => {
        if (name.includes('keys')) throw failure(code, { message: 'x' });
        return reach.secrets.get(name);
      };
      return worldWith(snapshot(), { ...reach, cluster: { ...reach.cluster, findSecret } });
    };
    const refused = failing('NOT_PERMITTED');
    await run(ssh(request, refused.world, NEVER));
    expect(refused.reach.targets[0]?.identities).toHaveLength(2);
    const { error } = await run(ssh(request, failing('CLUSTER_UNREACHABLE').world, NEVER));
    expect(error).toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  });

  it('asks for one thing after the other: each would open a connection of its own', async () => {
    const reach = reachable();
    let open = 0;
    const alone = async <Answer>(answer: Answer) => {
      open += 1;
      expect(open).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return answer;
    };
    const findSecret = (name: string) => alone(reach.secrets.get(name));
    const getClusterId = () => alone('cluster-1');
    const cluster = { ...reach.cluster, findSecret, getClusterId };
    const { world, calls } = worldWith(snapshot(), { ...reach, cluster });
    await run(ssh(request, world, NEVER));
    expect(calls.filter((call) => call === 'cluster.findSecret')).toHaveLength(2);
  });

  it('waits for one that is just starting', async () => {
    const { world, reach } = worldWith(snapshot({ pod: pendingPod() }));
    const { result } = await run(ssh(request, world, NEVER));
    expect(result?.connection).toBe(reach.connection);
  });

  it('never starts one that was stopped', async () => {
    const { world, calls } = worldWith(stopped);
    const { error } = await run(ssh(request, world, NEVER));
    expect(error).toMatchObject({ code: 'WORKSPACE_STOPPED', suggestions: [saying('ws up dev')] });
    expect(calls).toEqual(['connector.prepare', 'cluster.findEndpoint', 'cluster.findWorkspace']);
  });

  it('says which keys there are when none of them is authorized, and sends nothing', async () => {
    const reach = reachable();
    const other = makeIdentity(9, { comment: 'other' });
    const { world, calls } = worldWith(snapshot(), {
      ...reach,
      identities: { look: async () => ({ identities: [other], agent: { kind: 'none' } }) } as never,
    });
    const { error } = await run(ssh(request, world, NEVER));
    expect(error).toMatchObject({ code: 'KEY_NOT_AUTHORIZED', reason: `You have: other ${other.fingerprint}` });
    expect(calls).not.toContain('connector.connect');
    await new Promise((resolve) => setImmediate(resolve));
    expect(reach.stream.destroyed).toBe(true);
  });

  it('says so when there is no key at all', async () => {
    const { world } = worldWith(snapshot(), {
      ...reachable(),
      identities: {
        look: async () => ({ identities: [], agent: { kind: 'none' } }),
        findFreePath: () => '/home/me/.ssh/id_ed25519',
      } as never,
    });
    expect((await run(ssh(request, world, NEVER))).error).toMatchObject({
      code: 'KEY_NOT_AUTHORIZED',
      reason: expect.stringMatching(/No key was found/),
      suggestions: [
        saying('ssh-keygen -t ed25519 -f /home/me/.ssh/id_ed25519'),
        saying('ws keys add dev /home/me/.ssh/id_ed25519.pub'),
        saying('ws ssh dev --identity FILE'),
      ],
    });
  });

  it('leads to no new key beside an agent that may hold one', async () => {
    const agent = { kind: 'silent', name: 'the agent', reason: 'no answer', remedy: [advice('Start it')] };
    const { world } = worldWith(snapshot(), {
      ...reachable(),
      identities: { look: async () => ({ identities: [], agent }), findFreePath: () => '/new' } as never,
    });
    expect((await run(ssh(request, world, NEVER))).error).toMatchObject({
      suggestions: [saying('Start it'), saying('ws ssh dev --identity FILE'), saying('ws keys add dev FILE.pub')],
    });
  });

  it('offers every key where what is authorized may not be read', async () => {
    const reach = reachable();
    reach.secrets.delete('ws-dev-authorized-keys');
    const { world } = worldWith(snapshot(), reach);
    await run(ssh(request, world, NEVER));
    expect(reach.targets[0]?.identities).toHaveLength(2);
  });

  it('takes the key that was named and looks for no other', async () => {
    const named = makeIdentity(7);
    const reach = { ...reachable(), identities: { read: async () => named } as never };
    const { world } = worldWith(snapshot(), reach);
    const connect = { ...LOGIN, identityPath: named.path };
    await run(ssh({ ...request, connect }, world, NEVER));
    expect(reach.targets[0]?.identities).toEqual([named]);
  });

  it('passes on that the workspace cannot be reached, and closes the pipe', async () => {
    const reach = reachable();
    const connector = {
      ...reach.connector,
      connect: async () => {
        throw failure('CONNECTION_FAILED', { message: 'no' });
      },
    };
    // No later stream greets either.
    const openPodStream = vi.fn().mockResolvedValueOnce(reach.stream);
    openPodStream.mockImplementation(async () => new PassThrough().destroy());
    const { world } = worldWith(snapshot(), { ...reach, connector, cluster: { ...reach.cluster, openPodStream } });
    const { error } = await run(ssh(request, world, NEVER));
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(openPodStream.mock.calls.length).toBeGreaterThan(5);
    await new Promise((resolve) => setImmediate(resolve));
    expect(reach.stream.destroyed).toBe(true);
  });
});

describe('what ws ssh carries beside', () => {
  const mappings = parseForwards({ forward: ['3000'], socks: ['1080'], remote: ['9000'] }, 'forward');
  const beside = { ...request, forwards: { mappings, tell: () => undefined } };

  /** The ports that are listened on, here and there, with what is suggested when one is taken. */
  function worldThatListens(forwardRemote: (host: string, port: number) => Promise<unknown>) {
    const reach = reachable();
    const listening: (ListenOptions & { isClosed: boolean })[] = [];
    const listen = async (options: ListenOptions) => {
      const listener = { ...makeListener(options.port), ...options, isClosed: false };
      listening.push(listener);
      return Object.assign(listener, { close: async () => void (listener.isClosed = true) });
    };
    const { world } = worldWith(snapshot(), reach);
    Object.assign(reach.connection, { forwardRemote });
    return { reach, listening, world: { ...world, listeners: { listen } as never } };
  }

  it('opens before the login and closes with the session', async () => {
    const there: number[] = [];
    const { world, reach, listening } = worldThatListens(async (_host, port) => void there.push(port));
    const { result } = await run(ssh(beside, world, NEVER));
    expect(result?.connection).toBe(reach.connection);
    expect([listening.map(({ port }) => port), there]).toEqual([[3000, 1080], [9000]]);
    expect(listening.map(({ suggest }) => suggest(3001))).toEqual([
      saying('ws ssh -L 3001:3000'),
      saying('ws ssh -D 3001'),
    ]);
    await result?.forwards.close();
    expect([...listening.map(({ isClosed }) => isClosed), reach.connection.isClosed]).toEqual([true, true, false]);
  });

  it('leaves nothing open when the workspace cannot listen', async () => {
    const { world, reach, listening } = worldThatListens(async () => {
      throw failure('FORWARD_FAILED', { message: 'no', reason: 'the port is taken there' });
    });
    const { error } = await run(ssh(beside, world, NEVER));
    expect(error).toMatchObject({ code: 'FORWARD_FAILED', reason: 'the port is taken there' });
    expect((error as WorkspaceError).suggestions.at(-1)).toEqual(saying('ws ssh -R 8999:127.0.0.1:9000'));
    expect([...listening.map(({ isClosed }) => isClosed), reach.connection.isClosed]).toEqual([true, true, true]);
  });

  it('says that the connection is gone when it goes meanwhile', async () => {
    const { world } = worldThatListens(async () => {
      throw failure('CONNECTION_LOST', { message: 'lost' });
    });
    expect((await run(ssh(beside, world, NEVER))).error).toMatchObject({ code: 'CONNECTION_LOST' });
  });
});

describe('the pipe for other SSH clients', () => {
  it('opens after the host key is pinned, to a workspace that is ready or getting there', async () => {
    for (const found of [snapshot(), snapshot({ pod: pendingPod() })]) {
      const { world, reach } = worldWith(found);
      expect(await openProxy(request, world, NEVER)).toBe(reach.stream);
      expect(reach.pinned.size).toBe(1);
    }
  });

  it('never starts a workspace that was stopped', async () => {
    const { world } = worldWith(stopped);
    await expect(openProxy(request, world, NEVER)).rejects.toMatchObject({ code: 'WORKSPACE_STOPPED' });
  });
});
