import { constants } from 'node:os';

/** How a remote command ended, as ssh2's channel tells it. */
export interface RemoteExit {
  code: number | null | undefined;
  /** `SIGTERM`, … */
  signal: string | undefined;
}

/** The status of a command whose end the server did not report; OpenSSH's choice. */
export const UNKNOWN_STATUS = 255;

/** As a shell does it: the exit code, or 128 plus the signal's number. */
export function toStatus(exit: RemoteExit): number {
  if (typeof exit.code === 'number') return exit.code;
  const number = (constants.signals as Record<string, number>)[exit.signal ?? ''];
  return number === undefined ? UNKNOWN_STATUS : 128 + number;
}
