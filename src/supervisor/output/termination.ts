import { closeSync, constants, openSync, writeSync } from 'node:fs';

/**
 * Where the kubelet reads why a container ended (`terminationMessagePath`): a file of its own, writable under a
 * read-only root.
 */
const TERMINATION_LOG = '/dev/termination-log';

/** The kubelet keeps 4096 bytes. */
const LONGEST = 1024;

/** Leaves one sentence for whoever looks at the pod. Never throws: outside of Kubernetes there is no such file. */
export function leaveLastWords(sentence: string, file = TERMINATION_LOG): void {
  try {
    const flags = constants.O_WRONLY | constants.O_TRUNC | constants.O_NONBLOCK | constants.O_NOFOLLOW;
    const target = openSync(file, flags);
    writeSync(target, sentence.slice(0, LONGEST));
    closeSync(target);
  } catch {
    // The log has it too.
  }
}
