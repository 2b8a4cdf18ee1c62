/**
 * Which of the user's own files `ws config-ssh` has made, kept beside its own: what it made and empties again, it
 * removes. An empty file that somebody else has made stays.
 */
import { toBytes } from '../../workspace/ssh-config/host-blocks.ts';
import type { SshConfigFiles, TextFile } from '../../workspace/ssh-config/ssh-config.ts';

const MEMORY = 'ssh_config_made';

/** Changes a file of the user's, and remembers it where that has made it. */
export async function updateUsers(
  file: TextFile,
  change: (text: string) => string,
  files: SshConfigFiles,
): Promise<void> {
  const isMade = await file.update(change);
  if (!isMade) return;
  const line = toBytes(file.path);
  await files.beside(MEMORY).update((text) => (readLines(text).includes(line) ? text : `${text}${line}\n`));
}

/** Removes those of the files that were made here and hold nothing any more, and the memory of all of them. */
export async function removeEmptied(emptied: readonly (TextFile | undefined)[], files: SshConfigFiles): Promise<void> {
  const memory = files.beside(MEMORY);
  const made = readLines(await memory.read());
  for (const file of emptied)
    if (file !== undefined && made.includes(toBytes(file.path)) && (await file.read()) === '') await file.remove();
  await memory.remove();
}

function readLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
