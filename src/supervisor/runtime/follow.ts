import { stat } from 'node:fs/promises';

/** The kubelet takes up to a minute and a half to bring a changed Secret, so these seconds do not matter. */
const LOOK_MS = 2000;

/**
 * Calls `changed` after each change of a file, or when it comes or goes. It looks now and then instead of watching: a
 * watch takes one of the 128 inotify instances that all processes of a UID share on a node, and every workspace has the
 * same UID, so there may be none left. Whoever is behind a link is looked at, since a Secret's volume is changed by
 * swapping links.
 */
export function followFile(file: string, changed: () => void, lookMs = LOOK_MS): { seen: Promise<void>; stop(): void } {
  let last: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async () => {
    const state = await describe(file);
    if (last !== undefined && state !== last && !stopped) changed();
    last = state;
    if (!stopped) timer = setTimeout(look, lookMs).unref();
  };
  return {
    seen: look(),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

async function describe(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeMs } = await stat(file);
    return [dev, ino, size, mtimeMs].join();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}
