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

/** Another command, by its id in the manifest: `keys:add`. */
export interface Owner extends Grammar {
  id: string;
}

export interface Judged {
  line: TypedLine;
  tokens: readonly Token[];
  grammar: Grammar;
  environment: NodeJS.ProcessEnv;
  /** Commands that have a flag of this name. */
  listOwners(name: string): readonly Owner[];
}
