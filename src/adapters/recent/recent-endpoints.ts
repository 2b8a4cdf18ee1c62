/** Where workspaces were reached the last time, in a small file: the newest of them, for the places that this user works in. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Endpoint } from '../../workspace/endpoint.ts';
import type { RecentEndpoints } from '../../workspace/world.ts';

/** How many are remembered. */
const KEPT = 50;

/** As of the context whose name is given: an endpoint has its namespace, and not its cluster. */
type Entry = Endpoint & { context: string };

/** The file may be lost, damaged or written by several `ws` at once: then nothing, or the older place, is remembered. */
export function openRecentEndpoints(file: string, context: string, namespace: string): RecentEndpoints {
  const isOf = (workspace: string) => (entry: Entry) =>
    entry.context === context && entry.namespace === namespace && entry.workspace === workspace;
  return {
    async find(workspace) {
      return (await read(file)).find(isOf(workspace));
    },
    async keep(endpoint) {
      const entries = await read(file);
      const index = entries.findIndex(isOf(endpoint.workspace));
      const known = entries[index];
      if (known?.pod === endpoint.pod && known.sshPort === endpoint.sshPort) return;
      if (index >= 0) entries.splice(index, 1);
      await write(file, [{ ...endpoint, context }, ...entries].slice(0, KEPT)).catch(() => undefined);
    },
  };
}

async function read(file: string): Promise<Entry[]> {
  try {
    const entries = JSON.parse(await readFile(file, 'utf8')) as unknown;
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is Entry {
  const { pod, sshPort } = (value ?? {}) as Partial<Entry>;
  return typeof pod === 'string' && typeof sshPort === 'number';
}

async function write(file: string, entries: Entry[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${process.hrtime.bigint()}`;
  try {
    await writeFile(draft, JSON.stringify(entries), { mode: 0o600 });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
