import type { Command } from '@oclif/core';
import { hasCode, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { readAddress } from '../../workspace/naming/address.ts';
import { missingArguments } from '../words/usage.ts';
import { BaseCommand, type Parsed } from './base-command.ts';
import { workspaceArg, workspaceFlag } from './flags.ts';
import { globalFlags, withJson } from './global-flags.ts';
import { findGivenName } from './name-workspace.ts';
import { isTyped, takePlace } from './take-place.ts';

/** Flags of every command about one workspace. */
export const workspaceFlags = { ...globalFlags, workspace: workspaceFlag };

/**
 * A command about one workspace. Its name is the first argument, which may be left out, or the value of `--workspace`.
 */
export abstract class WorkspaceCommand<Class extends typeof Command> extends BaseCommand<Class> {
  static override args = { workspace: workspaceArg };
  static override baseFlags = withJson(workspaceFlags);

  #given: string | undefined;
  #isNamed = false;
  /** After a failure was shown. */
  protected readonly offerToMend: (failed: Error) => Promise<void> = async () => {};

  /** Other arguments may follow the workspace. oclif refuses a required argument behind an optional one. */
  protected override async parseWords(): Promise<Parsed<Class>> {
    const { args } = this.ctor;
    const loose = Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, { ...arg, required: false }]));
    const { raw, argv, flags } = await this.parseBy(loose);
    const [position, ...rest] = this.putInOrder(this.startsWithWorkspace(argv) ? argv : [undefined, ...argv]);
    const given = findGivenName({ position, [isTyped(raw, 'workspace') ? 'flag' : 'variable']: flags.workspace });
    this.#isNamed = position !== undefined || isTyped(raw, 'workspace');
    const taken = takePlace(given, { flags, raw });
    this.#given = taken.address;
    this.#about(this.#given);
    const [, ...others] = Object.keys(args);
    const found = Object.fromEntries(others.map((name, index) => [name, rest[index]]));
    const missing = others.filter((name) => args[name]?.required && found[name] === undefined);
    if (missing.length > 0)
      throw missingArguments(
        missing.map((name) => ({ name, description: args[name]?.description })),
        this.id,
      );
    return {
      args: { ...found, workspace: this.#given },
      flags: taken.flags,
      argv: rest,
      raw,
    } as Parsed<Class>;
  }

  /** Before the name is judged: it comes first, or the order that was meant is clear. Throws where it is not. */
  protected putInOrder(words: (string | undefined)[]): (string | undefined)[] {
    return words;
  }

  /** The name from words or environment; undefined when the folder or the cluster decides. */
  protected get givenWorkspace(): string | undefined {
    return this.#given;
  }

  /** Whether the line has a workspace: no other word of it is one then. */
  protected get isNamed(): boolean {
    return this.#isNamed;
  }

  /** The given name, else this folder's workspace, else undefined, which means the only one there is. */
  protected async workspaceName(): Promise<string | undefined> {
    const name = this.#given ?? this.here.workspace;
    this.#about(name);
    return name;
  }

  /** Suggestions name the workspace without its user. */
  #about(address: string | undefined): void {
    this.workspace = address === undefined ? undefined : readAddress(address).name;
  }

  /** Undefined where nobody can be asked, or `--yes` says that nobody shall be. */
  async #choose(error: WorkspaceError): Promise<string | undefined> {
    const { yes = false } = this.flags as { yes?: boolean };
    const { chooseWorkspace } = await import('../here/choose-workspace.ts');
    return chooseWorkspace(error, { ...this.terminal, isInteractive: this.isAskable && !yes }, this.signal);
  }

  /** If several can be meant, a person says which, and the command runs again with its name. */
  protected override async catch(error: Error): Promise<void> {
    let failed: unknown = error;
    try {
      const chosen = hasCode(error, 'WORKSPACE_AMBIGUOUS') ? await this.#choose(error) : undefined;
      if (chosen !== undefined) {
        this.#given = chosen;
        await this.run();
        return;
      }
    } catch (next) {
      failed = next;
    }
    await super.catch(failed as Error);
    await this.offerToMend(failed as Error);
  }
}
