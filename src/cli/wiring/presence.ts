import path from 'node:path';
import { readMark, touchMark } from '../../adapters/files/time-mark.ts';
import { configFolder } from './folders.ts';

/** How long after a login at a terminal its person counts as being there. */
const PRESENT_MS = 60_000;

const markFile = () => path.join(configFolder(), 'at-terminal');

/** A login at a terminal, now. */
export function notePresence(): void {
  touchMark(markFile());
}

/** Whether there was one just now, on this machine, to whichever workspace. */
export function wasPresent(): boolean {
  const at = readMark(markFile());
  // A clock that was put back makes nobody present for long.
  return at !== undefined && Math.abs(Date.now() - at) <= PRESENT_MS;
}
