/** The end of a workspace with real programs, each started by a server of its own, as Dropbear starts them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { listProcesses } from '../../../src/supervisor/measures/proc.ts';
import { endProgramsAndConnections } from '../../../src/supervisor/programs/end-connections.ts';

const LIMIT_MS = 3000;

interface Connection {
  pid: number;
  server: ChildProcess;
  /** What its client got. */
  text: string;
  endedAtMs: number;
  terminate(): void;
}

const connections: Connection[] = [];
const isOpen = ({ endedAtMs }: Connection) => Number.isNaN(endedAtMs);

afterEach(() => {
  for (const { pid } of connections.splice(0)) killGroup(pid);
});

/** Also what is no child any more, since its server has ended. */
function killGroup(pid: number): void {
  // A program that could not be started: 0 is the group of whoever runs the test.
  if (pid === 0) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

/** A server that tells how its program ended, and stays, as a connection does that others share. */
async function connect(program: string): Promise<Connection> {
  const script = `bash -c '${program}' & echo started; wait "$!"; echo "status $?"; read -r`;
  const environment = { ...process.env, _: undefined };
  const server = spawn('env', ['--default-signal=HUP', 'bash', '-c', script], { env: environment, detached: true });
  const connection: Connection = {
    pid: server.pid ?? 0,
    server,
    text: '',
    endedAtMs: Number.NaN,
    terminate: () => server.kill('SIGTERM'),
  };
  server.stdout.on('data', (chunk) => {
    connection.text += String(chunk);
  });
  server.once('exit', () => {
    connection.endedAtMs = performance.now();
  });
  connections.push(connection);
  while (!connection.text.includes('ready')) await once(server.stdout, 'data');
  return connection;
}

/** These servers and what they have started: a test must end nothing else of the machine. */
function listTree(pids: number[]) {
  const all = listProcesses();
  const found = new Set(pids);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid));
}

it('tells each client how its program ended, as soon as it has, and leaves no connection behind', async () => {
  const saving = await connect('trap "sleep 0.7; exit 5" HUP; echo ready; sleep 100 & wait');
  const deaf = await connect('trap "" HUP TERM; echo ready; while :; do sleep 0.1; done');
  const begunMs = performance.now();
  const left = await endProgramsAndConnections(
    {
      listProcesses: () => listTree(connections.map(({ pid }) => pid)),
      listConnections: () => connections.filter(isOpen),
      protectedPids: () => connections.map(({ pid }) => pid),
      kill: (pid, signal) => void process.kill(pid, signal),
      sleep: (delayMs) => sleep(delayMs),
      nowMs: () => performance.now(),
    },
    LIMIT_MS,
  );
  expect(left).toBeGreaterThan(0);
  expect(saving.text).toBe('started\nready\nstatus 5\n');
  expect(saving.endedAtMs - begunMs).toBeLessThan(LIMIT_MS);
  // Its program never ends: the limit ends the connection.
  expect(deaf.text).toBe('started\nready\n');
  expect(deaf.endedAtMs - begunMs).toBeGreaterThanOrEqual(LIMIT_MS);
  expect(connections.filter(isOpen)).toEqual([]);
});
