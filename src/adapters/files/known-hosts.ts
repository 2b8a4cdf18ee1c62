/** `ws`'s own known_hosts file. Many `ws` may write it at once. */

import type { PublicKey } from '../../contract/keys/public-key.ts';
import { failure, hasCode, WorkspaceError } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { findKeys, findNames, forgetOldest, replaceKeys } from '../../workspace/ssh-config/known-hosts-file.ts';
import type { KnownHosts } from '../../workspace/world.ts';
import { readBytes, updateFile } from './atomic-file.ts';
import { leadElsewhere } from './look-at.ts';

/**
 * Clusters that live for an hour leave pins that nothing forgets, and each login reads them all. A workspace whose pin
 * is gone gets a new one from the cluster, as at its first login.
 */
const MOST_PINS = 2000;

/** The known_hosts file at an absolute path. Its methods throw `LOCAL_FILE_FAILED`. */
export function createKnownHosts(path: string): KnownHosts {
  const replace = (alias: string, keys: PublicKey[]) =>
    explain(path, async () => {
      await updateFile(path, (text) => forgetOldest(replaceKeys(text, alias, keys), MOST_PINS));
    });
  return {
    path,
    find: (alias) => explain(path, async () => findKeys(await readBytes(path), alias)),
    async pin(alias, keys) {
      await replace(alias, keys);
      return 'kept';
    },
    forget: (alias) => replace(alias, []),
    findNames: (key) => explain(path, async () => findNames(await readBytes(path), key)),
  };
}

/**
 * Goes on where a first pin cannot be written, as below a home that is read-only: the key came from the cluster's own
 * answer, and holds for this run. `onUnkept` hears why, once: a key has several names, and a run may pin several keys.
 * A key that stands there under another name is kept. A file that cannot be read, or that holds another key, stays an
 * error.
 */
export function pinWherePossible(inner: KnownHosts, onUnkept: (error: WorkspaceError) => void): KnownHosts {
  const unkept = new Map<string, PublicKey[]>();
  let isTold = false;
  return {
    path: inner.path,
    findNames: (...words) => inner.findNames(...words),
    find: async (alias) => unkept.get(alias) ?? (await inner.find(alias)),
    async pin(alias, keys) {
      try {
        await inner.pin(alias, keys);
        unkept.delete(alias);
        return 'kept';
      } catch (error) {
        if (!hasCode(error, 'LOCAL_FILE_FAILED') || (await inner.find(alias)).length > 0) throw error;
        unkept.set(alias, keys);
        const names = await Promise.all(keys.map((key) => inner.findNames(key)));
        if (names.every((found) => found.length > 0)) return 'kept';
        if (!isTold) onUnkept(error);
        isTold = true;
        return 'unkept';
      }
    },
    async forget(alias) {
      unkept.delete(alias);
      await inner.forget(alias);
    },
  };
}

async function explain<Result>(path: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof WorkspaceError) throw cause;
    throw failure('LOCAL_FILE_FAILED', {
      message: `The known hosts file ${path} cannot be used`,
      reason: toReason(cause, 'file'),
      suggestions: leadElsewhere(path),
      cause,
    });
  }
}
