/** One process at a time has a socket's path, however many start at once, and whatever dead ones left there. */
import { randomBytes } from 'node:crypto';
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A configuration that changes with every command must not leave a process for each. */
const MOST_HOLDERS = 8;

/** Two that start at once have both moved their socket there by then; the one that came last has the path. */
const SETTLE_MS = 50;

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
  // Under a name that nobody knows first: a rename takes the place of a dead socket at once, with no moment between.
  const ownPath = path.join(folder, `.${randomBytes(6).toString('base64url')}`);
  const server = createServer(onConnection);
  if (!(await listen(server, ownPath))) return undefined;
  const own = findInode(ownPath);
  const isOurs = () => own !== undefined && findInode(socketPath) === own;
  const close = () => {
    if (isOurs()) rmSync(socketPath, { force: true });
    server.close();
  };
  try {
    renameSync(ownPath, socketPath);
  } catch {
    close();
    return undefined;
  }
  await sleep(SETTLE_MS);
  if (isOurs()) return { server, isOurs, close };
  close();
  return undefined;
}

/** Those that answer. It removes what dead ones left. */
async function countHolders(folder: string): Promise<number> {
  const sockets = listSockets(folder);
  const answers = await Promise.all(
    sockets.map(async (name) => {
      const socket = path.join(folder, name);
      const before = findInode(socket);
      const isThere = await isAnswered(socket);
      if (!isThere && findInode(socket) === before) rmSync(socket, { force: true });
      return isThere;
    }),
  );
  return answers.filter(Boolean).length;
}

function listSockets(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.sock'));
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

function findInode(file: string): string | undefined {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
