/**
 * Asks those who know: what they do not say in time is not offered. Nobody is logged in for it, and nothing is changed.
 */

import { listHomes } from '../../operations/homes.ts';
import { listKeys } from '../../operations/look/keys.ts';
import { list } from '../../operations/look/list.ts';
import { hasCode } from '../../workspace/errors/errors.ts';
import { type NamedKey, toKeyWords } from '../../workspace/keys/keys.ts';
import type { World } from '../../workspace/world.ts';
import { listContexts, openWorld } from '../wiring/world.ts';
import type { Completion } from './completion.ts';
import { findListeningPorts, withoutForwarded } from './listening-ports.ts';
import type { Candidate, Source } from './sources.ts';

/** The longest wait for names after Tab. Far clusters take a second. */
const LIMIT_MS = 2000;

/** The names that the sources list, of those the ones that go on from what is typed. */
export async function askSources(completion: Completion, current: string, signal: AbortSignal): Promise<Candidate[]> {
  const { sources, prefix, taken } = completion;
  if (sources.length === 0) return [];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const typed = current.slice(prefix.length);
  const answers = sources.map((source) => ask(source, completion, typed, limit).catch(() => []));
  const found = (await Promise.all(answers.map((answer) => withinLimit(answer, limit)))).flat();
  const open = found.filter(({ word }) => word.startsWith(typed) && !taken.includes(word));
  return open.map(({ word, about }) => ({ word: prefix + word, about }));
}

function withinLimit(answer: Promise<Candidate[]>, limit: AbortSignal): Promise<Candidate[]> {
  const { promise, resolve } = Promise.withResolvers<Candidate[]>();
  if (limit.aborted) resolve([]);
  limit.addEventListener('abort', () => resolve([]), { once: true });
  return Promise.race([answer, promise]);
}

async function ask(
  source: Source,
  { place, workspace, taken }: Completion,
  typed: string,
  signal: AbortSignal,
): Promise<Candidate[]> {
  if (source === 'contexts') return listContexts(place).map(({ name, cluster }) => ({ word: name, about: cluster }));
  // A credential plugin might open a browser at each Tab.
  const world = await openWorld(place, { inPassing: true });
  switch (source) {
    case 'workspaces':
      return askWorkspaces(world, signal);
    case 'namespaces':
      return askNamespaces(world, place.context, place.kubeconfig, signal);
    case 'storage-classes': {
      const classes = (await world.cluster.findStorageClasses(signal)) ?? [];
      return classes.map(({ name, isDefault, provisioner }) => ({
        word: name,
        about: isDefault ? `default, ${provisioner}` : provisioner,
      }));
    }
    case 'kept-homes': {
      const homes = (await listHomes(world, signal)).filter(({ state }) => state === 'kept');
      return homes.map((home) => ({
        word: home.workspace,
        about: home.claim === undefined ? 'its host key alone' : `${home.claim}, ${home.size ?? '?'}`,
      }));
    }
    case 'authorized-keys':
      return toKeyCandidates(await listKeys(workspace, world, signal), typed);
    case 'listening-ports':
      return withoutForwarded(await findListeningPorts(place, workspace, world, signal), taken);
  }
}

async function askWorkspaces(world: World, signal: AbortSignal): Promise<Candidate[]> {
  try {
    const workspaces = await list(world, signal);
    return workspaces.map(({ name, state }) => ({ word: name, about: state }));
  } catch (error) {
    if (hasCode(error, 'NAMESPACE_MISSING')) return [];
    return (await world.recent.list()).map((name) => ({ word: name, about: 'logged in to before' }));
  }
}

/** Those of the cluster; where they may not be listed, those that the kubeconfig's contexts name. */
async function askNamespaces(
  world: World,
  context: string | undefined,
  kubeconfig: string | undefined,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const names = await world.cluster.findNamespaces(signal).catch(() => undefined);
  if (names !== undefined) return names.map((name) => ({ word: name, about: '' }));
  const named = listContexts({ context, namespace: undefined, kubeconfig })
    .filter(({ namespace }) => namespace !== undefined)
    .map(({ name, namespace = '' }) => ({ word: namespace, about: `of context ${name}` }));
  return [...new Map(named.map((candidate) => [candidate.word, candidate])).values()];
}

/** A comment that one key has names it; where there is none, or several have it, the fingerprint does. */
export function toKeyCandidates(keys: NamedKey[], typed: string): Candidate[] {
  const words = toKeyWords(keys);
  const isNamed = ({ fingerprint }: NamedKey, index: number) => words[index] !== fingerprint;
  const wantsFingerprints = typed !== '' && 'SHA256:'.startsWith(typed.slice(0, 7));
  const named = keys.filter(isNamed).map((key) => ({ word: key.comment, about: key.fingerprint }));
  const others = keys
    .filter((key, index) => wantsFingerprints || !isNamed(key, index))
    .map((key) => ({ word: key.fingerprint, about: key.comment || key.type }));
  const candidates = [...named, ...others];
  return [...new Map(candidates.map((candidate) => [candidate.word, candidate])).values()];
}
