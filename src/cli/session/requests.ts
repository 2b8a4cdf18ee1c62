/** What `ws ssh` and `ws proxy` were asked for. Whichever door read the words, the same request does the same. */
import type { SessionForwards } from '../../operations/ssh.ts';
import type { Place } from '../../workspace/place.ts';
import type { ProgressKind } from '../command/progress.ts';

interface Request {
  place: Place;
  /** As words or environment name it; undefined: the folder or the cluster says which. */
  workspace: string | undefined;
  waitTimeoutMs: number;
  debug: boolean;
}

export interface SshRequest extends Request {
  /** Undefined: the login shell. */
  command: string | undefined;
  /** A terminal there for a command, too. */
  wantsTty: boolean;
  forwardAgent: boolean;
  escapes: boolean;
  /** A held connection may be used, and one may be left. */
  share: boolean;
  identityPath: string | undefined;
  acceptHostKey: string | undefined;
  /** Undefined: whoever typed a passphrase is asked. */
  keepPassphrase: boolean | undefined;
  forwards: SessionForwards | undefined;
  progress: ProgressKind;
}

export type ProxyRequest = Request;

/** Whether the environment lets commands share a connection. */
export function allowsSharing({ WS_SHARE }: NodeJS.ProcessEnv): boolean {
  return !/^(?:0|no|false|off)$/i.test(WS_SHARE ?? '');
}
