import type { Interfaces } from '@oclif/core';
import type { Grammar, KnownArgument, Owner } from './judged.ts';
import { type KnownFlag, toTokens } from './tokens.ts';

/** What a line is about. */
export type Reading =
  /** `words` stand behind the command's name. */
  | { kind: 'command'; id: string; words: string[] }
  /** The words of a command or topic; none: of all. */
  | { kind: 'help'; of: string[] };

/** A command as the manifest describes it. */
export interface KnownCommand extends Owner {
  hidden: boolean;
}

/** All commands, none of them loaded. */
export class Catalogue {
  readonly #commands: ReadonlyMap<string, KnownCommand>;

  constructor(commands: Iterable<KnownCommand>) {
    this.#commands = new Map([...commands].map((command) => [command.id, command]));
  }

  find(path: readonly string[]): KnownCommand | undefined {
    return this.#commands.get(path.join(':'));
  }

  /** The command whose name these words begin with: `keys add` before `keys`. No name has more than two. */
  findFront(words: readonly string[]): KnownCommand | undefined {
    return this.find(words.slice(0, 2)) ?? this.find(words.slice(0, 1));
  }

  /** Whether more words have to follow these. */
  isTopic(path: readonly string[]): boolean {
    return path.length > 0 && this.listNext(path).length > 0;
  }

  /** The words of visible commands and topics that may follow. */
  listNext(path: readonly string[]): string[] {
    const next = [...this.#commands.values()]
      .filter(({ hidden }) => !hidden)
      .map(({ id }) => id.split(':'))
      .filter((words) => path.every((word, index) => words[index] === word))
      .flatMap((words) => words[path.length] ?? []);
    return [...new Set(next)];
  }

  /** The visible commands with a flag of this name. */
  listOwners(name: string): KnownCommand[] {
    return [...this.#commands.values()].filter(
      ({ hidden, flags }) => !hidden && flags.some((flag) => flag.name === name),
    );
  }
}

export function readCatalogue({ commands }: Pick<Interfaces.Config, 'commands'>): Catalogue {
  return new Catalogue(
    commands.map(({ id, hidden, ...command }) => ({ id, hidden: hidden === true, ...toGrammar(command) })),
  );
}

/** What a command takes, from its class or the manifest. Names are the keys: a class has no others. */
export function toGrammar({
  flags,
  args,
  strict,
}: {
  flags: object;
  args: object;
  strict?: boolean | undefined;
}): Grammar {
  const named = <Kind>(record: object) => Object.entries(record).map(([name, one]) => ({ ...one, name }) as Kind);
  return { flags: named<KnownFlag>(flags), args: named<KnownArgument>(args), strict: strict !== false };
}

/** Whether help was asked for, in the words that are the command's own. `-h` may be the value of a flag. */
export function asksForHelp({ flags }: KnownCommand, words: readonly string[]): boolean {
  const dashes = words.indexOf('--');
  if ((dashes < 0 ? words : words.slice(0, dashes)).includes('--help')) return true;
  return toTokens(words, flags).some((token) => token.kind === 'unknown' && isHelpFlag(token.typed));
}

export function isHelpFlag(word: string): boolean {
  return word === '--help' || word === '-h';
}
