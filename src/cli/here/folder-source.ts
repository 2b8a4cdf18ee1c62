import { existsSync } from 'node:fs';
import { amended, type ErrorCode, WorkspaceError } from '../../workspace/errors/errors.ts';
import { type Command, run } from '../../workspace/errors/suggestion.ts';
import { configFolder, findFolderVariable, findOtherHome, homeFolder } from '../terminal/machine.ts';

/** Errors of files that this machine keeps for `ws`. */
const OF_FILES: readonly ErrorCode[] = ['SETTINGS_INVALID', 'LOCAL_FILE_FAILED'];

/** An error about a file in the folder of `ws`, with what says that the folder is this one. */
export function nameFolderSource(error: Error): Error {
  if (!(error instanceof WorkspaceError) || !OF_FILES.includes(error.code)) return error;
  const { reason, suggestions } = error;
  if (!`${error.message}\n${reason ?? ''}`.includes(configFolder())) return error;
  const source = findFolderSource();
  if (source === undefined) return error;
  return amended(error, {
    reason: [...(reason === undefined ? [] : [reason]), source.text].join('\n'),
    suggestions: [...source.remedy, ...suggestions],
  });
}

/** Undefined where it is the folder of whoever has logged in. */
function findFolderSource(): { text: string; remedy: Command[] } | undefined {
  const variable = findFolderVariable();
  if (variable !== undefined) return { text: `${variable.name} is ${variable.value}`, remedy: [] };
  const own = findOtherHome();
  if (own === undefined) return undefined;
  const remedy = existsSync(own) ? [{ ...run('export')`HOME=${own}`, note: 'the home of this login' }] : [];
  return { text: `HOME is ${homeFolder()}, and the home of this login is ${own}`, remedy };
}
