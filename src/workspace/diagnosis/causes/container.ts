/** The runtime cannot make the container, or its server keeps ending. */
import { kubectl } from '../../errors/suggestion.ts';
import type { FindTrouble } from '../trouble.ts';
import { findWaiting } from './waiting.ts';

const UNMADE = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'];

export const findContainerTrouble: FindTrouble = (pod) => {
  const { reason, message = '' } = findWaiting(pod) ?? {};
  if (reason === 'CrashLoopBackOff')
    return {
      reason,
      message: toCrash(pod.container?.lastEnd),
      nature: 'lasting',
      suggestion: kubectl`logs ${pod.name} --previous`,
    };
  if (reason === undefined || !UNMADE.includes(reason)) return undefined;
  return {
    reason,
    message: pod.container?.isSubPathRefused === true ? toRefusedFolder(message) : message,
    nature: 'lasting',
    suggestion: kubectl`describe pod ${pod.name}`,
  };
};

function toCrash(
  end: { reason?: string | undefined; exitCode?: number | undefined; message?: string | undefined } = {},
): string {
  // What it said of its end, if it could.
  const words = end.message === undefined ? '' : `: ${end.message}`;
  return `The server in the pod ends again and again (${end.reason ?? 'Error'}, exit code ${end.exitCode ?? '?'})${words}`;
}

/** Kubernetes makes the folder as root, which NFS with root squash takes for nobody. */
function toRefusedFolder(message: string): string {
  return `The home's folder (sub path) cannot be made in its volume: ${message}. On NFS with root squash make it yourself, for the workspace's UID and open to be entered by others, or use the volume's root`;
}
