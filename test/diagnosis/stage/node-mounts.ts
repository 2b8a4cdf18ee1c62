/** File systems of the node: it has a mount namespace of its own, and sees nothing that is mounted here later. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { getKubeconfig } from '../../e2e/cluster-under-test.ts';
import { type DiagnosisStage, runProgram } from './stage.ts';

/**
 * A file system in the folder that is full, for as long as the stage stands: it has no inode left either, or folders
 * could be made.
 */
export async function mountFull(stage: DiagnosisStage, folder: string, kilobytes: number): Promise<void> {
  await onNode('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k,nr_inodes=2,mode=0777`, 'tmpfs', folder);
  stage.defer(() => onNode('umount', '-l', folder));
  // It ends with a failure when all is written.
  await onNode('dd', 'if=/dev/zero', `of=${folder}/ballast`, 'bs=4k').catch(() => undefined);
}

/** A file system in the folder that nobody can write to, for as long as the stage stands; it has these folders. */
export async function mountReadOnly(stage: DiagnosisStage, folder: string, folders: string[]): Promise<void> {
  await onNode('mount', '-t', 'tmpfs', '-o', 'mode=0777', 'tmpfs', folder);
  stage.defer(() => onNode('umount', '-l', folder));
  await onNode('install', '-d', '-m', '0777', ...folders.map((name) => path.join(folder, name)));
  await onNode('mount', '-o', 'remount,ro', folder);
}

export async function onNode(...words: string[]): Promise<void> {
  const own = `/proc/${findKubelet()}/ns`;
  // Its /proc shows nothing, and umount fails, to who is in no process namespace of it.
  const done = await runProgram('nsenter', [`--mount=${own}/mnt`, `--pid=${own}/pid`, ...words]);
  if (done.status !== 0) throw new Error(`${words.join(' ')} failed: ${done.stderr}`);
}

/** The one whose folder is beside the kubeconfig: other clusters have theirs. */
export function findKubelet(): string {
  const folder = path.dirname(getKubeconfig());
  const found = readdirSync('/proc').find((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    const words = readWords(pid);
    return /\/kubelet$/.test(words[0] ?? '') && words.some((word) => word.startsWith(folder));
  });
  if (found === undefined) throw new Error(`no kubelet of ${folder} runs`);
  return found;
}

function readWords(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
