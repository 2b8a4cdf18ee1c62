import { describe, expect, it } from 'vitest';
import { forward } from '../../../../src/operations/forward.ts';
import { ssh } from '../../../../src/operations/ssh.ts';
import { interrupted } from '../../../../src/workspace/errors/errors.ts';
import { NEVER_WAKE } from '../../../../src/workspace/sleep/waking.ts';
import { toEndpoint } from '../../../../src/workspace/state/endpoint.ts';
import { EMPTY_PROGRESS, reduce, reduceFailure } from '../../../../src/workspace/state/events.ts';
import { snapshot } from '../../workspace/snapshots.ts';
import { fakeClock, fakeWorld, NEVER, run, watchOf } from '../fake-world.ts';
import { LOGIN, reachable } from '../reachable.ts';

const login = { workspace: 'dev', waitTimeoutMs: 5000, waking: NEVER_WAKE, connect: LOGIN };
const forwarding = { ...login, mappings: [], auto: undefined, address: '127.0.0.1', anyFreePort: true };

/** What Ctrl-C ends, by its steps. */
async function interruptIn(part: 'host-key' | 'keys' | 'connector', verb: 'ssh' | 'forward') {
  const reach = reachable();
  const stop = async () => {
    throw interrupted();
  };
  const { world } = fakeWorld({
    ...reach,
    clock: fakeClock(),
    cluster: {
      ...reach.cluster,
      findEndpoint: async () => toEndpoint(snapshot()),
      findWorkspace: async () => snapshot(),
      watchWorkspace: watchOf(snapshot()),
    },
    recent: { find: async () => undefined, keep: async () => undefined },
    ...(part === 'host-key' ? { knownHosts: { ...reach.knownHosts, find: stop } } : {}),
    ...(part === 'keys' ? { identities: Object.assign({}, reach.identities, { look: stop }) } : {}),
    ...(part === 'connector' ? { connector: { prepare: () => undefined, connect: stop } } : {}),
  });
  const { events, error } = await run<unknown>(
    verb === 'ssh' ? ssh(login, world, NEVER) : forward(forwarding, world, NEVER),
  );
  const state = events.reduce((now, event) => reduce(now, event, 0), EMPTY_PROGRESS);
  const { steps } = reduceFailure(state, error, 0);
  return steps.flatMap(({ id, status }) => (status === 'stopped' ? [id] : []));
}

describe.each(['ssh', 'forward'] as const)('Ctrl-C in a login of ws %s', (verb) => {
  it.each([
    ['host-key', 'host-key'],
    ['keys', 'connect'],
    ['connector', 'connect'],
  ] as const)('while it is about the %s, ends the step %s', async (part, step) => {
    expect(await interruptIn(part, verb)).toEqual([step]);
  });
});
