/** A world in which everything that a command asks is answered, and everything that it changes is noted. */
import type { HomeSnapshot } from '../../../src/workspace/state/snapshot.ts';
import { changeable } from '../operations/changeable.ts';
import { fakeClock, fakeWorld, makeAnswer, makeIdentity, makeStream, watchOf } from '../operations/fake-world.ts';
import { reachable } from '../operations/reachable.ts';
import { claimHome, deployment, keptHome, snapshot } from '../workspace/snapshots.ts';

const OWN = makeIdentity(1);
const OTHER = makeIdentity(2);
/** Its comment is the name of the workspace. */
const NAMESAKE = makeIdentity(3, { comment: 'dev' });
/** Of a command in the workspace. */
const DONE = { status: 0, stdout: '', stderr: '' };
const KEYS = Buffer.from(
  [OWN, OTHER, NAMESAKE].map(({ blob, comment }) => `ssh-ed25519 ${blob} ${comment}\n`).join(''),
);
export const IN_USE = [
  'ws_session_programs 2',
  `ws_session_programs_oldest_start_time_seconds ${Math.round(Date.now() / 1000) - 7200}`,
  'ws_detached_programs 1',
];
export const UNUSED = ['ws_session_programs 0', 'ws_detached_programs 0'];

export interface WillingPlace {
  home?: HomeSnapshot;
  metrics?: string[];
  /** Helm has not installed it. */
  isForeign?: true;
  /** Whether the change of `ws up` needs another pod. */
  restarts?: boolean;
}

/** A cluster with a workspace and a kept home, that notes each change. */
export function makeWorld({ home = claimHome(), metrics = UNUSED, restarts = true, isForeign }: WillingPlace = {}) {
  const changes: string[] = [];
  const note = (what: string) => async () => void changes.push(what);
  const reach = reachable();
  const found = snapshot({ home, deployment: deployment(isForeign === true ? { isForeign } : {}) });
  const gone = snapshot({ deployment: undefined, pod: undefined });
  let isDown = false;
  const fake = fakeWorld({
    ...reach,
    clock: fakeClock(),
    connector: { ...reach.connector, connect: async () => ({ ...reach.connection, run: async () => DONE }) },
    knownHosts: { ...reach.knownHosts, forget: note('pin'), findNames: async () => [] },
    releases: {
      find: async () =>
        isForeign ? undefined : { revision: 1, status: 'deployed', chart: 'ws-workspace', updatedAt: '' },
      getBase: async () => ({ values: {}, deployed: undefined, revision: 1 }),
      preview: async () => ({ before: { is: 1 }, after: { is: restarts ? 2 : 1 }, values: {} }),
      async apply(_release, values) {
        await values;
        changes.push('apply');
        return { revision: 2, change: 'upgraded' };
      },
      async uninstall() {
        changes.push('uninstall');
        isDown = true;
      },
    },
    identities: {
      list: async () => [OWN],
      look: async () => ({ identities: [reach.identity], agent: { kind: 'none' } }),
    } as never,
    cluster: {
      ...reach.cluster,
      isTlsPostQuantum: true,
      findEndpoint: async () => undefined,
      readLog: async function* () {
        yield '{"event":"server.ready"}';
      },
      findWorkspace: async () => found,
      listWorkspaces: async () => [found, { ...keptHome({ name: 'ws-old-home', workspace: 'old' }), name: 'old' }],
      watchWorkspace: (...words) => watchOf(isDown ? gone : found)(...words),
      openPodStream: async (_pod, port) => (port === 9222 ? makeAnswer(`${metrics.join('\n')}\n`) : makeStream()),
      ...changeable(KEYS, note),
      scale: {
        async stop() {
          changes.push('stop');
          isDown = true;
          return 'stopped';
        },
        wake: async () => 'stopped',
      },
    },
  });
  return { ...fake, changes };
}
