import { Errors, type Interfaces, Command as OclifCommand } from '@oclif/core';
import { toSaid, writeDocument } from '../../report/leaving.ts';
import { toResultDocument } from '../../report/results/result-document.ts';
import type { Settings, SettingsStore } from '../../workspace/choices/settings.ts';
import type { Spell } from '../../workspace/errors/spell.ts';
import { amending, type Command, type Suggestion, type Word } from '../../workspace/errors/suggestion.ts';
import type { Place } from '../../workspace/place.ts';
import type { Operation } from '../../workspace/state/events.ts';
import type { World } from '../../workspace/world.ts';
import { Passphrases } from '../asking/passphrase.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { type CliTerminal, readTerminal } from '../terminal/terminal.ts';
import { openPassphraseStore } from '../wiring/user-machine.ts';
import { openWorld } from '../wiring/world.ts';
import { amend } from '../words/amend.ts';
import { readCatalogue, toGrammar } from '../words/catalogue.ts';
import type { Grammar } from '../words/judged.ts';
import { asTyped, TypedLine } from '../words/typed-line.ts';
import { verifyWords } from '../words/verify-words.ts';
import { toExitCode } from './exit-codes.ts';
import { type GlobalFlags, globalFlags, toPlace, withJson } from './global-flags.ts';
import { hasNoSettings } from './name-workspace.ts';
import { openSettings } from './open-settings.ts';
import { Progress, type ProgressKind } from './progress.ts';
import { reportFailure } from './report-error.ts';
import { toSpell } from './spelling.ts';

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
export abstract class BaseCommand<Class extends typeof OclifCommand> extends OclifCommand {
  static override enableJsonFlag = true;
  static override baseFlags = withJson(globalFlags);

  readonly terminal: CliTerminal = readTerminal();
  readonly #typed = new TypedLine(this.ctor.id ?? '', this.argv);
  #parsed: Parsed<Class> | undefined;
  /** The workspace that this command is about, once we know it. Later suggestions name it. */
  workspace: string | undefined;
  #world: Promise<World> | undefined;
  #settings: Promise<SettingsStore> | undefined;
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
  }

  protected async parseWords(): Promise<Parsed<Class>> {
    return this.parseBy(this.ctor.args);
  }

  /** Each option by its name: oclif copies what the class itself has, and leaves out what it inherits. */
  protected async parseBy(args: Interfaces.ArgInput): Promise<Parsed<Class>> {
    const { flags, baseFlags, strict, enableJsonFlag } = this.ctor;
    const words = this.wordsToParse();
    verifyWords(words, {
      line: this.#typed,
      grammar: { ...this.#grammar, args: toGrammar({ args, flags: {} }).args },
      environment: process.env,
      listOwners: (name) => readCatalogue(this.config).listOwners(name),
    });
    return (await this.parse({ args, flags, baseFlags, strict, enableJsonFlag }, words)) as never;
  }

  /** All that was typed after the command's name, as far as it is this command's own: its first words, each in place. */
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

  /**
   * Where this command works. Nothing but the words and the environment decides it, so it is the same from beginning to
   * end.
   */
  get place(): Place {
    return toPlace(this.#globals);
  }

  protected progressKind(): ProgressKind {
    return this.#globals.progress ?? 'auto';
  }

  /** The flags that every command has. They are empty when the words could not be parsed. */
  get #globals(): Partial<GlobalFlags> {
    return this.#parsed?.flags ?? {};
  }

  /** Fires on Ctrl-C, SIGTERM and SIGHUP. */
  get signal(): AbortSignal {
    return interruptSignal();
  }

  protected get world(): Promise<World> {
    this.#world ??= openWorld(this.place);
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

  /** The saved settings. Does not load what checks them where there are none. */
  async readSettings(): Promise<Settings> {
    return hasNoSettings() ? {} : (await this.settings).read();
  }

  /** Spells a suggestion as it has to be typed from here. */
  protected readonly spell: Spell = (suggestion) =>
    toSpell(this.place, this.workspace, (words) => this.#amend(words))(suggestion);

  /** The line that was typed with a flag more, or with another value of one. */
  #amend(words: readonly Word[]): readonly Word[] | undefined {
    if (words.length === 0) return undefined;
    const [line, own] = [this.#typed, this.wordsToParse().length];
    return amend({ line, own, flags: this.#grammar.flags, workspace: this.workspace }, words);
  }

  get #grammar(): Grammar {
    const { args, flags, baseFlags, strict } = this.ctor;
    return toGrammar({ args, flags: { ...baseFlags, ...flags }, strict });
  }

  /** A command that the user may copy. */
  protected toCopy(suggestion: Suggestion): string {
    return this.spell(suggestion).line;
  }

  /** Runs an operation to its end, showing its events. */
  protected async perform<Result>(start: (world: World, signal: AbortSignal) => Operation<Result>): Promise<Result> {
    return this.#progress.perform(start(await this.world, this.signal));
  }

  get #progress(): Progress {
    this.#shownProgress ??= new Progress(this.terminal, this.progressKind(), this.spell);
    return this.#shownProgress;
  }

  /** The line that was typed, with this flag. */
  typedWith(flag: string): Command {
    return amending(asTyped([...this.#typed.id.split(':'), flag]));
  }

  /** The one catch: any error becomes one screen on stderr, or one document on stdout, and an exit code. */
  protected override async catch(error: Error): Promise<void> {
    if (error instanceof Errors.ExitError) throw error;
    const { debug = false } = this.#globals;
    const show = this.jsonEnabled() ? (document: object) => this.logJson(document) : undefined;
    await reportFailure(error, {
      spell: this.spell,
      debug,
      toExitCode: (known) => this.exitCodeFor(known),
      ...(show === undefined ? {} : { show }),
    });
  }

  protected override toSuccessJson(result: unknown): unknown {
    return toResultDocument(result, this.spell);
  }

  protected exitCodeFor(error: Error): number {
    return toExitCode(error);
  }
}
