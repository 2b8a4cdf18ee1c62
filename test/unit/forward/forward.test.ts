import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ForwardRequest, type ForwardResult, forward } from '../../../src/operations/forward.ts';
import type { StreamWatcher } from '../../../src/workspace/byte-stream.ts';
import { failure, WorkspaceError } from '../../../src/workspace/errors/errors.ts';
import { parseForwards } from '../../../src/workspace/forwards/typed-forwards.ts';
import { NEVER_WAKE } from '../../../src/workspace/sleep/waking.ts';
import { toEndpoint } from '../../../src/workspace/state/endpoint.ts';
import type { ProgressEvent } from '../../../src/workspace/state/events.ts';
import type { ListenOptions, LocalListener, SshConnection } from '../../../src/workspace/world.ts';
import { fakeWorld, run } from '../operations/fake-world.ts';
import { LOGIN, reachable } from '../operations/reachable.ts';
import { snapshot } from '../workspace/snapshots.ts';
import { makeLine, slowClock } from './lines.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] }));
afterEach(() => void vi.useRealTimers());

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A workspace to which each login gives the next of the lines, or throws what stands in its place. */
function setUp(logins: (ReturnType<typeof line> | Error)[], taken: number[] = []) {
  const left = [...logins];
  const reach = reachable();
  const { clock, sleeps } = slowClock();
  const listening: (ListenOptions & { isClosed: boolean })[] = [];
  const joined: string[] = [];
  const connector = {
    prepare: () => undefined,
    async connect() {
      const next = left.shift();
      if (next === undefined) throw new Error('nobody expected another login');
      if (next instanceof Error) throw next;
      return next.connection;
    },
  };
  const listeners = {
    async listen(options: ListenOptions) {
      if (taken.includes(options.port)) throw failure('LOCAL_PORT_TAKEN', { message: `${options.port} is taken` });
      const listener = { ...options, port: options.port || 40_000, isClosed: false };
      listening.push(listener);
      const close = async () => {
        listener.isClosed = true;
      };
      return { address: options.address, port: listener.port, close } as unknown as LocalListener;
    },
    async join(_stream: unknown, host: string, port: number) {
      joined.push(`${host}:${port}`);
      throw failure('FORWARD_FAILED', { message: 'Nothing answers' });
    },
  };
  const cluster = { ...reach.cluster, findEndpoint: async () => toEndpoint(snapshot()) };
  const { world, calls } = fakeWorld({ ...reach, cluster, connector, listeners, clock });
  const life = new AbortController();
  const start = (overrides: Partial<ForwardRequest> = {}) =>
    run(forward({ ...REQUEST, ...overrides }, world, life.signal));
  return { start, life, listening, joined, sleeps, calls };
}

const REQUEST: ForwardRequest = {
  workspace: 'dev',
  mappings: parseForwards({ forward: ['8080:3000'], socks: ['0'], remote: ['9:7000'] }, 'forward'),
  auto: undefined,
  address: '127.0.0.1',
  anyFreePort: true,
  waitTimeoutMs: 5000,
  waking: NEVER_WAKE,
  connect: LOGIN,
};

/** A connection that notes what it was asked to listen on. */
function line(parts: Partial<SshConnection> = {}) {
  const asked: { port: number; onConnection(stream: PassThrough): void }[] = [];
  const forwardRemote = async (_host: string, port: number, onConnection: (stream: PassThrough) => void) => {
    asked.push({ port, onConnection });
    return { port, close: async () => undefined };
  };
  return Object.assign(makeLine({ forwardRemote, ...parts } as never), { asked });
}

/** What is said from here on, as short words. */
function follow(result: ForwardResult | undefined) {
  const said: string[] = [];
  const ended = (async () => {
    if (result === undefined) throw new Error('it is not open');
    for await (const event of result.keep()) said.push(toWords(event));
  })();
  ended.catch(() => undefined);
  return { said, ended };
}

function toWords(event: ProgressEvent): string {
  if (event.type === 'advanced')
    return event.fact.kind === 'reconnecting' ? `${event.fact.attempt}: ${event.fact.reason}` : event.fact.kind;
  if (event.type !== 'noticed') return `${event.type} ${event.type === 'planned' ? '' : event.step}`;
  const { notice } = event;
  switch (notice.kind) {
    case 'forward-opened':
      return `opened ${notice.local} ${notice.remote}`;
    case 'forward-failed':
      return `failed ${notice.local} ${notice.remote}: ${notice.reason}`;
    case 'connection-lost':
      return `lost: ${notice.reason}`;
    case 'connection-restored':
      return 'restored';
    default:
      return notice.kind;
  }
}

const OPENED = [
  'started forward',
  'opened 127.0.0.1:8080 localhost:3000',
  'opened 127.0.0.1:40000 SOCKS',
  'opened 127.0.0.1:9 workspace port 7000',
  'finished forward',
];

describe('ws forward', () => {
  it('opens each kind over one connection, says so, and is idle then: no timer, no sleep, no request', async () => {
    const only = line();
    const { start, life, sleeps, calls, listening } = setUp([only]);
    const { result } = await start();
    expect(result?.forwards.map(({ info }) => info)).toEqual([
      { kind: 'local', address: '127.0.0.1', port: 8080, remoteHost: 'localhost', remotePort: 3000 },
      { kind: 'socks', address: '127.0.0.1', port: 40_000 },
      { kind: 'remote', address: '127.0.0.1', port: 9, remoteHost: 'localhost', remotePort: 7000 },
    ]);
    const { said, ended } = follow(result);
    await nextTurn();
    expect(said).toEqual(OPENED);
    expect(only.asked.map(({ port }) => port)).toEqual([7000]);
    const before = calls.length;
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    expect([sleeps, vi.getTimerCount(), calls.length]).toEqual([[], 0, before]);
    life.abort();
    await ended;
    expect(said).toEqual(OPENED);
    await result?.close();
    expect([only.isClosed, ...listening.map(({ isClosed }) => isClosed)]).toEqual([true, true, true]);
  });

  it('carries early and late connections, and names one that fails by the port that is listened on', async () => {
    const { start, listening } = setUp([
      line({
        openChannel: async () => {
          throw failure('FORWARD_FAILED', { message: 'refused' });
        },
      }),
    ]);
    const { said } = follow((await start()).result);
    const socks = listening.find(({ target }) => target === 'socks');
    await socks?.open('db', 5432).catch((error: Error) => socks.onFailure(error));
    await nextTurn();
    expect(said.at(-1)).toBe('failed 127.0.0.1:40000 SOCKS: refused');
  });

  it('tells of a port of the workspace that leads nowhere here', async () => {
    const only = line();
    const { start, joined } = setUp([only]);
    const { said } = follow((await start()).result);
    only.asked[0]?.onConnection(new PassThrough());
    await nextTurn();
    expect(joined).toEqual(['127.0.0.1:9']);
    expect(said.at(-1)).toBe('failed 127.0.0.1:9 workspace port 7000: Nothing answers');
  });

  it('keeps no port when one is taken, and asks the cluster nothing', async () => {
    const { start, listening, calls } = setUp([], [8081]);
    const { error } = await start({ mappings: parseForwards({ forward: ['8080', '8081'] }, 'forward') });
    expect(error).toMatchObject({ code: 'LOCAL_PORT_TAKEN' });
    expect(listening.map(({ isClosed }) => isClosed)).toEqual([true]);
    expect(calls).toEqual(['listeners.listen', 'listeners.listen']);
  });

  it('closes everything when the workspace cannot listen, and names a port that it can', async () => {
    const refusal = failure('FORWARD_FAILED', { message: 'no', reason: 'the port is taken there' });
    const only = line({
      forwardRemote: async () => {
        throw refusal;
      },
    });
    const { start, listening } = setUp([only]);
    const { error } = await start();
    expect(error).toMatchObject({
      code: 'FORWARD_FAILED',
      message: 'The workspace cannot listen on port 7000',
      reason: 'the port is taken there',
    });
    expect((error as WorkspaceError).suggestions).toMatchObject([
      {},
      { words: ['forward', '--remote', '6999:127.0.0.1:9'] },
    ]);
    expect([only.isClosed, ...listening.map(({ isClosed }) => isClosed)]).toEqual([true, true, true]);
  });
});

describe('a lost connection', () => {
  it('is replaced: the listeners stay, the workspace listens again, and both are said', async () => {
    const [first, second] = [line(), line()];
    const { start, life, listening } = setUp([first, second]);
    const { result } = await start();
    const { said, ended } = follow(result);
    await nextTurn();
    first.lose(failure('CONNECTION_LOST', { message: 'lost', reason: 'the pod is gone' }));
    await first.connection.ended;
    expect(await listening[0]?.open('localhost', 3000)).toBe(second.stream);
    await nextTurn();
    expect(said.slice(OPENED.length)).toEqual(expect.arrayContaining(['lost: the pod is gone', 'restored']));
    expect(said.at(-1)).toBe('restored');
    expect([second.asked.length, listening.length, listening.some(({ isClosed }) => isClosed)]).toEqual([1, 2, false]);
    life.abort();
    await ended;
    await result?.close();
    expect(second.isClosed).toBe(true);
  });

  it.each([
    ['before anybody keeps them', async (first: ReturnType<typeof line>) => first.lose()],
    [
      'while the workspace is asked to listen',
      async (_first: unknown, second: ReturnType<typeof line>) => second.lose(),
    ],
  ])('is noticed when it happens %s', async (_moment, play) => {
    const lines: [ReturnType<typeof line>, ReturnType<typeof line>, ReturnType<typeof line>] = [line(), line(), line()];
    const { start, listening } = setUp(lines);
    const { result } = await start();
    await play(lines[0], lines[1]);
    const { said } = follow(result);
    lines[0].lose();
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    const last = lines[said.filter((words) => words.startsWith('lost')).length];
    expect(said.at(-1)).toBe('restored');
    expect(await listening[0]?.open('localhost', 3000)).toBe(last?.stream);
  });

  it('says once why it does not come back, and again when that is another cause', async () => {
    const first = line();
    const because = (code: string) => ({ code, evidence: [`seen by ${code}`], suggestions: [] });
    const broken = (code: string) =>
      failure('WORKSPACE_FAILED', { message: 'It cannot start', reason: `Why: ${code}\nmore`, because: because(code) });
    const logins = [first, broken('CLAIM_LOST'), broken('CLAIM_LOST'), broken('IMAGE_TAG'), line()];
    const { start, sleeps, life } = setUp(logins);
    const { result } = await start();
    const troubles: string[] = [];
    void (async () => {
      for await (const event of result?.keep() ?? [])
        if (event.type === 'noticed' && event.notice.kind === 'trouble')
          troubles.push(`${event.notice.code}: ${event.notice.message}; ${event.notice.evidence}`);
    })();
    first.lose();
    for (let turn = 0; turn < 12; turn += 1) {
      await nextTurn();
      sleeps.at(-1)?.pass();
    }
    expect(troubles).toEqual([
      'CLAIM_LOST: Why: CLAIM_LOST; seen by CLAIM_LOST',
      'IMAGE_TAG: Why: IMAGE_TAG; seen by IMAGE_TAG',
    ]);
    life.abort();
  });

  describe('whose way is lost while it stands', () => {
    const watched = () => {
      let watcher: StreamWatcher | undefined;
      const watch = (given: StreamWatcher) => {
        watcher = given;
      };
      return Object.assign(line({ watch }), {
        lost: (sinceMs: number) => watcher?.lost(sinceMs),
        found: () => watcher?.found(0),
      });
    };
    const begin = async () => {
      const first = watched();
      const { start, sleeps } = setUp([first, line()]);
      const { said } = follow((await start()).result);
      await nextTurn();
      said.length = 0;
      return { first, said, sleeps };
    };
    const LOST = /^lost: no connection since \d\d:\d\d:\d\d/;

    it('says so within three seconds, once, and when it is back', async () => {
      const { first, said, sleeps } = await begin();
      first.lost(0);
      expect(sleeps.map(({ ms }) => ms)).toEqual([2000]);
      await nextTurn();
      expect(said).toEqual([]);
      sleeps[0]?.pass();
      await nextTurn();
      first.found();
      await nextTurn();
      expect(said).toEqual([expect.stringMatching(LOST), 'restored']);
    });

    it('says nothing where it is back at once', async () => {
      const { first, said, sleeps } = await begin();
      first.lost(0);
      first.found();
      await nextTurn();
      expect([said, sleeps.map(({ isOver }) => isOver)]).toEqual([[], [true]]);
    });

    it('says so at once where nothing has come for as long', async () => {
      const { first, sleeps } = await begin();
      first.lost(-2500);
      expect(sleeps.map(({ ms }) => ms)).toEqual([0]);
    });

    it('is told once where it ends after that, and restored by another one', async () => {
      const { first, said, sleeps } = await begin();
      first.lost(0);
      sleeps[0]?.pass();
      await nextTurn();
      first.lose(new Error('gone'));
      for (let turn = 0; turn < 5; turn += 1) await nextTurn();
      expect(said.filter((words) => words.startsWith('lost'))).toHaveLength(1);
      expect(said.at(-1)).toBe('restored');
    });
  });

  it('does not hold back what happens meanwhile', async () => {
    const first = line();
    const { start, sleeps, listening, life } = setUp([first, new Error('no network'), line()]);
    const { said } = follow((await start()).result);
    first.lose();
    await nextTurn();
    await nextTurn();
    const [forwarded] = listening;
    forwarded?.onFailure(new Error('gave up'));
    await nextTurn();
    expect(said.slice(-2)).toEqual(['1: no network', 'failed 127.0.0.1:8080 localhost:3000: gave up']);
    // Between two tries there is one sleep, of a fifth of a second more or less.
    expect(sleeps.map(({ ms }) => ms >= 150 && ms <= 250)).toEqual([true]);
    sleeps[0]?.pass();
    await nextTurn();
    await nextTurn();
    expect(said.at(-1)).toBe('restored');
    life.abort();
  });

  it('ends it when the workspace is stopped, after everything else was said', async () => {
    const first = line();
    const { start } = setUp([first, failure('WORKSPACE_STOPPED', { message: 'stopped' })]);
    const { said, ended } = follow((await start()).result);
    first.lose();
    await expect(ended).rejects.toMatchObject({ code: 'WORKSPACE_STOPPED' });
    expect(said).toContain('lost: closed by the workspace');
  });

  it('closes a connection that comes when the workspace cannot listen on it, and tries again', async () => {
    const refuses = line({
      forwardRemote: async () => {
        throw failure('FORWARD_FAILED', { message: 'taken' });
      },
    });
    const [first, third] = [line(), line()];
    const { start, sleeps } = setUp([first, refuses, third]);
    const { said } = follow((await start()).result);
    first.lose();
    await vi.waitFor(() => expect(sleeps).toHaveLength(1), 120_000);
    expect([refuses.isClosed, said.at(-1)]).toEqual([true, '1: The workspace cannot listen on port 7000']);
    sleeps[0]?.pass();
    await vi.waitFor(() => expect(said.at(-1)).toBe('restored'), 120_000);
  });

  it('is nobody’s business any more after the signal, also amid a wait', async () => {
    const first = line();
    const { start, life, sleeps } = setUp([first, new Error('no network')]);
    const { result } = await start();
    const { said, ended } = follow(result);
    first.lose();
    await vi.waitFor(() => expect(sleeps).toHaveLength(1), 120_000);
    life.abort();
    await ended;
    await result?.close();
    expect(said).not.toContain('restored');
    expect(sleeps.every(({ isOver }) => isOver)).toBe(true);
  });

  it('is not replaced when it was closed here: by whoever stops listening to what is said', async () => {
    const first = line();
    const { start, sleeps, calls } = setUp([first, line()]);
    const { result } = await start();
    for await (const event of result?.keep() ?? []) if (event.type === 'finished') break;
    await result?.close();
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    expect([first.isClosed, calls.filter((call) => call === 'connector.connect').length, sleeps]).toEqual([
      true,
      1,
      [],
    ]);
  });

  it('leaves nothing open that comes amid the end', async () => {
    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const forwardRemote = async (_host: string, port: number) => {
      asked.resolve();
      await answer.promise;
      return { port, close: async () => undefined };
    };
    const [first, second] = [line(), line({ forwardRemote })];
    const { start } = setUp([first, second]);
    const { result } = await start();
    const { said, ended } = follow(result);
    first.lose();
    await asked.promise;
    const closed = result?.close();
    answer.resolve();
    await closed;
    await ended;
    expect([second.isClosed, said.includes('restored')]).toEqual([true, false]);
  });
});
