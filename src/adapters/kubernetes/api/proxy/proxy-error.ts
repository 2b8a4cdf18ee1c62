/** What goes wrong at a proxy, in words that do not blame the API server behind it. */
import { failure, type WorkspaceError } from '../../../../workspace/errors/errors.ts';
import { toReason } from '../../../../workspace/errors/foreign/to-reason.ts';
import { kubectl, run, ws } from '../../../../workspace/errors/suggestion.ts';

export interface Proxy {
  url: string;
  /** The variable that names it; undefined where the kubeconfig does. */
  variable: string | undefined;
}

/** The proxy's own fault: what it answered instead of a connection, or why there was no answer. */
export function toProxyError({ url, variable }: Proxy, server: URL, fault: unknown): WorkspaceError {
  const proxy = `The proxy ${new URL(url).host} (${variable ?? "the kubeconfig's proxy-url"})`;
  const code = findCode(fault);
  const isAnswer = typeof fault === 'number';
  const isAway = !isAnswer && code !== undefined && code !== 'ETIMEDOUT';
  return failure('CLUSTER_UNREACHABLE', {
    message: isAway ? `${proxy} cannot be reached` : `${proxy} opens no connection to the API server ${server.host}`,
    reason: isAnswer ? describeStatus(fault) : describeFault(fault, code),
    suggestions: [
      variable === undefined
        ? { ...kubectl`config view --minify`, note: 'shows its proxy-url' }
        : { ...run('unset')`${variable}`, note: 'if the cluster can be reached without it' },
      ws`doctor`,
    ],
    ...(isAnswer ? {} : { cause: fault }),
  });
}

function describeStatus(status: number): string {
  const why: Record<number, string> = {
    403: 'it does not allow it',
    407: 'it wants a username and a password in its address, or others',
    502: 'it does not reach it',
    503: 'it cannot do it now',
    504: 'it got no answer from there',
  };
  const words = why[status];
  return words === undefined ? `it answers with status ${status}` : `${words} (status ${status})`;
}

function describeFault(fault: unknown, code: string | undefined): string {
  // The client for SOCKS keeps of the system's error only its message.
  const coded =
    fault instanceof Error && code !== undefined ? Object.assign(new Error(fault.message), { code }) : fault;
  const reason = toReason(coded, 'address');
  return code === undefined || reason.includes(code) ? reason : `${reason} (${code})`;
}

function findCode(fault: unknown): string | undefined {
  if (!(fault instanceof Error)) return undefined;
  const { code } = fault as NodeJS.ErrnoException;
  return code ?? /\bE(?:CONN[A-Z]+|NOTFOUND|AI_[A-Z]+|HOST[A-Z]+|NET[A-Z]+|TIMEDOUT)\b/.exec(fault.message)?.[0];
}
