import type { Command } from '@oclif/core';
import { BaseCommand, type Parsed } from './base-command.ts';
import { missingArgument, workspaceArg, workspaceFlag } from './flags.ts';
import { globalFlags, withJson } from './global-flags.ts';
import { findFolderWorkspace, findGivenName } from './name-workspace.ts';

/** Flags of every command about one workspace. */
export const workspaceFlags = { ...globalFlags, workspace: workspaceFlag };

/**
 * A command about one workspace. Its name is the first argument, which may be left out, or the value of `--workspace`.
 */
export abstract class WorkspaceCommand<Class extends typeof Command> extends BaseCommand<Class> {
  static override args = { workspace: workspaceArg };
  static override baseFlags = withJson(workspaceFlags);

  #given: string | undefined;

  /** Other arguments may follow the workspace. oclif refuses a required argument behind an optional one. */
  protected override async parseWords(): Promise<Parsed<Class>> {
    const { args } = this.ctor;
    const loose = Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, { ...arg, required: false }]));
    const { raw, argv, flags } = await this.parseBy(loose);
    const [position, ...rest] = this.startsWithWorkspace(argv) ? argv : [undefined, ...argv];
    const isTyped = raw.some((token) => token.type === 'flag' && token.flag === 'workspace');
    this.#given = findGivenName({ position, [isTyped ? 'flag' : 'variable']: flags.workspace });
    this.workspace = this.#given;
    const [, ...others] = Object.keys(args);
    const found = Object.fromEntries(others.map((name, index) => [name, rest[index]]));
    const missing = others.find((name) => args[name]?.required && found[name] === undefined);
    if (missing !== undefined) throw missingArgument(missing, this.id);
    return { args: { ...found, workspace: this.#given }, flags, argv: rest, raw } as Parsed<Class>;
  }

  /** Whether the first word is the workspace. It is when there is a word for each argument. */
  protected startsWithWorkspace(positions: string[]): boolean {
    return positions.length >= Object.keys(this.ctor.args).length;
  }

  /** The name from words or environment; undefined when the folder or the cluster decides. */
  protected get givenWorkspace(): string | undefined {
    return this.#given;
  }

  /** The given name, else this folder's workspace, else undefined, which means the only one there is. */
  protected async workspaceName(): Promise<string | undefined> {
    const name = this.#given ?? (await findFolderWorkspace(() => this.settings));
    this.workspace = name;
    return name;
  }
}
