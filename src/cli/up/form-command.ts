import type { Command } from '@oclif/core';
import type { Command as Line } from '../../workspace/errors/suggestion.ts';
import { type TypedCommand, withFlagsOf } from '../../workspace/errors/typed-command.ts';
import { WorkspaceCommand } from '../command/workspace-command.ts';

/** A command that asks in a form what its line leaves open. */
export abstract class FormCommand<Class extends typeof Command> extends WorkspaceCommand<Class> {
  /** oclif's manifest looks no further up than to a class without a static of its own. */
  static override enableJsonFlag = true;

  #answered: readonly string[] = [];

  /** What a form was told counts as typed: whoever types the line again after a failure means the same. */
  answered({ words: [, ...words] }: Line): void {
    this.#answered = words.map(String);
  }

  override get typed(): TypedCommand {
    return withFlagsOf(super.typed, this.#answered);
  }
}
