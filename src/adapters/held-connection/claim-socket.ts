/** One process at a time has a socket's path, however many start at once, and whatever dead ones left there. */
import { randomBytes } from 'node:crypto';
import { linkSync, lstatSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';

/** A configuration that changes with every command must not leave a process for each. */
const MOST_HOLDERS = 8;

/** Each round another process has won, or what a dead one left has gone. */
const MOST_ROUNDS = 20;

/** So many sockets are asked at once: without descriptors to ask with, one that answers would look dead. */
const ASKED_AT_ONCE = 16;

/** A socket has its first name for milliseconds. One that has it for longer was left by a process that was killed. */
const NAMELESS_MS = 60_000;

export interface ClaimedSocket {
  server: Server;
  /** False once the folder was removed or another process has taken the path: nobody new will come here. */
  isOurs(): boolean;
  close(): void;
}

/** Undefined when another process is there, or when as many as may be are beside it, or when no socket can be made. */
export async function claimSocket(
  socketPath: string,
  onConnection: (socket: Socket) => void,
): Promise<ClaimedSocket | undefined> {
  const folder = path.dirname(socketPath);
  if (await isAnswered(socketPath)) return undefined;
  if ((await countHolders(folder)) >= MOST_HOLDERS) return undefined;
  // Under a name that nobody knows first, so that what others find by the path answers from its first moment on.
  const ownPath = toFirstName(folder);
  const server = createServer(onConnection);
  if (!(await listen(server, ownPath))) return undefined;
  const own = findIdentity(ownPath);
  const isOurs = () => own !== undefined && findIdentity(socketPath) === own;
  const close = () => {
    if (isOurs()) rmSync(socketPath, { force: true });
    server.close();
  };
  const hasPath = await takePath(ownPath, socketPath);
  rmSync(ownPath, { force: true });
  if (hasPath) return { server, isOurs, close };
  close();
  return undefined;
}

/** A link never takes the place of another socket, so one process alone gets the path. */
async function takePath(ownPath: string, socketPath: string): Promise<boolean> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    try {
      linkSync(ownPath, socketPath);
      return true;
    } catch (error) {
      // A folder that is gone, or a file system without links: this command then has a connection of its own.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
    const before = findIdentity(socketPath);
    if (await isAnswered(socketPath)) return false;
    removeDead(socketPath, before);
  }
  return false;
}

/** Removes what did not answer a moment ago, and leaves what another process has put there since. */
function removeDead(socketPath: string, dead: string | undefined): void {
  if (dead === undefined) return;
  // Moved first, and looked at then: nobody else finds it any more.
  const moved = toFirstName(path.dirname(socketPath));
  try {
    renameSync(socketPath, moved);
    if (findIdentity(moved) !== dead) linkSync(moved, socketPath);
  } catch {
    // Somebody else was faster. Whoever lost the path by it takes no more commands.
  }
  rmSync(moved, { force: true });
}

/** Those that answer. It removes what dead ones left. */
async function countHolders(folder: string): Promise<number> {
  const names = listNames(folder);
  for (const name of names) if (FIRST_NAME.test(name)) removeLeft(path.join(folder, name));
  const sockets = names.filter((name) => name.endsWith('.sock'));
  let holders = 0;
  for (let first = 0; first < sockets.length; first += ASKED_AT_ONCE) {
    const asked = sockets.slice(first, first + ASKED_AT_ONCE).map(async (name) => {
      const socket = path.join(folder, name);
      const before = findIdentity(socket);
      const isThere = await isAnswered(socket);
      if (!isThere) removeDead(socket, before);
      return isThere;
    });
    holders += (await Promise.all(asked)).filter(Boolean).length;
  }
  return holders;
}

/** As `toFirstName` makes it. */
const FIRST_NAME = /^\.[\w-]{8}$/;

function toFirstName(folder: string): string {
  return path.join(folder, `.${randomBytes(6).toString('base64url')}`);
}

function removeLeft(file: string): void {
  try {
    const found = lstatSync(file);
    if (found.isSocket() && Date.now() - found.mtimeMs > NAMELESS_MS) rmSync(file, { force: true });
  } catch {
    // It is gone already.
  }
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function listen(server: Server, socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    server.on('error', () => resolve(false));
    server.listen(socketPath, () => resolve(true));
  });
}

function isAnswered(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** Which socket it is, by whatever name. A number alone is given again at once: to the next process' socket. */
function findIdentity(file: string): string | undefined {
  try {
    const { dev, ino, mtimeNs } = statSync(file, { bigint: true });
    return `${dev}:${ino}:${mtimeNs}`;
  } catch {
    return undefined;
  }
}
