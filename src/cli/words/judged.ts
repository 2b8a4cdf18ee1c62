import type { KnownFlag, Token } from './tokens.ts';
import type { TypedLine } from './typed-line.ts';

export interface KnownArgument {
  name: string;
  required?: boolean | undefined;
  options?: readonly string[] | undefined;
  description?: string | undefined;
}

/** What a command takes. */
export interface Grammar {
  flags: readonly KnownFlag[];
  args: readonly KnownArgument[];
  /** False: any number of arguments. */
  strict: boolean;
}

export interface Judged {
  line: TypedLine;
  tokens: readonly Token[];
  grammar: Grammar;
  environment: NodeJS.ProcessEnv;
  /** Commands that have a flag of this name. */
  listOwners(name: string): string[];
}
