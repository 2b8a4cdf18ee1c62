import type { Choices } from '../workspace/choices.ts';
import { failure } from '../workspace/errors.ts';
import type { Identity } from '../workspace/keys.ts';
import type { Settings } from '../workspace/settings.ts';
import type { WorkspaceSnapshot } from '../workspace/snapshot.ts';
import type { World } from '../workspace/world.ts';
import { askAnswers } from './ask-answers.ts';
import type { CliTerminal } from './terminal.ts';
import {
  findAnswers,
  findMissingFlag,
  findUpOptions,
  type KeyAnswer,
  mergeAnswers,
  toDefaults,
  withKept,
  withSettings,
} from './up-answers.ts';
import type { UpFlags } from './up-flags.ts';

export interface ChosenWorkspace {
  found: WorkspaceSnapshot | undefined;
  choices: Choices;
  /** Private key file to log in with; undefined: whichever of the user's keys is authorized. */
  identityPath: string | undefined;
}

/**
 * What `ws up` is to do. A workspace that is there needs no answers; a new one gets them from flags, a kept home,
 * settings, then the form or, with `--yes`, defaults. Nothing has been changed when this throws.
 */
export async function chooseWorkspace(
  workspace: string,
  choices: Choices,
  flags: UpFlags,
  readSettings: () => Promise<Settings>,
  world: World,
  terminal: CliTerminal,
  wantsJson: boolean,
  signal: AbortSignal,
): Promise<ChosenWorkspace> {
  const found = await findWorkspace(workspace, world, signal);
  if (found?.deployment !== undefined) {
    const identity = flags.key === undefined ? undefined : await world.identities.read(flags.key);
    // A key that is named for a workspace that is there is the one to log in with; `ws keys add` authorizes it.
    return { found, choices, identityPath: identity?.path };
  }
  const saved = await readSettings();
  const withSaved = withSettings(withKept(choices, found), saved);
  const known = await findAnswers(withSaved, flags.key, found, saved, world);
  const options = await findUpOptions(world, signal);
  let answers = known;
  if (flags.yes) answers = toDefaults(known, options);
  else if (findMissingFlag(known) !== undefined) answers = await askOrRefuse();
  const key = answers.key;
  if (key === undefined)
    throw failure('ANSWER_MISSING', {
      message: 'The key has no answer',
      suggestions: ['ws up --key ~/.ssh/id_ed25519'],
    });
  const identity = await takeKey(key, world);
  return { found, choices: mergeAnswers(withSaved, answers, identity, saved.size), identityPath: identity.path };

  async function askOrRefuse() {
    const missing = findMissingFlag(known);
    if (!terminal.isInteractive || wantsJson) {
      throw failure('ANSWER_MISSING', {
        message: `${missing?.question} has no answer`,
        reason: 'There is no terminal to ask on',
        suggestions: [missing?.flag ?? '', 'ws up --yes   (takes the defaults)'],
      });
    }
    return askAnswers(
      {
        workspace,
        known,
        options,
        choices: withSaved,
        saved,
        namespace: world.cluster.namespace,
        context: world.cluster.context,
      },
      terminal,
      signal,
    );
  }
}

/** A namespace that is not there yet holds no workspace. */
async function findWorkspace(
  workspace: string,
  world: World,
  signal: AbortSignal,
): Promise<WorkspaceSnapshot | undefined> {
  return world.cluster.findWorkspace(workspace, signal);
}

async function takeKey(key: KeyAnswer, world: World): Promise<Identity> {
  if (key.kind === 'generate') return world.identities.generate(key.path, 'ws');
  return key.identity;
}
