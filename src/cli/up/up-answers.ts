import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Choices, type HomeChoice } from '../../workspace/choices/choices.ts';
import type { Settings } from '../../workspace/choices/settings.ts';
import { failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { advice, run, type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import { type AgentState, describeAgent, findReasonForNoNewKey } from '../../workspace/keys/agents.ts';
import type { Identity } from '../../workspace/keys/keys.ts';
import { formatAuthorizedKey } from '../../workspace/keys/public-key.ts';
import { DEFAULT_HOME_SIZE, DEFAULT_ID, DEFAULT_USER } from '../../workspace/names.ts';
import type { StorageClassSnapshot, WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { accountAddress, homeFolder } from '../terminal/machine.ts';

/** How the workspace's key is chosen: one that is there, or one to be made. */
export type KeyAnswer = { kind: 'identity'; identity: Identity } | { kind: 'generate'; path: string };

/** All that a new workspace needs to know; each part may still be open. */
export interface UpAnswers {
  user: string | undefined;
  uid: number | undefined;
  home: HomeChoice | undefined;
  key: KeyAnswer | undefined;
}

/** What can be chosen from, for the form and for defaults. */
export interface UpOptions {
  storageClasses: StorageClassSnapshot[] | undefined;
  identities: Identity[];
  agent: AgentState;
  /** False only when the cluster says so. */
  isNamespaceThere: boolean;
}

/** Asks the cluster and the user's machine what there is to choose from, at the same time. */
export async function findUpOptions(workspace: string, world: World, signal: AbortSignal): Promise<UpOptions> {
  const [storageClasses, keys, namespace] = await Promise.all([
    world.cluster.findStorageClasses(signal),
    world.identities.look(signal, workspace),
    world.cluster.findNamespace(signal),
  ]);
  return { storageClasses, ...keys, isNamespaceThere: namespace !== undefined };
}

/** The flags' choices, with the saved ones that no question of the form is about. */
export function withSettings(choices: Choices, settings: Settings): Choices {
  const image = choices.image ?? settings.image;
  const gid = choices.gid ?? settings.gid;
  return { ...choices, ...(image === undefined ? {} : { image }), ...(gid === undefined ? {} : { gid }) };
}

/** The flags' choices, with what a kept home that is taken up remembers and no question of the form is about. */
export function withKept(choices: Choices, kept: WorkspaceSnapshot | undefined): Choices {
  if (kept?.home.kind !== 'claim' || (choices.home !== undefined && choices.home.kind !== 'claim')) return choices;
  const { claim } = kept.home;
  const gid = choices.gid ?? (choices.uid === undefined ? claim.gid : undefined);
  const subPath = choices.subPath ?? claim.subPath;
  // It keeps its size when only its class is named: the default may be less, and a claim cannot shrink.
  const home = choices.home === undefined ? undefined : withSize(choices.home, claim.requested);
  return {
    ...choices,
    ...(gid === undefined ? {} : { gid }),
    ...(subPath === undefined ? {} : { subPath }),
    ...(home === undefined ? {} : { home }),
  };
}

/** What flags, a kept home and saved settings answer, in this order. */
export async function findAnswers(
  choices: Choices,
  keyFlag: string | undefined,
  kept: WorkspaceSnapshot | undefined,
  settings: Settings,
  world: World,
  signal: AbortSignal,
): Promise<UpAnswers> {
  const keyName = keyFlag ?? settings.identity;
  return {
    user: choices.user ?? keptUser(kept) ?? settings.user,
    uid: choices.uid ?? keptUid(kept) ?? settings.uid,
    home: choices.home ?? keptHome(kept) ?? savedHome(settings),
    key: keyName === undefined ? undefined : { kind: 'identity', identity: await readKey(keyName, world, signal) },
  };
}

/** What `--key` names: a file, or by its fingerprint a key that the agent holds. */
export async function readKey(name: string, world: World, signal: AbortSignal): Promise<Identity> {
  if (!name.startsWith('SHA256:')) return world.identities.read(name);
  const { identities, agent } = await world.identities.look(signal);
  const found = identities.find(({ fingerprint }) => fingerprint === name);
  if (found !== undefined) return found;
  throw failure('KEY_NOT_FOUND', {
    message: `There is no key ${name} here`,
    reason:
      identities.length === 0
        ? `There is none in ~/.ssh; ${describeAgent(agent)}`
        : `There is: ${identities.map(({ fingerprint, comment }) => `${fingerprint} ${comment}`.trim()).join(', ')}; ${describeAgent(agent)}`,
    suggestions: [run('ssh-add')`-l`, ws`up --key ~/.ssh/id_ed25519`],
  });
}

/** `--yes`: what is still open gets the default that the form would show. */
export function toDefaults(answers: UpAnswers, options: UpOptions): UpAnswers {
  return {
    user: answers.user ?? DEFAULT_USER,
    uid: answers.uid ?? DEFAULT_ID,
    home: answers.home ?? defaultHome(options.storageClasses),
    key: answers.key ?? defaultKey(options),
  };
}

/** The flag that answers the first open question. */
export function findMissingFlag(answers: UpAnswers): { question: string; flag: Suggestion } | undefined {
  if (answers.user === undefined) return { question: 'The username', flag: ws`up --user ${DEFAULT_USER}` };
  if (answers.uid === undefined) return { question: 'The UID', flag: ws`up --uid ${DEFAULT_ID}` };
  if (answers.home === undefined)
    return {
      question: "The home's storage class",
      flag: { ...ws`up --storage-class NAME`, note: 'or default, or none' },
    };
  if (answers.key === undefined) return { question: 'The key', flag: ws`up --key ~/.ssh/id_ed25519` };
  return undefined;
}

/** The answers as choices, over what the flags chose. The key must exist by now. */
export function mergeAnswers(
  choices: Choices,
  answers: UpAnswers,
  identity: Identity,
  savedSize: string | undefined,
): Choices {
  // The key file's own comment may hold what its owner keeps to himself.
  const merged: Choices = {
    ...choices,
    authorizedKeys: [formatAuthorizedKey({ ...identity, comment: accountAddress() })],
  };
  if (answers.user !== undefined) merged.user = answers.user;
  if (answers.uid !== undefined) {
    merged.uid = answers.uid;
    // A user's own group, unless it was said otherwise.
    merged.gid = choices.gid ?? answers.uid;
  }
  if (answers.home !== undefined) merged.home = withSize(answers.home, savedSize ?? DEFAULT_HOME_SIZE);
  return merged;
}

function withSize(home: HomeChoice, size: string | undefined): HomeChoice {
  return home.kind === 'claim' ? { ...home, size: home.size ?? size } : home;
}

function keptUser(kept: WorkspaceSnapshot | undefined): string | undefined {
  return kept?.home.kind === 'claim' ? kept.home.claim.user : undefined;
}

/** With another one, the files of the home would be somebody else's. */
function keptUid(kept: WorkspaceSnapshot | undefined): number | undefined {
  return kept?.home.kind === 'claim' ? kept.home.claim.uid : undefined;
}

/** A kept home is taken up as it is: a claim can change neither its class nor shrink. */
function keptHome(kept: WorkspaceSnapshot | undefined): HomeChoice | undefined {
  if (kept?.home.kind !== 'claim') return undefined;
  const { storageClass, requested } = kept.home.claim;
  return { kind: 'claim', storageClass, size: requested };
}

function savedHome({ storageClass, size }: Settings): HomeChoice | undefined {
  if (storageClass === undefined) return undefined;
  if (storageClass === 'none') return { kind: 'emptyDir' };
  return { kind: 'claim', storageClass: storageClass === 'default' ? undefined : storageClass, size };
}

/** A volume where the cluster makes them by default; else the home goes with the pod, and `up` says so. */
function defaultHome(classes: StorageClassSnapshot[] | undefined): HomeChoice {
  const preset = classes?.find((entry) => entry.isDefault);
  return preset === undefined ? { kind: 'emptyDir' } : { kind: 'claim', storageClass: preset.name, size: undefined };
}

function defaultKey({ identities, agent }: UpOptions): KeyAnswer {
  const [first] = identities;
  if (first !== undefined) return { kind: 'identity', identity: first };
  const reason = findReasonForNoNewKey(agent);
  if (reason !== undefined) throw noNewKey(agent, reason);
  return { kind: 'generate', path: newKeyPath() };
}

/** A new key in `~/.ssh` would be offered to every server from then on, while the user's own is a moment away. */
export function noNewKey(agent: AgentState, reason: string): WorkspaceError {
  return failure('AGENT_SILENT', {
    message: 'Which key opens the workspace cannot be chosen, and none is made',
    reason: `No key was found in ~/.ssh; ${reason}`,
    suggestions: [
      ...(agent.kind === 'silent' ? agent.remedy : [advice('Unlock the agent, or ssh-add a key')]),
      ws`up --key FILE`,
      { ...run('ssh-keygen')`-t ed25519`, note: "makes one by ssh's own program, and asks for a passphrase" },
    ],
  });
}

/** Where a key is made: a free name in `~/.ssh`, so that plain ssh finds it too. */
export function newKeyPath(): string {
  const folder = path.join(homeFolder(), '.ssh');
  for (const name of ['id_ed25519', 'id_ed25519_ws']) {
    const file = path.join(folder, name);
    if (!existsSync(file) && !existsSync(`${file}.pub`)) return file;
  }
  throw failure('KEY_NOT_FOUND', { message: 'No key was chosen', suggestions: [ws`up --key ~/.ssh/id_ed25519`] });
}
