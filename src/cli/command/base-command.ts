import { Errors, type Interfaces, Command as OclifCommand } from '@oclif/core';
import { toSaid, writeDocument } from '../../report/leaving.ts';
import { fit, setReader } from '../../report/notes.ts';
import { toResultDocument } from '../../report/results/result-document.ts';
import type { Settings, SettingsStore } from '../../workspace/choices/settings.ts';
import type { Spell } from '../../workspace/errors/spell.ts';
import type { Command, Suggestion } from '../../workspace/errors/suggestion.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';
import type { Binding } from '../../workspace/naming/binding.ts';
import type { Place } from '../../workspace/place.ts';
import type { Operation } from '../../workspace/state/events.ts';
import type { World } from '../../workspace/world.ts';
import { Passphrases } from '../asking/passphrase.ts';
import { type Bearings, takeBearings } from '../here/bearings.ts';
import { type FolderBinding, findFolderOf } from '../here/folder-binding.ts';
import { hasNoSettings } from '../here/peek-settings.ts';
import { listSettingSources } from '../here/setting-sources.ts';
import type { Said } from '../here/sources.ts';
import { listTypedValues, readCommandLine } from '../here/typed-words.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { type CliTerminal, readTerminal } from '../terminal/terminal.ts';
import { openPassphraseStore } from '../wiring/user-machine.ts';
import { openWorld } from '../wiring/world.ts';
import { readCatalogue, toGrammar } from '../words/catalogue.ts';
import { asksForJson } from '../words/split-command.ts';
import { TypedLine } from '../words/typed-line.ts';
import { verifyWords } from '../words/verify-words.ts';
import { toExitCode } from './exit-codes.ts';
import { giveWay, settleFlags } from './give-way.ts';
import { type GlobalFlags, globalFlags, toPlace, toWorldOptions, withJson } from './global-flags.ts';
import { openSettings } from './open-settings.ts';
import { Progress, type ProgressKind, toReader } from './progress.ts';
import { reportFailure } from './report-error.ts';
import { type Here, spellFrom } from './spelling.ts';
import { findGiven, listArguments, takePlace } from './take-place.ts';

export interface Parsed<Class extends typeof OclifCommand> {
  args: Interfaces.InferredArgs<Class['args']>;
  flags: Interfaces.InferredFlags<Class['baseFlags'] & Class['flags']>;
  /** The arguments in order. */
  argv: string[];
  /** The typed words, without what environment and defaults add. */
  raw: Interfaces.ParserOutput['raw'];
}

/**
 * What every command shares: its words are parsed and the place is known before it runs, progress is shown in one way,
 * and errors become exit codes here.
 */
export abstract class BaseCommand<Class extends typeof OclifCommand> extends OclifCommand implements Here {
  static override enableJsonFlag = true;
  static override baseFlags = withJson(globalFlags);

  readonly terminal: CliTerminal = readTerminal();
  protected readonly line = new TypedLine(this.ctor.id ?? '', this.argv);
  #parsed: Parsed<Class> | undefined;
  /** The workspace that this command is about, once we know it. Later suggestions name it. */
  workspace: string | undefined;
  /** What was named, where a command is not about one workspace alone. */
  protected named: ReturnType<typeof takePlace> | undefined;
  #folder: FolderBinding | undefined;
  #world: Promise<World> | undefined;
  #settings: Promise<SettingsStore> | undefined;
  #saved: ReturnType<typeof listSettingSources> = [];
  #passphrases: Passphrases | undefined;
  #shownProgress: Progress | undefined;

  /** Prints a text for a person: a terminal shows it and obeys nothing in it. */
  override log(message = ''): void {
    super.log('%s', toSaid(message));
  }

  /** Does not use oclif's `log`, which is silent under --json. */
  override logJson(document: unknown): void {
    writeDocument(this.terminal.stdout, document, 2);
  }

  override async init(): Promise<void> {
    await super.init();
    this.#parsed = await this.parseWords();
    setReader(toReader(this.progressKind()));
    this.#folder = await findFolderOf(this.id, () => this.settings);
  }

  /** Says a sentence: a terminal gets it broken at words. */
  protected tell(sentence: string): void {
    this.log(fit(sentence, this.terminal.stdout.columns).join('\n'));
  }

  protected async parseWords(): Promise<Parsed<Class>> {
    const parsed = await this.parseBy(this.ctor.args);
    this.named = takePlace(findGiven(parsed), parsed);
    return { ...parsed, flags: this.named.flags as never };
  }

  /** Each option by its name: oclif copies what the class itself has, and leaves out what it inherits. */
  protected async parseBy(args: Interfaces.ArgInput): Promise<Parsed<Class>> {
    const { flags, baseFlags, strict, enableJsonFlag } = this.ctor;
    const words = this.wordsToParse();
    const grammar = toGrammar({ args, flags: { ...baseFlags, ...flags }, strict });
    const environment = giveWay(words, { grammar, environment: process.env });
    verifyWords(words, {
      ...{ line: this.line, grammar, environment },
      listOwners: (name) => readCatalogue(this.config).listOwners(name),
    });
    const settled = { flags: settleFlags(flags, environment), baseFlags: settleFlags(baseFlags, environment) };
    const parsed = await this.parse({ args, ...settled, strict, enableJsonFlag }, words);
    return { ...parsed, argv: listArguments(parsed.raw) } as never;
  }

  /**
   * All that was typed after the command's name, as far as it is this command's own: its first words, each in place.
   */
  protected wordsToParse(): string[] {
    return this.argv;
  }

  protected get args(): Parsed<Class>['args'] {
    return this.#getParsed().args;
  }

  protected get flags(): Parsed<Class>['flags'] {
    return this.#getParsed().flags;
  }

  /** All arguments in order, for a command that takes any number. */
  protected get positions(): string[] {
    return this.#getParsed().argv;
  }

  #getParsed(): Parsed<Class> {
    if (this.#parsed === undefined) throw new Error('the words are parsed by init');
    return this.#parsed;
  }

  /** The line that was typed, for suggestions that mend it. */
  get typed(): TypedCommand {
    const { args, flags, baseFlags } = this.ctor;
    const isWorkspace = (words: string[]) => 'workspace' in args && this.startsWithWorkspace(words);
    return readCommandLine(this.id, this.line.words, { ...baseFlags, ...flags }, isWorkspace);
  }

  /** Whether the first word without a flag is the workspace's name. */
  protected startsWithWorkspace(positions: string[]): boolean {
    return positions.length >= Object.keys(this.ctor.args).length;
  }

  /** Where this command works: words, environment and directory decide it, the same from beginning to end. */
  get place(): Place {
    return this.here.place;
  }

  protected get here(): Bearings {
    return takeBearings(toPlace(this.#globals), this.#folder, this.named?.address);
  }

  /** The directory's binding, if it has a part in the place. */
  get binding(): Binding | undefined {
    return this.here.binding;
  }

  protected progressKind(): ProgressKind {
    return this.#globals.progress ?? 'auto';
  }

  /** The flags that every command has. If the words could not be parsed, only those of the place. */
  get #globals(): Partial<GlobalFlags> {
    return this.#parsed?.flags ?? toPlace(listTypedValues(this.typed));
  }

  /** Fires on Ctrl-C, SIGTERM and SIGHUP. */
  get signal(): AbortSignal {
    return interruptSignal();
  }

  protected get world(): Promise<World> {
    this.#world ??= openWorld(this.place, toWorldOptions(this.#parsed?.flags));
    return this.#world;
  }

  protected get passphrases(): Passphrases {
    const terminal = { ...this.terminal, isInteractive: this.isAskable };
    this.#passphrases ??= new Passphrases(terminal, this.signal, openPassphraseStore, this.whileAsking);
    return this.#passphrases;
  }

  /** Whether we can ask somebody. With --json we never do. */
  get isAskable(): boolean {
    return this.terminal.isInteractive && !this.jsonEnabled();
  }

  get whileAsking(): Progress['whileAsking'] {
    return this.#progress.whileAsking;
  }

  get settings(): Promise<SettingsStore> {
    this.#settings ??= openSettings(this.terminal, this.progressKind());
    return this.#settings;
  }

  /** The saved settings. Without a file it does not load what checks them. */
  async readSettings(): Promise<Settings> {
    const settings = hasNoSettings() ? {} : (await this.settings).read();
    this.#saved = listSettingSources(settings, this.flags);
    return settings;
  }

  /** Spells a suggestion as it has to be typed from here. */
  protected readonly spell: Spell = spellFrom(this);

  /** A command that the user may copy. */
  protected toCopy(suggestion: Suggestion): string {
    return this.spell(suggestion).line;
  }

  /** Runs an operation to its end, showing its events. */
  protected async perform<Result>(start: (world: World, signal: AbortSignal) => Operation<Result>): Promise<Result> {
    return this.#progress.perform(start(await this.world, this.signal));
  }

  get #progress(): Progress {
    this.#shownProgress ??= new Progress(this.terminal, this.progressKind(), this.spell, (workspace) => {
      this.workspace = workspace;
    });
    return this.#shownProgress;
  }

  /** The line that was typed, with this flag. */
  typedWith(flag: string): Command {
    return { program: 'ws', words: [...(this.id ?? '').split(':'), flag] };
  }

  /** The one catch: any error becomes one screen on stderr, or one document on stdout, and an exit code. */
  protected override async catch(error: Error): Promise<void> {
    if (error instanceof Errors.ExitError) throw error;
    const isJson = this.jsonEnabled() || (!this.ctor.enableJsonFlag && asksForJson(this.wordsToParse()));
    await reportFailure(error, {
      ...{ spell: this.spell, typed: this.typed },
      debug: this.#globals.debug ?? false,
      toExitCode: (known) => this.exitCodeFor(known),
      sources: await this.listSources(),
      ...(isJson ? { show: (document) => this.logJson(document) } : {}),
    });
  }

  /** What variables, the directory and settings say, where no word does: only a failure needs it. */
  protected async listSources(): Promise<Said[]> {
    const { listSources } = await import('../here/sources.ts');
    return [...listSources(this.typed, this.here, this.ctor.flags, this.#parsed), ...this.#saved];
  }

  protected override toSuccessJson(result: unknown): unknown {
    return toResultDocument(result, this.spell);
  }

  protected exitCodeFor(error: Error): number {
    return toExitCode(error);
  }
}
