/** The files of OpenSSH's configuration: the user's own, and those of `ws`. */

import { rm } from 'node:fs/promises';
import { failure } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { type Suggestion } from '../../workspace/errors/suggestion.ts';
import type { TextFile } from '../../workspace/ssh-config/ssh-config.ts';
import { readBytes, updateFile } from './atomic-file.ts';
import { lookAt } from './look-at.ts';

/**
 * The file at an absolute path. `remedy` tells what can be done by hand where it cannot be written; it may look around,
 * and is asked then alone.
 */
export function openTextFile(file: string, remedy: () => Suggestion[] = () => [lookAt(file)]): TextFile {
  const explain = async <Result>(action: () => Promise<Result>): Promise<Result> => {
    try {
      return await action();
    } catch (cause) {
      throw failure('LOCAL_FILE_FAILED', {
        message: `${file} cannot be changed`,
        reason: toReason(cause, 'file'),
        suggestions: remedy(),
        cause,
      });
    }
  };
  return {
    path: file,
    read: () => explain(() => readBytes(file)),
    update: (change) => explain(() => updateFile(file, change)),
    remove: () => explain(() => rm(file, { force: true })),
  };
}
