import { type ErrorKind, WorkspaceError } from '../../workspace/errors/errors.ts';

/** What `ws` exits with, documented in docs/exit-codes.md. `ws ssh` passes the remote status on; 255 is ours there. */
export const EXIT_CODES: Record<ErrorKind | 'done' | 'bug', number> = {
  done: 0,
  bug: 1,
  usage: 2,
  environment: 3,
  refused: 4,
  workspace: 5,
  unreachable: 6,
  interrupted: 130,
};

export function toExitCode(error: Error): number {
  return error instanceof WorkspaceError ? EXIT_CODES[error.kind] : EXIT_CODES.bug;
}

/** Like ssh: passes the remote status on, and 255 is ours. */
export function toSshExitCode(error: Error): number {
  const code = toExitCode(error);
  return code === EXIT_CODES.interrupted || code === EXIT_CODES.usage ? code : SSH_FAILED;
}

/** As ssh does: no remote command exits with it by convention. */
export const SSH_FAILED = 255;
