/**
 * The last logins of this user, in a small file: the newest of them, whatever their cluster. It holds names, and no
 * secret.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isPrintable } from '../../workspace/errors/printable.ts';
import type { RecentLogin } from '../../workspace/recent-login.ts';
import {
  parseObjectName,
  parsePortNumber,
  parseUser,
  parseWorkspaceLabel,
} from '../../workspace/state/cluster-words.ts';
import type { RecentLogins } from '../../workspace/world.ts';
import { makeFolder } from './make-folder.ts';
import { replaceFile } from './replace-file.ts';

/** How many are remembered. */
const KEPT = 50;

/** An endpoint has its namespace, and not its cluster. */
type Entry = RecentLogin & { context: string };

/** The file may be lost, damaged or written by several `ws` at once: then nothing, or an older login, is remembered. */
export function openRecentLogins(file: string, context: string, namespace: string): RecentLogins {
  const isHere = (entry: Entry) => entry.context === context && entry.endpoint.namespace === namespace;
  const isOf = (workspace: string) => (entry: Entry) => isHere(entry) && entry.endpoint.workspace === workspace;
  return {
    async find(workspace) {
      return read(file).find(isOf(workspace));
    },
    async list() {
      return read(file)
        .filter(isHere)
        .map(({ endpoint }) => endpoint.workspace);
    },
    async keep(login) {
      const entries = read(file);
      const index = entries.findIndex(isOf(login.endpoint.workspace));
      const known = entries[index];
      const entry = {
        ...login,
        context,
        identities: login.identities.length > 0 ? login.identities : (known?.identities ?? []),
      };
      if (isDeepStrictEqual(known, entry)) return;
      if (index >= 0) entries.splice(index, 1);
      await write(file, [entry, ...entries].slice(0, KEPT));
    },
  };
}

function read(file: string): Entry[] {
  try {
    const entries = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch {
    return [];
  }
}

/**
 * What a login could have come to. A file that any program of the user writes is no reason to log in as something else.
 */
function isEntry(value: unknown): value is Entry {
  const { context, endpoint, hostKeyAlias, identities } = (value ?? {}) as Partial<Entry>;
  return (
    isText(context) &&
    parseWorkspaceLabel(endpoint?.workspace) !== undefined &&
    parseObjectName(endpoint?.namespace) !== undefined &&
    parseObjectName(endpoint?.pod) !== undefined &&
    parsePortNumber(endpoint?.sshPort) !== undefined &&
    (endpoint?.resumePort === undefined || parsePortNumber(endpoint.resumePort) !== undefined) &&
    parseUser(endpoint?.user) !== undefined &&
    isName(endpoint?.hostKeySecret) &&
    isName(endpoint?.authorizedKeysSecret) &&
    isText(hostKeyAlias) &&
    Array.isArray(identities) &&
    identities.every(isText)
  );
}

/** Or none: JSON leaves out what is undefined. */
function isName(value: unknown): boolean {
  return value === undefined || parseObjectName(value) !== undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && isPrintable(value);
}

async function write(file: string, entries: Entry[]): Promise<void> {
  try {
    await makeFolder(path.dirname(file));
    await replaceFile(file, Buffer.from(JSON.stringify(entries)), { isDurable: false });
  } catch {
    // A full or read-only disk: the next login asks the cluster.
  }
}
