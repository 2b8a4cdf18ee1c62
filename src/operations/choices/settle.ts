import type { Answers, Offer } from '../../workspace/choices/choice.ts';
import { type Choices, type QuestionName, rowOf, suggestFlag } from '../../workspace/choices/chosen.ts';
import { addAnswers, completeChoices, layChoices } from '../../workspace/choices/layers.ts';
import { nameKey, verifyNewKey } from '../../workspace/choices/options.ts';
import { findMissing, readAnswers, toFields, toPresets } from '../../workspace/choices/questions.ts';
import type { Settings } from '../../workspace/choices/settings.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { namespaceMissing } from '../../workspace/errors/missing-namespace.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { describeAgent } from '../../workspace/keys/agents.ts';
import { formatAuthorizedKey } from '../../workspace/keys/public-key.ts';
import type { Operation } from '../../workspace/state/events.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import type { Asker } from './asker.ts';
import { readKey } from './read-key.ts';

export interface SettleRequest {
  workspace: string;
  /** What flags and environment choose. */
  choices: Choices;
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
  /** A key that was made just now. */
  madeKey?: { path: string; fingerprint: string };
}

/**
 * Looks what is there, and settles what is to be done. A workspace that is there needs no answers; a new one gets them
 * from flags, a kept home, settings, then a person or the defaults. A new key is made when all is answered; else
 * nothing is changed.
 */
export async function* settle(request: SettleRequest, world: World, signal: AbortSignal): Operation<Settled> {
  const { choices: typed, asker } = request;
  const found = await world.cluster.findWorkspace(request.workspace, signal);
  if (found?.deployment !== undefined) {
    const identity = typed.identity === undefined ? undefined : await readKey(typed.identity, world, signal);
    // `ws keys add` authorizes another key; this one is to log in with.
    return { found, choices: typed, identityPath: identity?.path };
  }
  const kept = found?.home.kind === 'claim' ? found.home.claim : undefined;
  const saved = await asker.readSettings();
  const layers = layChoices(typed, kept, saved);
  const named = layers.identity === undefined ? undefined : await readKey(layers.identity, world, signal);
  const known = named === undefined ? layers : { ...layers, identity: nameKey(named) };
  const { answers, offer } = yield* answer({ ...request, saved }, known, world, signal);
  const choices = addAnswers(known, readAnswers(answers));
  const { identity, isNew } =
    named === undefined ? await takeKey(choices, offer, world) : { identity: named, isNew: false };
  if (asker.who === 'person' && offer !== undefined) await asker.remember(readAnswers(answers));
  return {
    found,
    choices: completeChoices(choices, kept),
    authorizedKeys: [formatAuthorizedKey({ ...identity, comment: request.keyComment })],
    identityPath: identity.path,
    ...(isNew && identity.path !== undefined
      ? { madeKey: { path: identity.path, fingerprint: identity.fingerprint } }
      : {}),
  };
}

/** What is still open is asked or gets its default; there is an offer to choose from only where something was. */
async function* answer(
  { workspace, createNamespace, asker, saved }: SettleRequest & { saved: Settings },
  known: Choices,
  world: World,
  signal: AbortSignal,
): Operation<{ answers: Answers; offer: Offer | undefined }> {
  const missing = findMissing(known);
  if (missing === undefined) return { answers: {}, offer: undefined };
  if (asker.who === 'nobody') throw answerMissing(missing);
  const { cluster, identities } = world;
  const [storageClasses, keys, namespace] = await Promise.all([
    cluster.findStorageClasses(signal),
    identities.look(signal, workspace),
    cluster.findNamespace(signal),
  ]);
  const offer: Offer = { storageClasses, ...keys, newKeyPath: identities.findFreePath() };
  const note = known.identity === undefined && keys.agent.kind === 'silent' ? describeAgent(keys.agent) : undefined;
  if (asker.who === 'defaults') {
    if (note !== undefined) yield { type: 'noticed', level: 'warning', notice: { kind: 'text', text: note } };
    return { answers: toPresets(known, offer), offer };
  }
  // We could not look for keys, so the form would offer nothing but a new one.
  if (note !== undefined && keys.identities.length === 0) verifyNewKey(offer);
  // Otherwise somebody would fill in a form for nothing.
  if (namespace === undefined && !createNamespace) throw namespaceMissing(workspace, cluster.namespace);
  const answers = await asker.ask({
    workspace,
    context: cluster.context,
    namespace: cluster.namespace,
    note,
    fields: toFields(known, offer, saved.lastAnswers ?? {}),
    toChoices: (soFar) => addAnswers(known, readAnswers(soFar)),
    newKeyPath: offer.newKeyPath,
  });
  return { answers, offer };
}

/** The key chosen from the offer. A key that is not in the offer is the new one. */
async function takeKey({ identity: name }: Choices, offer: Offer | undefined, world: World) {
  const known = offer?.identities.find((identity) => nameKey(identity) === name);
  if (known !== undefined) return { identity: known, isNew: false };
  if (name === undefined || name !== offer?.newKeyPath) throw answerMissing('identity');
  return { identity: await world.identities.generate(name, 'ws'), isNew: true };
}

function answerMissing(name: QuestionName) {
  const { question, examples } = rowOf(name);
  return failure('ANSWER_MISSING', {
    message: `${question?.what} has no answer`,
    reason: 'There is no terminal to ask on',
    suggestions: [
      ...examples.map((example) => suggestFlag(name, example)),
      { ...ws`up --yes`, note: 'takes the defaults' },
    ],
  });
}
