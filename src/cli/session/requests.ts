/** What `ws ssh` and `ws proxy` were asked for. Whichever door read the words, the same request does the same. */
import type { SessionForwards } from '../../operations/ssh.ts';
import type { Place } from '../../workspace/place.ts';
import type { WakeRule } from '../../workspace/sleep/waking.ts';
import type { DirectAddress } from '../../workspace/ways/direct.ts';
import type { ProgressKind } from '../command/progress.ts';
import type { Meant } from '../words/split-command.ts';
import type { TmuxRequest } from './words/tmux.ts';

interface Request {
  place: Place;
  /** The name from words or environment; undefined when the folder or the cluster decides. */
  workspace: string | undefined;
  waitTimeoutMs: number;
  /** Which logins wake a workspace that sleeps; undefined: as the setting says. */
  wake: WakeRule | undefined;
  /** Whether what carries it may be lost and found again. */
  resumes: boolean;
  /** Where the SSH server is reached past the API server. */
  direct: DirectAddress | undefined;
  debug: boolean;
}

export interface SshRequest extends Request {
  /** Undefined: the login shell. */
  command: string | undefined;
  /** What was typed, where the workspace's name may have been meant as a word of the command. */
  meant: Meant | undefined;
  /** The words behind `--`, where nothing before them named a workspace: the first one may have been meant as that. */
  behind: string[] | undefined;
  /** The tmux session that the command attaches to or starts. */
  tmux: TmuxRequest | undefined;
  /** Allocates a terminal for a command too. */
  wantsTty: boolean;
  forwardAgent: boolean;
  escapes: boolean;
  /** Whether the command may use a held connection and leave one. */
  share: boolean;
  identityPath: string | undefined;
  acceptHostKey: string | undefined;
  /** Undefined: we ask the person who typed a passphrase. */
  keepPassphrase: boolean | undefined;
  forwards: SessionForwards | undefined;
  progress: ProgressKind | 'sparing';
}

export type ProxyRequest = Request;
