import { hasCode } from '../../workspace/errors/errors.ts';
import type { Identity } from '../../workspace/keys/keys.ts';
import type { World } from '../../workspace/world.ts';

/** Whoever has made the file writes a few hundred bytes. */
const LOOKS = 10;
const LOOK_MS = 100;

/**
 * A new key pair at a path where none was. If another `ws up` has made one there meanwhile, it is that one: whoever
 * brings up several workspaces at once gets one key for all. Throws `LOCAL_FILE_FAILED`.
 */
export async function generateOnce(
  { path, comment }: { path: string; comment: string },
  { identities, clock }: Pick<World, 'identities' | 'clock'>,
  signal: AbortSignal,
): Promise<Identity & { isOurs: boolean }> {
  try {
    return { ...(await identities.generate(path, comment)), isOurs: true };
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    if (!hasCode(error, 'LOCAL_FILE_FAILED') || code !== 'EEXIST') throw error;
    for (let look = 0; look < LOOKS; look += 1) {
      const made = await identities.read(path).catch(() => undefined);
      if (made?.encrypted === true) break;
      if (made !== undefined) return { ...made, isOurs: false };
      await clock.sleep(LOOK_MS, signal);
    }
    throw error;
  }
}
