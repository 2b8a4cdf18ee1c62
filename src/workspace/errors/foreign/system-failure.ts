import { failure, WorkspaceError } from '../errors.ts';
import { advice, run } from '../suggestion.ts';
import { toReason } from './to-reason.ts';

/**
 * A file that the system refuses is no bug of ours, wherever nobody thought of it: a full disk, a folder without
 * rights. Anything else stays what it is.
 */
export function toSystemFailure(error: Error & { syscall?: unknown; path?: unknown }): Error {
  const { syscall, path } = error;
  if (error instanceof WorkspaceError || typeof syscall !== 'string') return error;
  const isFolderGone = syscall.endsWith('cwd');
  if (!isFolderGone && typeof path !== 'string') return error;
  return failure('LOCAL_FILE_FAILED', {
    message: isFolderGone ? 'The folder that this runs in is gone' : `${path} cannot be used`,
    reason: toReason(error, 'file'),
    suggestions: isFolderGone ? [advice('Go to another folder')] : [run('ls')`-ld ${String(path)}`],
    cause: error,
  });
}
