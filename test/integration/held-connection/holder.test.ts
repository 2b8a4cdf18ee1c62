/** Holders that are stuck, doubted, many, or gone: no command waits for one, and none is run twice. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenHolder, openHolder } from '../../../src/adapters/held-connection/open-holder.ts';
import { runHeld } from '../../../src/adapters/held-connection/run-held.ts';
import { createConnector } from '../../../src/adapters/ssh/connector.ts';
import { readKeyFile } from '../../../src/adapters/ssh/keys/key-files.ts';
import type { Terminal } from '../../../src/workspace/terminal.ts';
import type { SshConnection } from '../../../src/workspace/world.ts';
import { findMissing, makeKey, type Server, startServer } from '../ssh/sshd.ts';
import type { HolderPlan } from './holder-program.ts';

const missing = findMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const PROGRAM = join(import.meta.dirname, 'holder-program.ts');
const never = new AbortController().signal;
const quick = { startLimitMs: 500, silenceTicks: 2 };

function toTerminal(input: Readable = Readable.from([])): Terminal {
  return { stdin: input, stdout: new PassThrough().resume(), stderr: new PassThrough().resume(), termName: undefined };
}

describe.skipIf(missing !== undefined)('a holder', () => {
  let folder: string;
  let socket: string;
  let mark: string;
  let server: Server;
  let key: string;
  let connection: SshConnection;
  let holder: ChildProcess | undefined;

  beforeAll(async () => {
    server = await startServer();
    key = makeKey(join(server.directory, 'key'), 'ed25519');
    server.authorize(readFileSync(`${key}.pub`, 'utf8'));
    connection = await createConnector({ agentSocket: undefined }).connect(
      server.target([await readKeyFile(key)]),
      never,
    );
  });
  afterAll(async () => {
    await connection?.close();
    await server?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'held-'));
    socket = join(folder, 'dev.sock');
    mark = join(folder, 'ran');
  });
  afterEach(() => {
    holder?.kill('SIGKILL');
    holder = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  async function startHolder(): Promise<ChildProcess> {
    const { port, user, hostKeys } = server;
    const plan: HolderPlan = { socket, port, user, key, hostKeys };
    const started = spawn(process.execPath, [PROGRAM, JSON.stringify(plan)], { stdio: ['ignore', 'pipe', 'inherit'] });
    holder = started;
    await new Promise((done) => started.stdout?.once('data', done));
    return started;
  }

  async function claim(): Promise<OpenHolder> {
    const opened = await openHolder(socket);
    if (opened === undefined) throw new Error('the socket is taken');
    return opened;
  }

  it('that still logs in is left after a while, and does not run the command later', async () => {
    const opened = await claim();
    const input = Readable.from([Buffer.from('kept')]);
    expect(await runHeld(socket, `touch ${mark}`, toTerminal(input), never, quick)).toBeUndefined();
    expect((await input.toArray()).join('')).toBe('kept');
    opened.serve(connection, { idleMs: 60_000, nowMs: Date.now }, never);
    expect(await runHeld(socket, 'exit 3', toTerminal(), never, quick)).toBe(3);
    expect(existsSync(mark)).toBe(false);
    opened.close();
  });

  it('that is stopped is left after a while, and does not run the command when it goes on', async () => {
    const stopped = await startHolder();
    stopped.kill('SIGSTOP');
    const runs = Array.from({ length: 5 }, () => runHeld(socket, `touch ${mark}`, toTerminal(), never, quick));
    expect(await Promise.all(runs)).toEqual(Array.from({ length: 5 }, () => undefined));
    stopped.kill('SIGCONT');
    expect(await runHeld(socket, 'exit 3', toTerminal(), never)).toBe(3);
    expect(existsSync(mark)).toBe(false);
  });

  it('that is stopped while a command runs is lost to it', async () => {
    const stopped = await startHolder();
    const run = runHeld(socket, `touch ${mark}; sleep 60`, toTerminal(), never, quick);
    const outcome = expect(run).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    while (!existsSync(mark)) await sleep(20);
    stopped.kill('SIGSTOP');
    await outcome;
  });

  it('that only hears a silent command gives signs of life', async () => {
    await startHolder();
    const limits = { startLimitMs: 5000, silenceTicks: 8 };
    expect(await runHeld(socket, 'sleep 11; exit 4', toTerminal(), never, limits)).toBe(4);
  });

  it('in doubt refuses the new command alone', async () => {
    let isInDoubt = false;
    let now = 0;
    const doubted: SshConnection = { ...connection, isAlive: async () => !isInDoubt };
    const opened = await claim();
    const ended = opened.serve(doubted, { idleMs: 60_000, nowMs: () => now }, never);
    const input = new PassThrough();
    const first = runHeld(socket, `touch ${mark}; read line; exit 6`, toTerminal(input), never);
    while (!existsSync(mark)) await sleep(20);
    isInDoubt = true;
    now = 60_000;
    expect(await runHeld(socket, 'exit 1', toTerminal(), never)).toBeUndefined();
    expect(await runHeld(socket, 'exit 1', toTerminal(), never)).toBeUndefined();
    input.end('\n');
    expect(await first).toBe(6);
    // It has heard the first one's end: no doubt is left.
    expect(await runHeld(socket, 'exit 2', toTerminal(), never)).toBe(2);
    now = 120_000;
    expect(await runHeld(socket, 'exit 1', toTerminal(), never)).toBeUndefined();
    await ended;
  });

  it('has no doubt while a command’s output comes', async () => {
    let now = 0;
    let wasAsked = false;
    const slow: SshConnection = {
      ...connection,
      isAlive: async (limitMs) => {
        wasAsked = true;
        now += limitMs;
        await sleep(1000);
        return false;
      },
    };
    const opened = await claim();
    opened.serve(slow, { idleMs: 60_000, nowMs: () => now }, never);
    const first = runHeld(socket, 'for i in $(seq 30); do echo $i; sleep 0.1; done', toTerminal(), never);
    await sleep(500);
    expect(await runHeld(socket, 'exit 2', toTerminal(), never)).toBe(2);
    expect(wasAsked).toBe(false);
    now = 60_000;
    expect(await runHeld(socket, 'exit 2', toTerminal(), never)).toBe(2);
    expect(await first).toBe(0);
    opened.close();
  });

  it('is one, however many start at once, beside a dead one’s socket or not', async () => {
    for (const isDeadThere of [false, ...Array.from({ length: 50 }, () => true)]) {
      if (isDeadThere) await leaveDeadSocket(socket);
      const claims = await Promise.all(Array.from({ length: 6 }, () => openHolder(socket)));
      const open = claims.filter((claimed) => claimed !== undefined);
      expect(open).toHaveLength(1);
      expect(readdirSync(folder)).toEqual(['dev.sock']);
      open[0]?.close();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('is one of eight at most, and dead ones do not count', async () => {
    for (let index = 0; index < 10; index += 1) await leaveDeadSocket(join(folder, `dead-${index}.sock`));
    const open: OpenHolder[] = [];
    for (let index = 0; index < 8; index += 1) {
      const opened = await openHolder(join(folder, `${index}.sock`));
      if (opened !== undefined) open.push(opened);
    }
    expect(open).toHaveLength(8);
    expect(await openHolder(socket)).toBeUndefined();
    for (const opened of open) opened.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('ends with its last command once nobody can find it any more, and takes nobody’s socket away', async () => {
    const opened = await claim();
    const ended = opened.serve(connection, { idleMs: 60_000, nowMs: Date.now }, never);
    const run = runHeld(socket, 'sleep 1; exit 3', toTerminal(), never);
    await sleep(300);
    rmSync(socket);
    const other = await claim();
    expect(await run).toBe(3);
    await ended;
    expect(existsSync(socket)).toBe(true);
    other.close();
  });

  it('makes no socket where the folder is gone or is none', async () => {
    expect(await openHolder(join(folder, 'nowhere', 'dev.sock'))).toBeUndefined();
    writeFileSync(join(folder, 'file'), '');
    expect(await openHolder(join(folder, 'file', 'dev.sock'))).toBeUndefined();
    expect(await runHeld(join(folder, 'file', 'dev.sock'), 'true', toTerminal(), never)).toBeUndefined();
  });

  it('that speaks something else is nobody’s', async () => {
    const other = createServer((client) =>
      client
        .on('error', () => undefined)
        .resume()
        .write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    await new Promise<void>((done) => other.listen(socket, done));
    expect(await runHeld(socket, 'true', toTerminal(), never)).toBeUndefined();
    await new Promise((done) => other.close(done));
  });
});

/** The file of a socket whose process was killed. */
async function leaveDeadSocket(path: string): Promise<void> {
  const script =
    'require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  const child = spawn(process.execPath, ['-e', script, path], { stdio: 'ignore' });
  await new Promise((done) => child.once('exit', done));
}
