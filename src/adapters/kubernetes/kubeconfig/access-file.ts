import { type Stats, statSync } from 'node:fs';
import { listFiles, type PlaceInEnvironment } from './kubeconfig-files.ts';
import { type Access, loadAccess } from './load-access.ts';

/** The access that a kubeconfig gives: read at the first use, and again when somebody wrote it and asks for that. */
export class AccessFile {
  readonly #place: PlaceInEnvironment;
  #read: { access: Access; stamp: string } | undefined;

  constructor(place: PlaceInEnvironment) {
    this.#place = place;
  }

  /** Throws what `loadAccess` throws. */
  get current(): Access {
    this.#read ??= { stamp: this.#stamp(), access: loadAccess(this.#place) };
    return this.#read.access;
  }

  /**
   * True when the files have changed and were read again; context and namespace stay the ones that were first found,
   * whatever is current there by now. What it throws leaves the access as it was.
   */
  refresh(): boolean {
    const { context, namespace } = this.current;
    const stamp = this.#stamp();
    if (stamp === this.#read?.stamp) return false;
    this.#read = { stamp, access: loadAccess({ ...this.#place, context, namespace }) };
    return true;
  }

  /** When, how large and which the files are. */
  #stamp(): string {
    const stamps = listFiles(this.#place).map((file) => {
      const found = tryStat(file);
      return found === undefined ? [] : [found.mtimeMs, found.size, found.ino];
    });
    return JSON.stringify(stamps);
  }
}

/** Undefined for one that may not be looked at, too: what is wrong with it says who reads it. */
function tryStat(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
