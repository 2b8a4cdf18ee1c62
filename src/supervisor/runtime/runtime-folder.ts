import { constants } from 'node:fs';
import { chmod, lstat, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import { Explained } from '../../contract/explained.ts';

/**
 * Files in a folder that the user's programs can write to as well, and that outlives the container: there may be a
 * folder, a pipe or a link where a file is to be, and no room left. Nothing here is read or written through what is no
 * plain file.
 */
export class RuntimeFolder {
  readonly #folder: string;
  readonly #own = new Set<string>();
  #next = 1;

  constructor(folder: string) {
    this.#folder = folder;
  }

  pathOf(name: string): string {
    return path.join(this.#folder, name);
  }

  /**
   * Puts a file there, whole or not at all: whoever reads meanwhile gets the old one or the new one. A folder in the
   * way gets another name. With `clear`, everything else goes if there is no room: at a start nobody uses it any more.
   * Returns the path; throws `Explained` with one sentence.
   */
  async place(name: string, bytes: Buffer | string, mode: number, clear: boolean): Promise<string> {
    this.#own.add(name);
    const target = this.pathOf(name);
    const write = () => this.#write(target, bytes, mode);
    try {
      await write()
        .catch(() => this.#putAside(target).then(write))
        .catch((error) => (clear ? this.#clear().then(write) : Promise.reject(error)));
    } catch (error) {
      throw new Explained(
        `${target} cannot be written, and a restart does not help: the pod must be deleted, so that it gets a new ${this.#folder} (${(error as Error).message})`,
      );
    }
    return target;
  }

  /** The text of a small file; undefined when there is none, or when something else is in its place. */
  async find(name: string): Promise<string | undefined> {
    this.#own.add(name);
    try {
      // Neither a pipe without a writer nor a link to another place.
      const file = await open(this.pathOf(name), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
      try {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
        return buffer.toString('latin1', 0, bytesRead);
      } finally {
        await file.close();
      }
    } catch {
      return undefined;
    }
  }

  async #write(target: string, bytes: Buffer | string, mode: number): Promise<void> {
    const fresh = await this.#findFreeName();
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const file = await open(fresh, flags, mode);
    try {
      await file.writeFile(bytes);
    } catch (error) {
      await unlink(fresh).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
    await rename(fresh, target).catch(async (error) => {
      await unlink(fresh).catch(() => undefined);
      throw error;
    });
  }

  /** A folder cannot be replaced by a file, but it can be given another name, whatever is in it. */
  async #putAside(target: string): Promise<void> {
    const there = await lstat(target).catch(() => undefined);
    if (there?.isDirectory() === true) await rename(target, await this.#findFreeName());
  }

  async #clear(): Promise<void> {
    const others = (await readdir(this.#folder)).filter((name) => !this.#own.has(name));
    for (const name of others) {
      const file = this.pathOf(name);
      // A folder without rights hides what is in it even from its owner; the error says so if the file still does not
      // fit. What a link leads to is not of this folder.
      const there = await lstat(file).catch(() => undefined);
      if (there?.isDirectory() === true) await chmod(file, 0o700).catch(() => undefined);
      await rm(file, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  async #findFreeName(): Promise<string> {
    while (true) {
      const name = this.pathOf(`.ws-${process.pid}-${this.#next++}`);
      if ((await lstat(name).catch(() => undefined)) === undefined) return name;
    }
  }
}
