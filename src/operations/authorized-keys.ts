import { AUTHORIZED_KEYS_FILE } from '../contract/paths.ts';
import { failure, hasCode } from '../workspace/errors.ts';
import { toFingerprint } from '../workspace/keys.ts';
import type { World } from '../workspace/world.ts';
import { selectWorkspace } from './steps/select-workspace.ts';

export interface AuthorizedKey {
  type: string;
  blob: string;
  comment: string;
  fingerprint: string;
}

const LINE =
  /(?:^|\s)(?<type>ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+|sk-[\w@.-]+) (?<blob>AAAA[A-Za-z0-9+/=]+)(?: (?<comment>.*))?$/;

/** The keys that open a workspace, in the order of its Secret. */
export async function listKeys(name: string | undefined, world: World, signal: AbortSignal): Promise<AuthorizedKey[]> {
  const { text } = await readKeys(name, world, signal);
  return text.split('\n').flatMap((line) => toKey(line) ?? []);
}

/** Adds lines that are not there yet. They take effect in the running workspace within 90 seconds. Returns what was added. */
export async function addKeys(
  name: string | undefined,
  lines: string[],
  world: World,
  signal: AbortSignal,
): Promise<AuthorizedKey[]> {
  return changeKeys(name, world, signal, (text) => {
    const present = new Set(text.split('\n').flatMap((line) => toKey(line)?.blob ?? []));
    const added: string[] = [];
    for (const line of lines) {
      const blob = toKey(line)?.blob;
      if (blob === undefined || present.has(blob)) continue;
      present.add(blob);
      added.push(line);
    }
    const base = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    return {
      text: base + added.map((line) => `${line}\n`).join(''),
      changed: added.flatMap((line) => toKey(line) ?? []),
    };
  });
}

/** Removes the keys with this fingerprint or comment. Refuses to remove the last one. Returns what was removed. */
export async function removeKeys(
  name: string | undefined,
  wanted: string,
  world: World,
  signal: AbortSignal,
): Promise<AuthorizedKey[]> {
  return changeKeys(name, world, signal, (text) => {
    const lines = text.split('\n');
    const isWanted = (line: string) => {
      const key = toKey(line);
      return key !== undefined && (key.fingerprint === wanted || key.comment === wanted);
    };
    const removed = lines.filter(isWanted).flatMap((line) => toKey(line) ?? []);
    const left = lines.filter((line) => !isWanted(line));
    if (removed.length === 0) {
      throw failure('KEY_NOT_FOUND', {
        message: `No authorized key has the fingerprint or comment "${wanted}"`,
        suggestions: ['ws keys ls'],
      });
    }
    if (!left.some((line) => toKey(line) !== undefined)) {
      throw failure('BAD_VALUE', {
        message: 'That is the last key; nobody could log in without it',
        suggestions: ['ws keys add FILE.pub   (first another one)'],
      });
    }
    return { text: left.join('\n'), changed: removed };
  });
}

function toKey(line: string): AuthorizedKey | undefined {
  const match = line.trimStart().startsWith('#') ? null : LINE.exec(line.trim());
  if (match?.groups === undefined) return undefined;
  const { type = '', blob = '', comment = '' } = match.groups;
  return { type, blob, comment: comment.trim(), fingerprint: toFingerprint(blob) };
}

async function readKeys(name: string | undefined, world: World, signal: AbortSignal) {
  const snapshot = await selectWorkspace(name, world, signal);
  const secretName = snapshot.deployment?.authorizedKeysSecret ?? '';
  const data = (await world.cluster.findSecret(secretName, signal))?.get(AUTHORIZED_KEYS_FILE);
  return { secretName, data, text: data?.toString('utf8') ?? '' };
}

/** Two people may change keys at once: the one who comes second reads again. */
async function changeKeys(
  name: string | undefined,
  world: World,
  signal: AbortSignal,
  change: (text: string) => { text: string; changed: AuthorizedKey[] },
): Promise<AuthorizedKey[]> {
  for (let attempt = 1; ; attempt += 1) {
    const { secretName, data, text } = await readKeys(name, world, signal);
    const { text: changedText, changed } = change(text);
    if (changed.length === 0) return [];
    try {
      await world.cluster.updateSecret(secretName, AUTHORIZED_KEYS_FILE, data, Buffer.from(changedText), signal);
      return changed;
    } catch (error) {
      if (!hasCode(error, 'WORKSPACE_BUSY') || attempt >= 5) throw error;
    }
  }
}
