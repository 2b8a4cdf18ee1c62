import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/command/base-command.ts';
import { findGivenName } from '../cli/command/name-workspace.ts';
import { asksForNone, toBinding, toSources, writeBinding } from '../cli/here/bind-folder.ts';
import { findFolderBinding, getCurrentFolder } from '../cli/here/folder-binding.ts';
import { findWorld } from '../cli/here/open-here.ts';
import { seeWorkspace } from '../operations/look/see-workspace.ts';
import { formatBound, formatMeaning, formatUnbound } from '../report/results/meaning.ts';
import { parseAddress } from '../workspace/naming/address.ts';
import { type Meaning, toMeaning } from '../workspace/naming/meaning.ts';

type UseResult = { directory: string } & Partial<Meaning>;

export default class Use extends BaseCommand<typeof Use> {
  static changesWorkspace = false;
  static override summary = "Make a workspace this directory's, so that commands here need no name; alone, show it";
  static override description =
    "It keeps the context and the namespace, too: commands here and below work there. Flags and WS_ variables count before it. Another --context or --kubeconfig leaves all of it out, another --namespace the workspace's name. Without a name it shows what commands here mean, and why.";
  static override examples = [
    '<%= config.bin %> use dev',
    '<%= config.bin %> use web --namespace team',
    '<%= config.bin %> use',
    "<%= config.bin %> use ''",
  ];
  static override args = {
    workspace: Args.string({ ignoreStdin: true, description: "its name; '' undoes it" }),
  };
  // Ignores the variable: this command binds a workspace to the directory.
  static override flags = {
    workspace: Flags.string({ char: 'w', description: 'the same', helpValue: 'NAME' }),
  };

  /** What is typed is what shall be meant from now on: another name takes its place. */
  protected override startsWithWorkspace(): boolean {
    return false;
  }

  async run(): Promise<UseResult> {
    const { args, flags, named } = this;
    const directory = getCurrentFolder();
    if (asksForNone(args.workspace, flags.workspace)) return { directory, ...(await this.#undo(directory)) };
    const given = findGivenName({ position: args.workspace, flag: flags.workspace });
    if (given === undefined) return { directory, ...(await this.#show()) };
    return { directory, ...(await this.#bind(directory, named?.address ?? given)) };
  }

  /** What is meant from now on: a place that flags name is kept, and so is the one that the kubeconfig names now. */
  async #bind(folder: string, address: string): Promise<Meaning> {
    const { given, bound } = this.here;
    const world = await findWorld(given);
    const sight = await seeWorkspace(address, world, this.signal);
    const binding = toBinding(address, sight, given, world);
    await writeBinding(await this.settings, folder, binding);
    this.workspace = binding.workspace;
    const meaning = toMeaning({ flags: {}, variables: {}, bound: { folder, binding } }, world?.cluster, sight);
    this.log(formatBound(meaning, sight, { spell: this.spell, width: this.terminal.stdout.columns, before: bound }));
    return meaning;
  }

  async #show(): Promise<Meaning> {
    const { here, named, signal, spell, terminal } = this;
    const world = await findWorld(here.place);
    const sight = await seeWorkspace(here.workspace && parseAddress(here.workspace, 'WS_WORKSPACE'), world, signal);
    const meaning = toMeaning(toSources(this.typed, named, here), world?.cluster, sight);
    this.workspace = meaning.workspace ?? undefined;
    this.log(formatMeaning(meaning, sight, { color: terminal.colorOnStdout, spell, isHost: named?.isHost }));
    return meaning;
  }

  async #undo(folder: string): Promise<{ workspace: null }> {
    await writeBinding(await this.settings, folder, undefined);
    this.log(formatUnbound(await findFolderBinding(() => this.settings)));
    return { workspace: null };
  }
}
