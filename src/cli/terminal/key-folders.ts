import { existsSync } from 'node:fs';
import path from 'node:path';
import { amended, WorkspaceError } from '../../workspace/errors/errors.ts';
import type { Command, Suggestion, Word } from '../../workspace/errors/suggestion.ts';
import { accountHome, homeFolder } from './machine.ts';

/**
 * The same suggestions, with what makes the folder of a new key where ssh-keygen would not. It makes only `.ssh`, and
 * only in the home that passwd says, whatever HOME says.
 */
export function withKeyFolders<Kind extends Suggestion>(suggestions: readonly Kind[]): (Kind | Command)[] {
  return suggestions.flatMap((one) => {
    const folder = 'program' in one ? findMissingFolder(one) : undefined;
    if (folder === undefined) return [one];
    return [{ program: 'mkdir' as const, words: ['-p', '-m', '700', folder], note: 'ssh-keygen makes no folder' }, one];
  });
}

/** The error with such suggestions. */
export function explainKeyFolders(error: Error): Error {
  if (!(error instanceof WorkspaceError)) return error;
  const suggestions = withKeyFolders(error.suggestions);
  if (suggestions.length === error.suggestions.length) return error;
  return amended(error, { suggestions });
}

function findMissingFolder({ program, words }: Command): Word | undefined {
  if (program !== 'ssh-keygen' || !words.includes('-t') || process.platform === 'win32') return undefined;
  const file = words[words.indexOf('-f') + 1] ?? '';
  const isInHome = typeof file !== 'string';
  const folder = path.dirname(isInHome ? path.join(homeFolder(), file.inHome) : path.resolve(file));
  const own = accountHome();
  if (existsSync(folder) || (own !== undefined && folder === path.join(own, '.ssh'))) return undefined;
  return isInHome ? { inHome: path.dirname(file.inHome) } : folder;
}
