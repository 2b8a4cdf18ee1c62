import { say } from '../../report/leaving.ts';
import type { Choices } from '../../workspace/choices/choices.ts';
import type { Settings, SettingsStore } from '../../workspace/choices/settings.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { namespaceMissing } from '../../workspace/errors/missing-namespace.ts';
import { type Command, ws } from '../../workspace/errors/suggestion.ts';
import { describeAgent, findReasonForNoNewKey } from '../../workspace/keys/agents.ts';
import type { Identity } from '../../workspace/keys/keys.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { askAnswers } from './ask-answers.ts';
import { rememberAnswers } from './last-answers.ts';
import {
  findAnswers,
  findMissingFlag,
  findUpOptions,
  type KeyAnswer,
  mergeAnswers,
  noNewKey,
  readKey,
  toDefaults,
  type UpOptions,
  withKept,
  withSettings,
} from './up-answers.ts';
import { toKeyCommand, toUpCommand } from './up-command.ts';
import type { UpFlags } from './up-flags.ts';

/** How somebody is asked, if at all. */
export interface Asking {
  terminal: CliTerminal;
  wantsJson: boolean;
  /** The quoted words of a command, as it has to be called from here. */
  spellWords: (command: Command) => string[];
  /** Where answers are remembered. */
  openSettings(): Promise<SettingsStore>;
}

export interface ChosenWorkspace {
  found: WorkspaceSnapshot | undefined;
  choices: Choices;
  /** A key that was made just now. */
  madeKey?: { path: string; fingerprint: string };
  /** Private key file to log in with; undefined: whichever of the user's keys is authorized. */
  identityPath: string | undefined;
}

/**
 * What `ws up` is to do. A workspace that is there needs no answers; a new one gets them from flags, a kept home,
 * settings, then the form or, with `--yes`, defaults. A new key is made when all is answered; else nothing is changed.
 */
export async function chooseWorkspace(
  workspace: string,
  choices: Choices,
  flags: UpFlags,
  readSettings: () => Promise<Settings>,
  world: World,
  asking: Asking,
  signal: AbortSignal,
): Promise<ChosenWorkspace> {
  const found = await world.cluster.findWorkspace(workspace, signal);
  if (found?.deployment !== undefined) {
    const identity = flags.key === undefined ? undefined : await readKey(flags.key, world, signal);
    // A key that is named for a workspace that is there is the one to log in with; `ws keys add` authorizes it.
    return { found, choices, identityPath: identity?.path };
  }
  const saved = await readSettings();
  const withSaved = withSettings(withKept(choices, found), saved);
  const known = await findAnswers(withSaved, flags.key, found, saved, world, signal);
  let answers = known;
  if (findMissingFlag(known) !== undefined) {
    const options = await findUpOptions(workspace, world, signal);
    if (known.key === undefined && options.agent.kind === 'silent')
      say(asking.terminal.stderr, `Note: ${describeAgent(options.agent)}\n`);
    answers = flags.yes ? toDefaults(known, options) : await askOrRefuse(options);
  }
  const key = answers.key;
  if (key === undefined)
    throw failure('ANSWER_MISSING', {
      message: 'The key has no answer',
      suggestions: [ws`up --key ~/.ssh/id_ed25519`],
    });
  const identity = await takeKey(key, world);
  if (answers !== known && !flags.yes) rememberAnswers(await asking.openSettings(), known, answers, identity);
  return {
    found,
    choices: mergeAnswers(withSaved, answers, identity, saved.size),
    identityPath: identity.path,
    ...(key.kind === 'generate' ? { madeKey: { path: key.path, fingerprint: identity.fingerprint } } : {}),
  };

  async function askOrRefuse(options: UpOptions) {
    const missing = findMissingFlag(known);
    if (!asking.terminal.isInteractive || asking.wantsJson) {
      throw failure('ANSWER_MISSING', {
        message: `${missing?.question} has no answer`,
        reason: 'There is no terminal to ask on',
        suggestions: [
          ...(missing === undefined ? [] : [missing.flag]),
          { ...ws`up --yes`, note: 'takes the defaults' },
        ],
      });
    }
    // Nobody could look for keys: the form would have none to show but a new one.
    const reason = findReasonForNoNewKey(options.agent);
    if (known.key === undefined && options.identities.length === 0 && options.agent.kind === 'silent')
      throw noNewKey(options.agent, reason ?? '');
    // A form that was filled in for nothing.
    if (!options.isNamespaceThere && !flags['create-namespace'])
      throw namespaceMissing(workspace, world.cluster.namespace);
    return askAnswers(
      {
        workspace,
        known,
        options,
        saved,
        toCommands: (all) =>
          [...toKeyCommand(all), toUpCommand(workspace, all, withSaved, flags, saved)].map(asking.spellWords),
        namespace: world.cluster.namespace,
        context: world.cluster.context,
      },
      asking.terminal,
      signal,
    );
  }
}

async function takeKey(key: KeyAnswer, world: World): Promise<Identity> {
  if (key.kind === 'generate') return world.identities.generate(key.path, 'ws');
  return key.identity;
}
