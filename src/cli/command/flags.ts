import { Args, Flags } from '@oclif/core';
import { ABOUT_WAKE, DEFAULT_WAKE, WAKE_RULES } from '../../workspace/sleep/waking.ts';
import { type DirectAddress, parseDirect } from '../../workspace/ways/direct.ts';
import { DEFAULT_WAIT } from '../words/durations.ts';

/** Flags and arguments that several commands share. */

export const workspaceArg = Args.string({
  description: "workspace; default: this directory's, or the only one",
  ignoreStdin: true,
});

export const workspaceFlag = Flags.string({
  char: 'w',
  description: 'the workspace, wherever its name stands in the line',
  env: 'WS_WORKSPACE',
  helpValue: 'NAME',
});

/** For commands that ask before they delete something, or end what others do. */
export const yesFlag = { yes: Flags.boolean({ char: 'y', description: 'do it without asking', env: 'WS_YES' }) };

/** For what logs in, and may find the workspace asleep. */
export const wakeFlag = {
  wake: Flags.option({
    options: WAKE_RULES,
    description: `${ABOUT_WAKE}; default: the setting, else ${DEFAULT_WAKE}`,
    env: 'WS_WAKE',
  })(),
};

export const connectFlags = {
  identity: Flags.string({
    char: 'i',
    description: 'private key file to log in with',
    env: 'WS_IDENTITY',
    helpValue: 'FILE',
  }),
  'accept-host-key': Flags.string({
    description:
      'trust the changed host key of this fingerprint, of which 22 characters are enough; "unverified" trusts a first one where the kubeconfig turns the certificate checks off',
    helpValue: 'SHA256:…',
  }),
  'wait-timeout': Flags.string({
    description: 'how long to wait for the workspace',
    default: DEFAULT_WAIT,
    env: 'WS_WAIT_TIMEOUT',
    helpValue: 'TIME',
  }),
};

/** For commands that keep a connection to a workspace. */
export const resumeFlag = {
  resume: Flags.boolean({
    description: 'go on after the connection was lost; --no-resume ends what runs over it',
    env: 'WS_RESUME',
    default: true,
    allowNo: true,
  }),
};

/** For commands that speak SSH with a workspace. */
export const directFlag = {
  direct: Flags.string({
    description: 'reach its SSH server at this address, past the API server; what is lost there is not resumed',
    helpValue: 'HOST[:PORT]',
  }),
};

/** The address of `--direct`, checked. Throws `BAD_VALUE`. */
export function toDirect(text: string | undefined): DirectAddress | undefined {
  return text === undefined ? undefined : parseDirect(text);
}

/** For commands that ask whether a passphrase shall be kept. */
export const keepPassphraseFlag = {
  'keep-passphrase': Flags.boolean({
    description: "keep the key's passphrase in the system's keyring, or do not, without asking",
    env: 'WS_KEEP_PASSPHRASE',
    allowNo: true,
  }),
};
