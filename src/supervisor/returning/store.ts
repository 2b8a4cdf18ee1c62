/** The folder of the home where the sessions are kept. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, opendir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { awaitVolume } from '../runtime/slow-call.ts';
import { readBounded } from './bounded-file.ts';
import { isScrollbackName, MOST_PANES, parseSaved, type SavedSession, toSavedText } from './saved.ts';
import { packScrollback, unpackScrollback } from './scrollback.ts';

const FOLDER = '.local/state/ws/sessions';
const INDEX = 'sessions.json';
const NEXT = 'sessions.json.new';
const ENDING = 'ending';
const MOST_INDEX_BYTES = 2 * 2 ** 20;
const MOST_SCROLLBACK_BYTES = 2 * 2 ** 20;

/**
 * The index names the files with what the panes showed. These are new with each change, and the index takes the place
 * of the one before in one step: at any moment the index that stands there is whole, and so are its files.
 */
export class Store {
  readonly #folder: string;

  constructor(home: string) {
    this.#folder = path.join(home, FOLDER);
  }

  /** Rejects where the home is full, closed, or has something else in the folder's place. */
  writeScrollback(text: string): Promise<string> {
    return awaitVolume(async () => {
      const bytes = await packScrollback(text);
      const name = `scrollback-${randomBytes(8).toString('hex')}.gz`;
      await this.#write(name, bytes);
      return name;
    });
  }

  writeIndex(sessions: SavedSession[]): Promise<void> {
    return awaitVolume(async () => {
      await rm(path.join(this.#folder, NEXT), { force: true });
      await this.#write(NEXT, Buffer.from(toSavedText(sessions)));
      await rename(path.join(this.#folder, NEXT), path.join(this.#folder, INDEX));
      await this.#clear(sessions);
    });
  }

  /** All that was kept, which is nothing where anything is wrong with it. */
  read(): Promise<SavedSession[]> {
    return awaitVolume(async () => {
      const bytes = await readBounded(path.join(this.#folder, INDEX), MOST_INDEX_BYTES).catch(() => undefined);
      return bytes === undefined ? [] : parseSaved(bytes.toString('utf8'));
    });
  }

  readScrollback(name: string): Promise<string | undefined> {
    return awaitVolume(() =>
      readBounded(path.join(this.#folder, name), MOST_SCROLLBACK_BYTES)
        .then(unpackScrollback)
        .catch(() => undefined),
    );
  }

  /** Says to the pod that comes after this one that a last save is to come. Rejects as `writeScrollback` does. */
  markEnding(): Promise<void> {
    return awaitVolume(async () => {
      await rm(path.join(this.#folder, ENDING), { force: true });
      await this.#write(ENDING, Buffer.alloc(0));
    });
  }

  isEnding(): Promise<boolean> {
    return awaitVolume(() =>
      access(path.join(this.#folder, ENDING)).then(
        () => true,
        () => false,
      ),
    );
  }

  unmarkEnding(): Promise<void> {
    return awaitVolume(() => rm(path.join(this.#folder, ENDING), { force: true }).catch(() => undefined));
  }

  /** Nothing stands for sessions that their user ended. */
  forget(): Promise<void> {
    return awaitVolume(async () => {
      await rm(path.join(this.#folder, INDEX), { force: true });
      await this.#clear([]);
    });
  }

  async #write(name: string, bytes: Buffer): Promise<void> {
    const file = path.join(this.#folder, name);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const handle = await open(file, flags, 0o600);
    try {
      await handle.writeFile(bytes);
      // Without it, a node that dies may leave an index of files that are empty.
      await handle.datasync();
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  }

  /** Removes the files that no pane has any more. Best effort. */
  async #clear(sessions: SavedSession[]): Promise<void> {
    const panes = sessions.flatMap(({ windows }) => windows.flatMap((window) => window.panes));
    const kept = new Set(panes.flatMap(({ scrollback }) => scrollback ?? []));
    try {
      let left = 10 * MOST_PANES;
      for await (const { name } of await opendir(this.#folder)) {
        if (left-- === 0) break;
        if (isScrollbackName(name) && !kept.has(name)) await rm(path.join(this.#folder, name), { force: true });
      }
    } catch {
      // There is nothing to clear.
    }
  }
}
