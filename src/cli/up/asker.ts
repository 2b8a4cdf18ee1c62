import path from 'node:path';
import type { Asker, UpForm } from '../../operations/choices/asker.ts';
import type { FormFact } from '../../report/asking/prompts.tsx';
import { sayNote } from '../../report/notes.ts';
import type { Answers } from '../../workspace/choices/choice.ts';
import type { Field } from '../../workspace/choices/form.ts';
import type { LastAnswers, Settings, SettingsStore } from '../../workspace/choices/settings.ts';
import { spellWords } from '../../workspace/errors/spell.ts';
import type { Command } from '../../workspace/errors/suggestion.ts';
import { makingKey } from '../../workspace/keys/new-key.ts';
import type { Binding } from '../../workspace/naming/binding.ts';
import type { Place } from '../../workspace/place.ts';
import { type AskingCommand, describeSilence, requireConsent } from '../asking/consent.ts';
import { toRestartConsent } from '../asking/restart-consent.ts';
import { toSituation } from '../command/spelling.ts';
import { homeFolder } from '../terminal/machine.ts';
import { toUpCommand, type UpFlags } from './up-flags.ts';

/** The parts of the command that the asker uses. */
export interface UpCommand extends AskingCommand {
  settings: Promise<SettingsStore>;
  readSettings(): Promise<Settings>;
  /** Where what is repeated will be typed. */
  place: Place;
  workspace: string | undefined;
  binding: Binding | undefined;
  /** Hears the line that asks nothing and does the same as the answers. */
  answered(line: Command): void;
}

/** The person at this terminal, if one may be asked. */
export function createAsker(flags: UpFlags, command: UpCommand): Asker {
  return {
    who: flags.yes ? 'defaults' : command.isAskable ? 'person' : 'nobody',
    silence: describeSilence(command.terminal),
    readSettings: () => command.readSettings(),
    ask: (form) => command.whileAsking(() => showForm(form, flags, command)),
    agreeToRestart: (workspace, inUse, why) =>
      requireConsent(toRestartConsent(workspace, inUse, Date.now(), why), flags.yes, command),
    async remember(answers: LastAnswers) {
      const settings = await command.settings;
      try {
        await settings.update((all) => ({ ...all, lastAnswers: { ...all.lastAnswers, ...answers } }));
      } catch {
        // A failure to remember answers must not stop this workspace.
      }
    },
  };
}

async function showForm(form: UpForm, flags: UpFlags, command: UpCommand): Promise<Answers> {
  const { terminal, signal } = command;
  // The line is whole: nothing of what was typed is put into it.
  const { place, workspace, binding } = command;
  const situation = { place, workspace, binding };
  const { askForm } = await import('../../report/asking/prompts.tsx');
  const { withKeyFolders } = await import('../terminal/key-folders.ts');
  if (form.note !== undefined) sayNote(terminal.stderr, { text: form.note });
  const answers = await askForm(
    {
      title: `New workspace ${form.workspace}`,
      subtitle: `in namespace ${form.namespace}, context ${form.context}`,
      facts: describeKeptHome(form.keptHome),
      fields: form.fields.map(shortenPaths),
      toCommands: (answers) =>
        withKeyFolders(toCommands(form, answers, flags)).map((line) => spellWords(line, toSituation(situation))),
      color: terminal.colorOnStderr,
    },
    { stdin: terminal.stdin, stream: terminal.stderr, signal },
  );
  const { identity, ...choices } = form.toChoices(answers);
  // A key that is still to be made may never be.
  const key = identity === undefined || identity === form.newKeyPath ? {} : { identity };
  command.answered(toUpCommand(form.workspace, { ...choices, ...key }, flags));
  return answers;
}

/** Nobody is asked about it, and whoever wants another home has to know. */
function describeKeptHome(home: UpForm['keptHome']): FormFact[] {
  if (home === undefined) return [];
  const { claim, size } = home;
  return [{ label: 'Home', text: `takes up ${claim}, ${size === undefined ? '' : `${size}, `}kept` }];
}

/** The same without questions; a key that is still to be made is made by a command of its own, before the other. */
function toCommands(form: UpForm, answers: Answers, flags: UpFlags): Command[] {
  const choices = form.toChoices(answers);
  const { identity } = choices;
  const makesKey = identity !== undefined && identity === form.newKeyPath;
  return [...(makesKey ? [makingKey(identity)] : []), toUpCommand(form.workspace, choices, flags)];
}

/** Shortens paths in the user's home. */
function shortenPaths(field: Field): Field {
  if (field.kind === 'text') return field;
  const home = homeFolder() + path.sep;
  const shorten = (text: string) => text.replaceAll(home, `~${path.sep}`);
  const options = field.options.map(({ value, label, detail }) => ({
    value,
    label: shorten(label),
    detail: shorten(detail),
  }));
  return { ...field, options };
}
