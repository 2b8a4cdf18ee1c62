/** Small texts that are forgotten after a time, a file each. Without them, nothing is known: none of this throws. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeFolder } from './make-folder.ts';
import { replaceFile } from './replace-file.ts';
import { readMark, removeOldMarks } from './time-mark.ts';

export interface ShortNotes {
  read(name: string): string | undefined;
  /** Writes meanwhile. */
  write(name: string, text: string): void;
  remove(name: string): void;
}

/** `lifeMs`: how long each is kept after it was written. */
export function openShortNotes(folder: string, lifeMs: number): ShortNotes {
  const toFile = (name: string) => path.join(folder, name);
  return {
    read(name) {
      try {
        const text = readFileSync(toFile(name), 'utf8');
        // A clock may have been set back since.
        return Math.abs(Date.now() - (readMark(toFile(name)) ?? 0)) <= lifeMs ? text : undefined;
      } catch {
        return undefined;
      }
    },
    write(name, text) {
      write(toFile(name), text).then(
        () => removeOldMarks(folder, lifeMs),
        // A full or read-only disk.
        () => undefined,
      );
    },
    remove(name) {
      try {
        rmSync(toFile(name), { force: true });
      } catch {
        // A read-only disk.
      }
    },
  };
}

async function write(file: string, text: string): Promise<void> {
  await makeFolder(path.dirname(file));
  await replaceFile(file, Buffer.from(text), { isDurable: false });
}
