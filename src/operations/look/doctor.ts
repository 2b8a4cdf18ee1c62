import { UNASKED } from '../../workspace/diagnosis/scene.ts';
import { WorkspaceError } from '../../workspace/errors/errors.ts';
import { advice, ws } from '../../workspace/errors/suggestion.ts';
import { describeAgent, findReasonForNoNewKey } from '../../workspace/keys/agents.ts';
import { describeKey } from '../../workspace/keys/keys.ts';
import { suggestNewKey } from '../../workspace/keys/new-key.ts';
import type { Machine } from '../../workspace/machine.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { Cluster, World } from '../../workspace/world.ts';
import {
  judgeCredentials,
  judgeKubeconfig,
  judgeNamespace,
  judgePermissions,
  judgeStorageClasses,
  judgeTrust,
  judgeWorkspaces,
  listTroubles,
} from '../doctor/cluster.ts';
import { type Check, examine, type Finding, good, type Judgement, warning } from '../doctor/examine.ts';
import { forNew } from '../doctor/for-new.ts';
import { judgeHeadRoom } from '../doctor/head-room.ts';
import { type ImageChoice, judgeImage } from '../doctor/image.ts';
import { judgeAccount, judgeFolders, judgeLocale, judgeOpenSsh, judgeTerminal } from '../doctor/machine.ts';
import { judgeTransport } from '../doctor/transport.ts';
import { judgeTrial } from '../doctor/trial.ts';
import { explainClosed } from '../login/explain-refusal.ts';

export interface DoctorWorld extends Pick<World, 'releases' | 'identities' | 'knownHosts'> {
  machine: Machine;
  /** Or why it is missing: no kubeconfig, no such context. `ws doctor` still looks at the rest. */
  cluster: Cluster | WorkspaceError;
}

/** A credential plugin may have to wait for a person in a browser. */
const LOGIN_LIMIT_MS = 60_000;

/** Looks at everything a workspace needs, in the order in which it needs it. Never throws for what it finds. */
export async function* doctor(
  { machine, cluster, ...world }: DoctorWorld,
  chooseImage: () => Promise<ImageChoice>,
  signal: AbortSignal,
): AsyncGenerator<Finding, void, void> {
  yield await examine('user', () => judgeAccount(machine), signal);
  yield await examine('folders', () => judgeFolders(machine), signal);
  yield await examine('locale', () => judgeLocale(machine), signal);
  yield await examine('terminal', () => judgeTerminal(machine), signal);
  const helm = await examine(
    'helm',
    async (limited) => good(`helm ${await world.releases.getVersion(limited)}`),
    signal,
  );
  yield helm;
  yield await examine('openssh', async (limited) => judgeOpenSsh(await machine.readOpenSsh(limited)), signal);
  yield* examineCluster(cluster, helm.verdict === 'bad' ? undefined : world.releases, chooseImage, signal);
  yield* examineKeys(world, signal);
}

async function* examineCluster(
  cluster: Cluster | WorkspaceError,
  releases: World['releases'] | undefined,
  chooseImage: () => Promise<ImageChoice>,
  signal: AbortSignal,
) {
  const refuse = (error: WorkspaceError): never => {
    throw error;
  };
  if (cluster instanceof WorkspaceError) {
    yield await examine('kubeconfig', () => refuse(cluster), signal);
    return;
  }
  yield await examine('kubeconfig', () => judgeKubeconfig(cluster), signal);
  yield await examine('credentials', () => judgeCredentials(cluster.access.credentials), signal);
  yield await examine('authority', () => judgeTrust(cluster.trust), signal);
  const reach = async (limited: AbortSignal) => good(`Kubernetes ${await cluster.getVersion(limited)}`);
  const reached = await examine('cluster', reach, signal, LOGIN_LIMIT_MS);
  yield reached;
  if (reached.verdict === 'bad') return;
  const place = await examine('namespace', (limited) => judgeNamespace(cluster, limited), signal);
  yield place;
  let workspaces: WorkspaceSnapshot[] | undefined;
  yield await examine(
    'workspaces',
    async (limited) => {
      workspaces = await cluster.listWorkspaces(limited);
      const isTroubled = listTroubles(workspaces).length > 0;
      const [around, closed] = await Promise.all([
        isTroubled ? cluster.lookAround(limited) : UNASKED,
        listClosed(workspaces, cluster, limited),
      ]);
      return judgeWorkspaces(workspaces, { around, closed });
    },
    signal,
  );
  yield await examine(
    'image',
    async (limited) => {
      const image = await chooseImage();
      return judgeImage(image, await cluster.findImageTraces(image.name, limited), workspaces ?? []);
    },
    signal,
  );
  yield await examine('permissions', (limited) => judgePermissions(cluster, limited), signal);
  const examineNew = (check: Check, look: (limited: AbortSignal) => Promise<Judgement>) =>
    examine(check, async (limited) => forNew(await look(limited), workspaces), signal);
  // Nothing can be tried without a Helm that renders it, and a namespace that would take it.
  if (releases !== undefined && place.verdict === 'good')
    yield await examineNew('new workspace', (limited) => judgeTrial(cluster, releases, limited));
  yield await examineNew('storage classes', (limited) => judgeStorageClasses(cluster, limited));
  yield await examineNew('head-room', async (limited) => judgeHeadRoom(await cluster.lookAround(limited)));
  yield await examine('pod stream', (limited) => judgeTransport(cluster, workspaces ?? [], limited), signal);
}

/** The Secrets are read at once, so that many workspaces take no longer than one. */
async function listClosed(workspaces: WorkspaceSnapshot[], cluster: Cluster, signal: AbortSignal) {
  const faults = await Promise.all(
    workspaces.map(async (one) => [one.release, await explainClosed(one, { cluster }, signal)] as const),
  );
  return new Map(faults.flatMap(([release, fault]) => (fault === undefined ? [] : [[release, fault] as const])));
}

async function* examineKeys(
  { identities, knownHosts }: Pick<World, 'identities' | 'knownHosts'>,
  signal: AbortSignal,
): AsyncGenerator<Finding, void, void> {
  let found: Awaited<ReturnType<typeof identities.look>> | undefined;
  yield await examine(
    'ssh agent',
    async (limited) => {
      found = await identities.look(limited);
      const { agent } = found;
      const detail = describeAgent(agent);
      if (agent.kind === 'silent') return { ...warning(detail, agent.remedy[0]), code: 'AGENT_SILENT' };
      return findReasonForNoNewKey(agent) === undefined
        ? good(detail)
        : warning(detail, advice('Unlock it, or ssh-add a key'));
    },
    signal,
  );
  yield await examine(
    'keys',
    async (limited) => {
      const own = (found ?? (await identities.look(limited))).identities;
      if (own.length > 0) return good(own.map((key) => `${describeKey(key)} (${key.source})`).join(', '));
      return found !== undefined && findReasonForNoNewKey(found.agent) !== undefined
        ? warning('none that could be seen', ws`up --identity FILE`)
        : warning(`none in the ssh agent or ${identities.folder}`, {
            ...suggestNewKey(),
            note: 'makes one; ws up takes it, and ws keys add authorizes it for a workspace that is there',
          });
    },
    signal,
  );
  yield await examine('known hosts', () => good(knownHosts.path), signal);
}
