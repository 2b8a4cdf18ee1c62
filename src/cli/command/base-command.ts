import { Command, Errors, Flags } from '@oclif/core';
import { toSaid, writeDocument } from '../../report/leaving.ts';
import type { Reporter } from '../../report/progress/reporter.ts';
import { toResultDocument } from '../../report/results/result-document.ts';
import type { Settings, SettingsStore } from '../../workspace/choices/settings.ts';
import { failure, WorkspaceError } from '../../workspace/errors/errors.ts';
import { command } from '../../workspace/errors/shell-words.ts';
import type { Operation, ProgressEvent } from '../../workspace/state/events.ts';
import type { World } from '../../workspace/world.ts';
import { Passphrases } from '../asking/passphrase.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { type CliTerminal, readTerminal } from '../terminal/terminal.ts';
import { openPassphraseStore, openSettingsStore, openWorld } from '../wiring.ts';
import { findDirectoryWorkspace, hasNoSettings } from './directory-workspace.ts';
import { toExitCode } from './exit-codes.ts';
import { type PlaceFlags, withPlace } from './place-words.ts';
import { reportFailure } from './report-error.ts';

/** How progress is shown on stderr. */
const PROGRESS_KINDS = ['auto', 'live', 'plain', 'json', 'quiet'] as const;
type ProgressKind = (typeof PROGRESS_KINDS)[number];

/** What every command shares: where to work, how to show progress, and the one place where errors become exit codes. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = {
    context: Flags.string({
      description: 'kubeconfig context',
      env: 'WS_CONTEXT',
      helpGroup: 'GLOBAL',
      helpValue: 'NAME',
    }),
    namespace: Flags.string({
      char: 'n',
      description: 'namespace of the workspace',
      env: 'WS_NAMESPACE',
      helpGroup: 'GLOBAL',
      helpValue: 'NAME',
    }),
    kubeconfig: Flags.string({ description: 'kubeconfig file', helpGroup: 'GLOBAL', helpValue: 'FILE' }),
    progress: Flags.option({
      options: PROGRESS_KINDS,
      default: 'auto' as ProgressKind,
      description: 'how to show progress on stderr',
      env: 'WS_PROGRESS',
      helpGroup: 'GLOBAL',
    })(),
    debug: Flags.boolean({
      description: 'show where an unexpected error came from',
      env: 'WS_DEBUG',
      helpGroup: 'GLOBAL',
    }),
  };

  protected readonly terminal: CliTerminal = readTerminal();
  #globals: {
    context?: string | undefined;
    namespace?: string | undefined;
    kubeconfig?: string | undefined;
    workspace?: string | undefined;
    progress: ProgressKind;
    debug: boolean;
  } = { progress: 'auto', debug: false };
  #world: Promise<World> | undefined;
  #settings: Promise<SettingsStore> | undefined;
  #passphrases: Passphrases | undefined;
  #reporter: Reporter | undefined;

  /** Said to a person: whatever a command puts together, the terminal is only told it. */
  override log(message = ''): void {
    super.log('%s', toSaid(message));
  }

  /** Not by oclif's `log`, which is silent under --json. */
  override logJson(document: unknown): void {
    writeDocument(this.terminal.stdout, document, 2);
  }

  /** Called by each command with its parsed flags before anything else. */
  protected useGlobals(flags: {
    context?: string | undefined;
    namespace?: string | undefined;
    kubeconfig?: string | undefined;
    workspace?: string | undefined;
    progress: ProgressKind;
    debug: boolean;
  }): void {
    this.#globals = flags;
  }

  protected get flagsOfPlace(): PlaceFlags {
    return this.#globals;
  }

  /** Fires on Ctrl-C, SIGTERM and SIGHUP. */
  protected get signal(): AbortSignal {
    return interruptSignal();
  }

  protected get world(): Promise<World> {
    const { context, namespace, kubeconfig } = this.#globals;
    this.#world ??= openWorld({ context, namespace, kubeconfig });
    return this.#world;
  }

  protected get passphrases(): Passphrases {
    // With --json nothing is asked.
    const terminal = { ...this.terminal, isInteractive: this.terminal.isInteractive && !this.jsonEnabled() };
    this.#passphrases ??= new Passphrases(terminal, this.signal, openPassphraseStore, (ask) => this.#whileAsking(ask));
    return this.#passphrases;
  }

  /** A question has the terminal for itself: progress would be drawn over it, and take the keyboard away with it. */
  async #whileAsking<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    await this.#reporter?.suspend();
    try {
      return await ask();
    } finally {
      this.#reporter?.resume();
    }
  }

  protected get settings(): Promise<SettingsStore> {
    this.#settings ??= this.#openSettings();
    return this.#settings;
  }

  /** Settings that were moved aside are told of whatever `--progress` says: they were the user's own. */
  async #openSettings(): Promise<SettingsStore> {
    const store = await openSettingsStore();
    if (store.setAside === undefined) return store;
    const { openReporter } = await import('../../report/progress/open-reporter.ts');
    const reporter = openReporter({
      kind: this.#globals.progress === 'json' ? 'json' : 'plain',
      stream: this.terminal.stderr,
      columns: this.terminal.columns,
      color: false,
      nowMs: Date.now,
    });
    const notice = { kind: 'settings-set-aside', path: store.path, ...store.setAside } as const;
    reporter.event({ type: 'noticed', level: 'warning', notice });
    await reporter.close();
    return store;
  }

  /** As they are saved. What checks them is not loaded where there are none. */
  protected async readSettings(): Promise<Settings> {
    return hasNoSettings() ? {} : (await this.settings).read();
  }

  /** The name that was given, else this directory's workspace, else undefined: the only one there is. */
  protected async workspaceName(given: string | undefined): Promise<string | undefined> {
    const name =
      given ??
      (process.env.WS_WORKSPACE || undefined) ??
      (await findDirectoryWorkspace(process.cwd(), () => this.settings));
    // What is suggested later is about this one.
    if (name !== undefined) this.#globals = { ...this.#globals, workspace: name };
    return name;
  }

  /** A command that the user may copy, as it has to be called from here. */
  protected toCopy(command: string): string {
    return withPlace(command, this.#globals, process.env);
  }

  /** Runs an operation to its end, showing its events; the reporter has let go of the terminal before this returns. */
  protected async perform<Result>(
    start: (world: World, signal: AbortSignal) => Operation<Result>,
    observe?: (event: ProgressEvent) => void,
  ): Promise<Result> {
    const { openReporter } = await import('../../report/progress/open-reporter.ts');
    const reporter = openReporter({
      kind: this.#reporterKind(),
      stream: this.terminal.stderr,
      columns: this.terminal.columns,
      color: this.terminal.colorOnStderr,
      nowMs: Date.now,
    });
    this.#reporter = reporter;
    const operation = start(await this.world, this.signal);
    try {
      while (true) {
        const next = await operation.next();
        if (next.done === true) return next.value;
        observe?.(next.value);
        reporter.event(this.#withPlace(next.value));
      }
    } catch (error) {
      reporter.fail(error);
      throw error;
    } finally {
      this.#reporter = undefined;
      await reporter.close();
    }
  }

  #withPlace(event: ProgressEvent): ProgressEvent {
    if (event.type !== 'noticed' || event.notice.kind !== 'trouble' || event.notice.suggestion === undefined)
      return event;
    return { ...event, notice: { ...event.notice, suggestion: this.toCopy(event.notice.suggestion) } };
  }

  #reporterKind(): Exclude<ProgressKind, 'auto'> {
    const { progress } = this.#globals;
    if (progress !== 'auto') return progress;
    return this.terminal.canDraw ? 'live' : 'plain';
  }

  /** Throws `ANSWER_MISSING` unless somebody can be asked; `flag` is what answers instead. */
  protected requireInteractive(question: string, flag: string): void {
    if (this.terminal.isInteractive && !this.jsonEnabled()) return;
    throw failure('ANSWER_MISSING', {
      message: `${question} has no answer`,
      reason: 'There is no terminal to ask on',
      suggestions: [flag],
    });
  }

  /** The one catch: any error becomes one screen on stderr, or one document on stdout, and an exit code. */
  protected override async catch(error: Error): Promise<void> {
    if (error instanceof Errors.ExitError) throw error;
    const { debug } = this.#globals;
    const show = this.jsonEnabled() ? (document: object) => this.logJson(document) : undefined;
    await reportFailure(toKnown(error, this.id ?? ''), {
      flags: this.#globals,
      debug,
      toExitCode: (known) => this.exitCodeFor(known),
      ...(show === undefined ? {} : { show }),
    });
  }

  protected override toSuccessJson(result: unknown): unknown {
    return toResultDocument(result);
  }

  protected exitCodeFor(error: Error): number {
    return toExitCode(error);
  }
}

/** oclif's own complaints about flags and arguments are usage errors like ours. */
function toKnown(error: Error, id: string): Error {
  if (error instanceof WorkspaceError || !(error instanceof Errors.CLIError)) return error;
  const [first = '', ...rest] = error.message.split('\n');
  // What is missing stands below, a name and its description a line.
  const missing = rest
    .filter((line) => !line.startsWith('See more help'))
    .map((line) => line.trim().toUpperCase().split(/\s/)[0]);
  return failure('BAD_VALUE', {
    message: first.endsWith(':') ? `${first} ${missing.join(', ')}` : first,
    suggestions: [command`ws ${id.split(':')} --help`],
    cause: error,
  });
}
