import { createHash } from 'node:crypto';
import path from 'node:path';
import { readMark, removeOldMarks, touchMark } from '../../adapters/files/time-mark.ts';
import type { ServerMemory } from '../../adapters/kubernetes/api/patience/server-comeback.ts';
import { configFolder } from './folders.ts';

/** An API server that was away for longer is not one that restarts. */
const LATELY_MS = 10 * 60_000;

const folder = () => path.join(configFolder(), 'answered');
const markOf = (server: URL) =>
  path.join(folder(), createHash('sha256').update(server.href).digest('hex').slice(0, 16));

/** A mark for each API server that answered lately. */
export const SERVER_MEMORY: ServerMemory = {
  answeredLately(server) {
    const atMs = readMark(markOf(server));
    return atMs !== undefined && Math.abs(Date.now() - atMs) <= LATELY_MS;
  },
  noteAnswer(server) {
    const isNew = touchMark(markOf(server));
    // Clusters come and go, each with an address of its own.
    if (isNew) removeOldMarks(folder(), LATELY_MS);
  },
};
