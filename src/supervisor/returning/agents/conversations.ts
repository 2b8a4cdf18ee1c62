/** Which conversation an agent at work is in, as far as its own files say so. */
import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readBounded } from '../bounded-file.ts';

/** How an agent keeps its conversations. Folders are of the home. */
export type ConversationPlace =
  /** A file of each process names its conversation; transcripts lie by the folder they are about. */
  | { kind: 'claude'; folder: string }
  /** A transcript's name ends with its conversation's, and its first line has the folder. */
  | { kind: 'codex'; folder: string }
  /** A table of folders; a transcript's first line has its conversation's name. */
  | { kind: 'gemini'; folder: string }
  /** A folder for each conversation, with a lock of the process that has it open. */
  | { kind: 'copilot'; folder: string }
  /** One file for all, in the home or in the folder that the conversation is about. */
  | { kind: 'file'; inHome: string }
  | { kind: 'file'; inFolder: string };

/** An agent at work. */
export interface AtWork {
  pid: number;
  folder: string;
  startedAtMs: number;
  /** The conversation that it was told to take up. */
  named: string | undefined;
}

/** A folder with more entries is nobody's by accident, and not worth the time. */
const MOST_ENTRIES = 5000;
const MOST_BYTES = 256 * 1024;

/** The newest ones: an agent that is at work has begun one of them, or gone on with it. */
const MOST_ROLLOUTS = 200;

/** A clock of files may be a little behind that of processes. */
const CLOCK_MS = 2000;

/** The name of its conversation; undefined where nothing says so, or where there is no transcript. */
export async function findConversation(
  home: string,
  place: ConversationPlace,
  atWork: AtWork,
  taken: ReadonlySet<string>,
): Promise<string | undefined> {
  const found = await findByFiles(home, place, atWork, taken);
  if (found !== undefined || atWork.named === undefined || taken.has(atWork.named)) return found;
  // An agent that took a conversation up, and in which nothing was said since, has not touched its transcript.
  return (await isThere(home, place, atWork.named, atWork.folder)) ? atWork.named : undefined;
}

async function findByFiles(
  home: string,
  place: ConversationPlace,
  atWork: AtWork,
  taken: ReadonlySet<string>,
): Promise<string | undefined> {
  switch (place.kind) {
    case 'claude':
      return findOfProcess(path.join(home, place.folder), atWork);
    case 'codex':
      return findAmongRollouts(path.join(home, place.folder), atWork, taken);
    case 'gemini':
      return findAmongChats(path.join(home, place.folder), atWork, taken);
    case 'copilot':
      return findByLock(path.join(home, place.folder), atWork.pid);
    case 'file':
      return (await isThere(home, place, 'latest', atWork.folder)) ? 'latest' : undefined;
  }
}

/** Whether the conversation's transcript is there: without it an agent would begin with an error. */
export async function isThere(home: string, place: ConversationPlace, id: string, folder: string): Promise<boolean> {
  switch (place.kind) {
    case 'claude':
      return isFile(path.join(home, place.folder, 'projects', toClaudeName(folder), `${id}.jsonl`));
    case 'codex':
      for await (const file of listRollouts(path.join(home, place.folder)))
        if (file.endsWith(`-${id}.jsonl`)) return true;
      return false;
    case 'gemini': {
      for await (const { head } of listChats(path.join(home, place.folder), folder))
        if (head.sessionId === id) return true;
      return false;
    }
    case 'copilot':
      return isFile(path.join(home, place.folder, id, 'events.jsonl'));
    case 'file':
      return isFile('inHome' in place ? path.join(home, place.inHome) : path.join(folder, place.inFolder));
  }
}

/** Claude Code's name for a project's folder. */
function toClaudeName(folder: string): string {
  return folder.replace(/[^A-Za-z0-9]/g, '-');
}

async function findOfProcess(root: string, { pid, startedAtMs }: AtWork): Promise<string | undefined> {
  const found = await readJson(path.join(root, 'sessions', `${pid}.json`));
  const begunMs = Number(found?.['startedAt']);
  // Numbers of processes come back, and a file of a killed one stays.
  return begunMs >= startedAtMs - CLOCK_MS ? toText(found?.['sessionId']) : undefined;
}

async function findAmongRollouts(
  root: string,
  atWork: AtWork,
  taken: ReadonlySet<string>,
): Promise<string | undefined> {
  const found: Candidate[] = [];
  let left = MOST_ROLLOUTS;
  for await (const file of listRollouts(root)) {
    if (left-- === 0) break;
    const id = file.slice(-'.jsonl'.length - 36, -'.jsonl'.length);
    const changedMs = await readChangedMs(file);
    if (taken.has(id) || changedMs < atWork.startedAtMs - CLOCK_MS) continue;
    // The first line goes on with the whole instructions, so it is not read as JSON.
    const head = (await readBounded(file, 4096, true).catch(() => undefined))?.toString('utf8') ?? '';
    if (head.includes(`"cwd":${JSON.stringify(atWork.folder)}`)) found.push({ id, changedMs });
  }
  return findNewest(found);
}

async function findAmongChats(root: string, atWork: AtWork, taken: ReadonlySet<string>): Promise<string | undefined> {
  const found: Candidate[] = [];
  for await (const { file, head } of listChats(root, atWork.folder)) {
    const changedMs = await readChangedMs(file);
    const id = toText(head.sessionId);
    if (id === undefined || taken.has(id) || changedMs < atWork.startedAtMs - CLOCK_MS) continue;
    found.push({ id, changedMs });
  }
  return findNewest(found);
}

async function findByLock(root: string, pid: number): Promise<string | undefined> {
  for (const id of await listNames(root)) {
    if ((await isFile(path.join(root, id, `inuse.${pid}.lock`))) && (await isFile(path.join(root, id, 'events.jsonl'))))
      return id;
  }
  return undefined;
}

/** By year, month and day, the newest first. */
async function* listRollouts(root: string, depth = 0): AsyncGenerator<string> {
  const names = (await listNames(root)).toSorted().toReversed();
  for (const name of names) {
    const file = path.join(root, name);
    if (depth < 3 && /^\d{2,4}$/.test(name)) yield* listRollouts(file, depth + 1);
    else if (depth === 3 && /^rollout-.*-[0-9a-f-]{36}\.jsonl$/.test(name)) yield file;
  }
}

async function* listChats(
  root: string,
  folder: string,
): AsyncGenerator<{ file: string; head: { sessionId?: unknown } }> {
  const table = (await readJson(path.join(root, 'projects.json')))?.['projects'];
  const name =
    typeof table === 'object' && table !== null ? toText((table as Record<string, unknown>)[folder]) : undefined;
  if (name === undefined || !/^[\w.-]+$/.test(name) || name.startsWith('.')) return;
  const chats = path.join(root, 'tmp', name, 'chats');
  for (const chat of (await listNames(chats)).filter((each) => /^session-.*\.jsonl$/.test(each))) {
    const file = path.join(chats, chat);
    const line = (await readBounded(file, 4096, true).catch(() => undefined))?.toString('utf8').split('\n')[0] ?? '';
    yield { file, head: parseObject(line) ?? {} };
  }
}

interface Candidate {
  id: string;
  changedMs: number;
}

function findNewest(candidates: Candidate[]): string | undefined {
  return candidates.toSorted((a, b) => b.changedMs - a.changedMs)[0]?.id;
}

async function listNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder)) if (names.push(name) === MOST_ENTRIES) break;
  } catch {
    // Not there, or not to be read: it has none.
  }
  return names;
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function readChangedMs(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

async function readJson(file: string): Promise<Record<string, unknown> | undefined> {
  const bytes = await readBounded(file, MOST_BYTES).catch(() => undefined);
  return bytes === undefined ? undefined : parseObject(bytes.toString('utf8'));
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
