import { Flags, type Interfaces } from '@oclif/core';
import type { Place } from '../../workspace/place.ts';
import { connectFlags, directFlag, keepPassphraseFlag, resumeFlag, toDirect, wakeFlag } from '../command/flags.ts';
import type { globalFlags } from '../command/global-flags.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { parseDuration } from '../words/durations.ts';
import type { Meant } from '../words/split-command.ts';
import type { SshRequest } from './requests.ts';
import { forwardFlag, toSessionCommand, toSessionForwards } from './session-flags.ts';
import { isAttached, TMUX_SESSION } from './words/tmux.ts';

export const sshFlags = {
  ...connectFlags,
  ...keepPassphraseFlag,
  ...resumeFlag,
  ...directFlag,
  ...wakeFlag,
  tty: Flags.boolean({ char: 't', description: 'give a command a terminal of its own' }),
  tmux: Flags.string({
    description: `attach to a tmux session, or start it with the command; it outlives the connection, and its name is ${TMUX_SESSION} by default`,
    helpValue: 'SESSION',
  }),
  detach: Flags.boolean({
    char: 'd',
    description: 'start the tmux session and do not attach, with or without a terminal here',
    default: false,
  }),
  wait: Flags.boolean({
    description: "wait until the tmux session's command has ended, and end with its status; a lost client ends nothing",
    default: false,
  }),
  'keep-words': Flags.boolean({
    description: "give the command its words as they are here; the workspace's shell reads nothing in them",
    default: false,
  }),
  forward: forwardFlag(
    'L',
    'a port of the workspace here, as ws forward or ssh -L writes it',
    '[[ADDRESS:]LOCAL:[HOST:]]REMOTE',
  ),
  remote: forwardFlag(
    'R',
    'a port there that leads here; it is written as for ssh -R with a host, and LOCAL:REMOTE without one',
    'REMOTE:HOST:LOCAL',
  ),
  socks: forwardFlag('D', 'a SOCKS5 proxy on this local port', '[ADDRESS:]PORT'),
  'forward-agent': Flags.boolean({
    char: 'A',
    description: 'let programs in the workspace use your ssh agent',
    default: false,
  }),
  share: Flags.boolean({
    description: 'run commands over a connection that an earlier one left open, and leave one open',
    env: 'WS_SHARE',
    default: true,
    allowNo: true,
  }),
  escapes: Flags.boolean({ description: 'obey ~. and the other escapes', default: true, allowNo: true }),
};

export type SshFlags = Interfaces.InferredFlags<typeof sshFlags & typeof globalFlags>;

export interface SshContext {
  place: Place;
  workspace: string | undefined;
  /** Of the command; undefined for a shell. */
  words: string[] | undefined;
  meant: Meant | undefined;
  behind: string[] | undefined;
  terminal: CliTerminal;
}

/** What the flags ask for, checked. */
export function toSshRequest(
  flags: SshFlags,
  { place, workspace, words, meant, behind, terminal }: SshContext,
): SshRequest {
  const { command, tmux } = toSessionCommand(flags, words, terminal);
  return {
    place,
    workspace,
    meant,
    behind,
    command,
    tmux,
    wantsTty: tmux === undefined ? flags.tty === true : isAttached(tmux),
    forwardAgent: flags['forward-agent'],
    escapes: flags.escapes,
    share: flags.share,
    resumes: flags.resume,
    direct: toDirect(flags.direct),
    identityPath: flags.identity,
    acceptHostKey: flags['accept-host-key'],
    keepPassphrase: flags['keep-passphrase'],
    forwards: toSessionForwards(flags, terminal),
    wake: flags.wake,
    waitTimeoutMs: parseDuration(flags['wait-timeout'], 'wait-timeout'),
    progress: flags.progress === 'auto' ? 'sparing' : flags.progress,
    debug: flags.debug,
  };
}
