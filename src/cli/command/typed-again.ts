import type { Interfaces } from '@oclif/core';
import type { Command } from '../../workspace/errors/suggestion.ts';

/** What was typed after the command's name, as the parser read it. */
interface Typed {
  /** The command's name, `homes:rm`. */
  id: string | undefined;
  raw: Interfaces.ParserOutput['raw'];
  /** The arguments but for the workspace. */
  positions: string[];
  workspace: string | undefined;
}

/** Spelled where the line is shown, which knows what the environment says of them. */
const PLACES = ['workspace', 'context', 'namespace', 'kubeconfig'];

/** The line that was typed, with one more flag: place and workspace are spelled with it. */
export function typeAgain({ id, raw, positions, workspace }: Typed, flag: string, isOption: IsOption): Command {
  const flags = raw.flatMap((token) => {
    if (token.type !== 'flag' || PLACES.includes(token.flag) || `--${token.flag}` === flag) return [];
    if (isOption(token.flag)) return [`--${token.flag}`, token.input];
    return [token.input.startsWith('--no-') ? token.input : `--${token.flag}`];
  });
  return { program: 'ws', words: [...(id ?? '').split(':'), ...positions, ...flags, flag], workspace };
}

/** Whether a flag takes a value. */
export type IsOption = (flag: string) => boolean;
