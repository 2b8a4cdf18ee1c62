import { Args, Flags } from '@oclif/core';
import { failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { toQuoted } from '../../workspace/errors/printable.ts';
import { type Command, correction } from '../../workspace/errors/suggestion.ts';
import { DEFAULT_WAIT } from './durations.ts';

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

/** The error for arguments that have to be there. `id` is the command's. */
export function missingArguments(
  missing: readonly { name: string; description?: string | undefined }[],
  id: string | undefined = '',
): WorkspaceError {
  const names = missing.map(({ name }) => name.toUpperCase());
  const [first] = missing;
  const about = missing.length === 1 ? first?.description : undefined;
  return failure('BAD_VALUE', {
    message: `ws ${id.replaceAll(':', ' ')} needs ${names.join(' and ')}`,
    ...(about === undefined ? {} : { reason: `${names.join()}: ${about}` }),
    suggestions: [helpOf(id)],
  });
}

/** What shows how a command is used, or a topic, or all of them. */
export function helpOf(id: string | undefined = ''): Command {
  return { program: 'ws', words: [...(id === '' ? [] : id.split(':')), '--help'] };
}

export const connectFlags = {
  identity: Flags.string({
    char: 'i',
    description: 'private key file to log in with',
    env: 'WS_IDENTITY',
    helpValue: 'FILE',
  }),
  'accept-host-key': Flags.string({
    description:
      'fingerprint of a changed host key that is to be trusted; "unverified" for a first one though the kubeconfig turns the certificate checks off',
    helpValue: 'SHA256:…',
  }),
  'wait-timeout': Flags.string({
    description: 'how long to wait for the workspace',
    default: DEFAULT_WAIT,
    env: 'WS_WAIT_TIMEOUT',
    helpValue: 'TIME',
  }),
};

/** For commands that ask whether a passphrase shall be kept. */
export const keepPassphraseFlag = {
  'keep-passphrase': Flags.boolean({
    description: "keep the key's passphrase in the system's keyring, or do not, without asking",
    env: 'WS_KEEP_PASSPHRASE',
    allowNo: true,
  }),
};

/** A whole number of a flag. Throws `BAD_VALUE`. */
export function parsePort(text: string, flag: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw failure('BAD_VALUE', {
    message: `--${flag} ${toQuoted(text)} is not a port`,
    reason: 'a port is a number from 0 to 65535',
    suggestions: [correction(`--${flag}`, '1080', text)],
  });
}

/** The words before and after `--`. Everything after it belongs to the remote command, flags included. */
export function splitAtDashes(argv: string[]): { before: string[]; after: string[] | undefined } {
  const at = argv.indexOf('--');
  return at < 0 ? { before: argv, after: undefined } : { before: argv.slice(0, at), after: argv.slice(at + 1) };
}

/** A whole number, from 0. Throws `BAD_VALUE`. */
export function parseCount(text: string, flag: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw failure('BAD_VALUE', {
    message: `--${flag} ${toQuoted(text)} is not a whole number`,
    suggestions: [correction(`--${flag}`, '100', text)],
  });
}
