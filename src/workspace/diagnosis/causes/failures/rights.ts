/** Who one is for the cluster, and what one may do there. */
import type { WorkspaceError } from '../../../errors/errors.ts';
import { advice } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { findSystemCode, toFailedCause } from './failed.ts';

/** By our own words for a credential plugin that failed. */
function isOfPlugin({ message }: WorkspaceError): boolean {
  return /credential plugin .* gave no credential/.test(message);
}

function wantsTerminal({ reason = '' }: WorkspaceError): boolean {
  return reason.includes('interactiveMode: Always');
}

/** It ran and ended well: what is wrong is told by whoever reads its answer, and not by the system. */
function isBadAnswer(error: WorkspaceError): boolean {
  return error.cause instanceof Error && findSystemCode(error) === undefined;
}

export const RIGHTS: Cause[] = [
  toFailedCause({
    code: 'RIGHTS_PORT_FORWARD',
    group: 'rights',
    title: 'You may not open a stream to a pod',
    looksLike: 'Logins end with "cannot get resource pods/portforward" or "cannot create …".',
    help: 'Ask for `get` and `create` on `pods/portforward`: the Role in [operators.md](operators.md#give-users-their-rights) has both. With `pods/exec` in its place, `ws` goes that way.',
    of: ['NOT_PERMITTED'],
    // A list has other rights in it, and lines below the first are about other ways.
    isOf: ({ message, reason = '' }) => {
      const [first = ''] = reason.split('\n');
      return /pods\/portforward/.test(`${message} ${first}`) && !/,/.test(first);
    },
  }),
  toFailedCause({
    code: 'RIGHTS_MISSING',
    group: 'rights',
    title: 'Your Role lacks a right that a workspace needs',
    looksLike: '`ws up` lists what is missing before it changes anything, as "create secrets".',
    help: 'Ask an administrator for the Role in [operators.md](operators.md#give-users-their-rights).',
    of: ['NOT_PERMITTED'],
    isOf: ({ message }) => /^You may not /.test(message) && !/portforward/.test(message),
  }),
  toFailedCause({
    code: 'TOKEN_EXPIRED',
    group: 'rights',
    title: 'The token of the kubeconfig is over',
    looksLike: 'Every command says when it expired.',
    help: "Log in again with your provider's tool, which writes a new one.",
    of: ['CREDENTIALS_REJECTED'],
    isOf: (error) => findSystemCode(error) === 'TOKEN_EXPIRED',
    suggest: () => [advice('Log in to the cluster again, as your provider describes')],
  }),
  toFailedCause({
    code: 'CLIENT_CERTIFICATE_EXPIRED',
    group: 'rights',
    title: 'The client certificate of the kubeconfig is over',
    looksLike: 'Every command says when it expired.',
    help: 'Ask whoever runs the cluster for a new kubeconfig; kubeadm renews its own: `kubeadm certs renew admin.conf`.',
    of: ['CREDENTIALS_REJECTED'],
    isOf: (error) => findSystemCode(error) === 'CLIENT_CERTIFICATE_EXPIRED',
    suggest: () => [advice('Ask whoever runs the cluster for a new kubeconfig')],
  }),
  toFailedCause({
    code: 'PLUGIN_MISSING',
    group: 'rights',
    title: 'The credential plugin of the kubeconfig is not installed',
    looksLike: 'Every command says which program is not installed.',
    help: 'Install it; the provider of the cluster says how. `kubectl` needs it as well.',
    of: ['CREDENTIALS_REJECTED'],
    isOf: (error) => isOfPlugin(error) && findSystemCode(error) === 'ENOENT',
  }),
  toFailedCause({
    code: 'PLUGIN_WANTS_TERMINAL',
    group: 'rights',
    title: 'The credential plugin has to ask somebody, and nobody is there',
    looksLike: 'Only commands without a terminal fail: in scripts, in CI, from an editor.',
    help: 'Log in once on a terminal: `ws ls`. Or use credentials for machines there.',
    of: ['CREDENTIALS_REJECTED'],
    isOf: (error) => isOfPlugin(error) && wantsTerminal(error),
  }),
  toFailedCause({
    code: 'PLUGIN_BAD_ANSWER',
    group: 'rights',
    title: 'The credential plugin prints no credential',
    looksLike: 'Every command says that it did not print an ExecCredential, or one without a token.',
    help: 'Run the plugin by hand: `kubectl config view` shows its command. It may be too old.',
    of: ['CREDENTIALS_REJECTED'],
    isOf: (error) => isOfPlugin(error) && isBadAnswer(error),
  }),
  toFailedCause({
    code: 'PLUGIN_FAILED',
    group: 'rights',
    title: 'The credential plugin failed, in its own words',
    looksLike: 'Every command shows the last lines of the plugin.',
    help: "Log in again with your provider's tool.",
    of: ['CREDENTIALS_REJECTED'],
    isOf: (error) =>
      isOfPlugin(error) && !isBadAnswer(error) && findSystemCode(error) !== 'ENOENT' && !wantsTerminal(error),
    suggest: () => [advice("Log in again with your provider's tool")],
  }),
];
