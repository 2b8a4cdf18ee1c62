import { Flags, type Interfaces } from '@oclif/core';
import type { Place } from '../../workspace/place.ts';
import { parseDuration } from '../command/durations.ts';
import { connectFlags, keepPassphraseFlag } from '../command/flags.ts';
import type { globalFlags } from '../command/global-flags.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { allowsSharing, type SshRequest } from './requests.ts';
import { forwardFlag, TMUX_SESSION, toSessionCommand, toSessionForwards } from './session-flags.ts';

export const sshFlags = {
  ...connectFlags,
  ...keepPassphraseFlag,
  tty: Flags.boolean({ char: 't', description: 'give a command a terminal of its own' }),
  tmux: Flags.string({
    description: `attach to a tmux session, which outlives the connection; without a name: ${TMUX_SESSION}`,
    helpValue: 'SESSION',
  }),
  forward: forwardFlag(
    'L',
    'a port of the workspace here, as ws forward or ssh -L writes it',
    '[[ADDRESS:]LOCAL:[HOST:]]REMOTE',
  ),
  remote: forwardFlag(
    'R',
    'a port there that leads here: as for ssh with a host, else LOCAL:REMOTE',
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
    default: true,
    allowNo: true,
  }),
  escapes: Flags.boolean({ description: 'obey ~. and the other escapes', default: true, allowNo: true }),
};

export type SshFlags = Interfaces.InferredFlags<typeof sshFlags & typeof globalFlags>;

export interface SshContext {
  place: Place;
  workspace: string | undefined;
  /** What stands after `--`; undefined for a shell. */
  words: string[] | undefined;
  terminal: CliTerminal;
}

/** What the flags ask for, checked. */
export function toSshRequest(flags: SshFlags, { place, workspace, words, terminal }: SshContext): SshRequest {
  return {
    place,
    workspace,
    command: toSessionCommand(flags, words, terminal),
    wantsTty: flags.tty || flags.tmux !== undefined,
    forwardAgent: flags['forward-agent'],
    escapes: flags.escapes,
    share: flags.share && allowsSharing(process.env),
    identityPath: flags.identity,
    acceptHostKey: flags['accept-host-key'],
    keepPassphrase: flags['keep-passphrase'],
    forwards: toSessionForwards(flags, terminal),
    waitTimeoutMs: parseDuration(flags['wait-timeout'], 'wait-timeout'),
    progress: flags.progress === 'auto' ? 'quiet' : flags.progress,
    debug: flags.debug,
  };
}
