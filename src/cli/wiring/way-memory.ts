import path from 'node:path';
import { openShortNotes } from '../../adapters/files/short-notes.ts';
import type { RememberedWay, WayMemory } from '../../adapters/kubernetes/ways/ladder.ts';
import { isPrintable } from '../../workspace/errors/printable.ts';
import type { WayNotTaken } from '../../workspace/ways/ways.ts';
import { configFolder } from './folders.ts';

/** Rights and proxies change. To try the first way again once a day costs nobody much. */
const LIFE_MS = 24 * 3_600_000;

const notes = () => openShortNotes(path.join(configFolder(), 'ways'), LIFE_MS);

/** Which way led to the pods of a cluster where the first one did not, in a file each. */
export const WAY_MEMORY: WayMemory = {
  find: (key) => parse(notes().read(key)),
  keep: (key, way) => notes().write(key, JSON.stringify(way)),
  forget: (key) => notes().remove(key),
};

/** A file that any program of the user writes is no reason to say something else. */
function parse(text: string | undefined): RememberedWay | undefined {
  if (text === undefined) return undefined;
  try {
    const { way, instead } = JSON.parse(text) as Partial<RememberedWay>;
    const isKnown = way === 'spdy' || way === 'exec';
    return isKnown && Array.isArray(instead) && instead.every(isNotTaken) ? { way, instead } : undefined;
  } catch {
    return undefined;
  }
}

function isNotTaken(value: unknown): value is WayNotTaken {
  const { way, why } = (value ?? {}) as Partial<WayNotTaken>;
  return (
    ['websocket', 'spdy', 'exec'].includes(String(way)) &&
    typeof why === 'string' &&
    isPrintable(why.replaceAll('\n', ''))
  );
}
