import type { Answers, Offer } from '../../workspace/choices/choice.ts';
import { type Choices, describeReading } from '../../workspace/choices/chosen.ts';
import { toHomeChoice } from '../../workspace/choices/home-choice.ts';
import { addAnswers, completeChoices, layChoices, listReadSettings } from '../../workspace/choices/layers.ts';
import { ITS_OWN_CLASS, nameKey, verifyNewKey } from '../../workspace/choices/options.ts';
import { listMissing, readAnswers, toFields, toPresets } from '../../workspace/choices/questions.ts';
import type { LastAnswers, Settings } from '../../workspace/choices/settings.ts';
import { tellIfInterrupted } from '../../workspace/errors/tell-if-interrupted.ts';
import { describeAgent } from '../../workspace/keys/agents.ts';
import { describeWeakness, type Identity } from '../../workspace/keys/keys.ts';
import { suggestNewKey } from '../../workspace/keys/new-key.ts';
import { formatAuthorizedKey } from '../../workspace/keys/public-key.ts';
import type { Operation, ProgressEvent } from '../../workspace/state/events.ts';
import type { ClaimSnapshot, WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { getNamespaceMissing } from '../checks/find-namespace-fault.ts';
import { answerMissing } from './answer-missing.ts';
import type { Asker, UpForm } from './asker.ts';
import { readKey } from './read-key.ts';

export interface SettleRequest {
  workspace: string;
  /** What flags and environment choose. */
  choices: Choices;
  /** What of that was taken for something else than it says, as a sentence. */
  reading?: string | undefined;
  createNamespace: boolean;
  asker: Asker;
  /** Who and where, for the line of authorized_keys: the key's own comment may hold what its owner keeps to himself. */
  keyComment: string;
}

/** What is there already, and everything that was chosen. */
export interface Settled {
  found: WorkspaceSnapshot | undefined;
  choices: Choices;
  /** Only for a new workspace. */
  authorizedKeys?: string[];
  /** Private key file to log in with; undefined: whichever of the user's keys is authorized. */
  identityPath: string | undefined;
  /** What a person has answered in the form: where the next one begins, if this workspace comes up. */
  answered?: LastAnswers;
  /** Where a key is still to be made: when nothing can be refused any more. */
  newKey?: { path: string; comment: string };
}

/**
 * Looks what is there, and settles what is to be done. A workspace that is there needs no answers; a new one gets them
 * from flags, a kept home, settings, then a person or the defaults. Nothing is changed, and no key is made.
 */
export async function* settle(request: SettleRequest, world: World, signal: AbortSignal): Operation<Settled> {
  const { choices: typed, asker, reading } = request;
  if (reading !== undefined) yield tell(reading);
  const found = await world.cluster.findWorkspace(request.workspace, signal);
  if (found?.deployment !== undefined) {
    const identity = typed.identity === undefined ? undefined : await readKey(typed.identity, world, signal);
    // `ws keys add` authorizes another key; this one is to log in with.
    return { found, choices: typed, identityPath: identity?.path };
  }
  const kept = found?.home.kind === 'claim' ? found.home.claim : undefined;
  const saved = await asker.readSettings();
  const layers = layChoices(typed, kept, saved);
  const savedReading = describeReading(listReadSettings(saved, layers));
  if (savedReading !== undefined) yield tell(savedReading);
  const named = layers.identity === undefined ? undefined : await readKey(layers.identity, world, signal);
  const known = named === undefined ? layers : { ...layers, identity: nameKey(named) };
  const keptHome = toKeptHome(kept, known);
  const { answers, offer } = yield* answer({ ...request, saved, keptHome }, known, world, signal);
  const choices = addAnswers(known, readAnswers(answers));
  const identity = named ?? findKey(choices, offer, asker);
  const text = 'fingerprint' in identity ? describeWeakness(identity, nameKey(identity)) : undefined;
  if (text !== undefined) {
    const suggestion = { ...suggestNewKey(), note: 'makes a strong one' };
    yield { type: 'noticed', level: 'warning', notice: { kind: 'text', text, suggestion } };
  }
  return {
    found,
    ...(asker.who === 'person' && offer !== undefined ? { answered: readAnswers(answers) } : {}),
    choices: completeChoices(choices, kept),
    identityPath: identity.path,
    ...('fingerprint' in identity
      ? { authorizedKeys: [formatAuthorizedKey({ ...identity, comment: request.keyComment })] }
      : { newKey: { path: identity.path, comment: request.keyComment } }),
  };
}

function tell(text: string): ProgressEvent {
  return { type: 'noticed', level: 'warning', notice: { kind: 'text', text } };
}

type KeptHome = UpForm['keptHome'];

/** Undefined where there is none, or where somebody has chosen another home. */
function toKeptHome(kept: ClaimSnapshot | undefined, known: Choices): KeptHome {
  if (kept === undefined || toHomeChoice(known)?.kind !== 'claim') return undefined;
  return { claim: kept.name, size: kept.capacity ?? kept.requested };
}

/** What is still open is asked or gets its default; there is an offer to choose from only where something was. */
async function* answer(
  { workspace, createNamespace, asker, saved, keptHome }: SettleRequest & { saved: Settings; keptHome: KeptHome },
  known: Choices,
  world: World,
  signal: AbortSignal,
): Operation<{ answers: Answers; offer: Offer | undefined }> {
  const missing = listMissing(known);
  if (missing.length === 0) return { answers: {}, offer: undefined };
  const { cluster, identities } = world;
  if (asker.who === 'nobody') {
    const own = missing.includes('identity') ? await lookForKeys(workspace, world, signal) : NO_KEYS;
    throw answerMissing(missing, asker.silence, own);
  }
  const [storageClasses, keys, namespace] = await Promise.all([
    cluster.findStorageClasses(signal),
    identities.look(signal, workspace),
    cluster.findNamespace(signal),
  ]);
  const offer: Offer = { storageClasses, ...keys, newKeyPath: identities.findFreePath(), keyFolder: identities.folder };
  const note = known.identity === undefined && keys.agent.kind === 'silent' ? describeAgent(keys.agent) : undefined;
  if (asker.who === 'defaults') {
    if (note !== undefined) yield tell(note);
    const answers = toPresets(known, offer);
    if (storageClasses === undefined && answers['storageClass'] === ITS_OWN_CLASS)
      yield { type: 'noticed', level: 'info', notice: { kind: 'classes-unknown' } };
    return { answers, offer };
  }
  // We could not look for keys, so the form would offer nothing but a new one.
  if (note !== undefined && keys.identities.length === 0) verifyNewKey(offer);
  // Otherwise somebody would fill in a form for nothing.
  if (namespace === undefined && !createNamespace) throw await getNamespaceMissing(workspace, world, signal);
  const answers = await tellIfInterrupted('Nothing was made', () =>
    asker.ask({
      workspace,
      context: cluster.context,
      namespace: cluster.namespace,
      note,
      keptHome,
      fields: toFields(known, offer, saved.lastAnswers ?? {}),
      toChoices: (soFar) => addAnswers(known, readAnswers(soFar)),
      newKeyPath: offer.newKeyPath,
    }),
  );
  return { answers, offer };
}

/** For a line to copy: keys that cannot be looked for hold nobody up. */
async function lookForKeys(workspace: string, { identities }: World, signal: AbortSignal) {
  const look = await identities.look(signal, workspace).catch(() => NO_KEYS);
  return { identities: look.identities, newKeyPath: identities.findFreePath() };
}

const NO_KEYS = { identities: [], newKeyPath: undefined };

/** The key chosen from the offer. One that is not in the offer is the new one, of which only the path is known. */
function findKey({ identity: name }: Choices, offer: Offer | undefined, asker: Asker): Identity | { path: string } {
  const known = offer?.identities.find((identity) => nameKey(identity) === name);
  if (known !== undefined) return known;
  if (name === undefined || name !== offer?.newKeyPath)
    throw answerMissing(['identity'], asker.silence, offer ?? NO_KEYS);
  return { path: name };
}
