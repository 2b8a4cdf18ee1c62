import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, connect as dialTcp, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHolder } from '../../../src/adapters/held-connection/open-holder.ts';
import { runHeld } from '../../../src/adapters/held-connection/run-held.ts';
import { createConnector } from '../../../src/adapters/ssh/connector.ts';
import { readKeyFile } from '../../../src/adapters/ssh/keys/key-files.ts';
import type { Terminal } from '../../../src/workspace/terminal.ts';
import type { SshConnection } from '../../../src/workspace/world.ts';
import { dial, findMissing, makeKey, type Server, startServer } from '../ssh/sshd.ts';

const missing = findMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const never = new AbortController().signal;
const MIB = 1024 * 1024;

class Collector extends Writable {
  readonly #chunks: Buffer[] = [];
  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }
}

function toTerminal(input: Readable, output: Writable = new Collector(), errors: Writable = new Collector()): Terminal {
  return { stdin: input, stdout: output, stderr: errors, termName: undefined };
}

describe.skipIf(missing !== undefined)('a held connection', () => {
  let folder: string;
  let socket: string;
  let server: Server;
  let connection: SshConnection;
  let way: Way;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'held-'));
    socket = join(folder, 'dev.sock');
    server = await startServer();
    const path = makeKey(join(server.directory, 'key'), 'ed25519');
    server.authorize(readFileSync(`${path}.pub`, 'utf8'));
    way = await openWay(server.port);
    const openStream = () => dial(way.port);
    connection = await createConnector({ agentSocket: undefined }).connect(
      server.target([await readKeyFile(path)], { openStream }),
      never,
    );
  });
  afterEach(async () => {
    way.isCut = false;
    await connection.close();
    way.close();
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Lends the connection; `ended` settles when that is over. */
  async function hold(idleMs = 60_000, nowMs: () => number = Date.now, signal = never) {
    const opened = await openHolder(socket);
    if (opened === undefined) throw new Error('the socket is taken');
    return { ended: opened.serve(connection, { idleMs, nowMs }, signal) };
  }

  it('runs a command with its input, output, error output and status', async () => {
    await hold();
    const output = new Collector();
    const errors = new Collector();
    const terminal = toTerminal(Readable.from([Buffer.from('given')]), output, errors);
    expect(await runHeld(socket, 'cat; echo trouble >&2; exit 7', terminal, never)).toBe(7);
    expect([output.bytes.toString(), errors.bytes.toString()]).toEqual(['given', 'trouble\n']);
  });

  it('carries 32 MiB of every byte there and back, and many at once', async () => {
    await hold();
    const echo = async (data: Buffer) => {
      const output = new Collector();
      const slices = function* () {
        for (let at = 0; at < data.length; at += 65_536) yield data.subarray(at, at + 65_536);
      };
      expect(await runHeld(socket, 'cat', toTerminal(Readable.from(slices()), output), never)).toBe(0);
      return createHash('sha256').update(output.bytes).digest('hex');
    };
    const all = [randomBytes(32 * MIB), ...Array.from({ length: 8 }, () => randomBytes(100_000))];
    const expected = all.map((data) => createHash('sha256').update(data).digest('hex'));
    expect(await Promise.all(all.map(echo))).toEqual(expected);
  });

  it('goes at the pace of a slow reader', async () => {
    await hold();
    const slow = new PassThrough({ highWaterMark: 1024 });
    const run = runHeld(socket, `head -c ${64 * MIB} /dev/zero`, toTerminal(Readable.from([]), slow), never);
    // What is under way fills the windows and buffers of both sides; the rest waits in the command.
    const underWay = await settled(() => way.bytesFromServer);
    expect(underWay).toBeGreaterThan(0);
    expect(underWay).toBeLessThan(24 * MIB);
    let bytes = 0;
    slow.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    expect(await run).toBe(0);
    expect(bytes).toBe(64 * MIB);
  });

  it('is nobody’s where nobody holds one, and the input is still there for another way', async () => {
    const input = Readable.from([Buffer.from('kept')]);
    expect(await runHeld(socket, 'cat', toTerminal(input), never)).toBeUndefined();
    expect((await input.toArray()).join('')).toBe('kept');
  });

  it('lets those who come early wait, and tells them when there will be none', async () => {
    const opened = await openHolder(socket);
    const early = runHeld(socket, 'echo early', toTerminal(Readable.from([])), never);
    await sleep(100);
    const ended = opened?.serve(connection, { idleMs: 60_000, nowMs: Date.now }, never);
    expect(await early).toBe(0);
    const mark = join(server.directory, 'begun');
    const last = runHeld(socket, `touch ${mark}; sleep 60`, toTerminal(Readable.from([])), never);
    while (!existsSync(mark)) await sleep(20);
    await connection.close();
    await ended;
    await expect(last).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await runHeld(socket, 'true', toTerminal(Readable.from([])), never)).toBeUndefined();
  });

  it('ends when nobody has used it for a while, and not while somebody does', async () => {
    const { ended } = await hold(400);
    const run = runHeld(socket, 'sleep 1; echo done', toTerminal(Readable.from([])), never);
    expect(await Promise.race([ended.then(() => 'ended'), run.then(() => 'ran')])).toBe('ran');
    await ended;
    expect(existsSync(socket)).toBe(false);
  });

  it('hangs up on the command whose client goes', async () => {
    await hold();
    const leave = new AbortController();
    const file = join(server.directory, 'going');
    const run = runHeld(socket, `echo $$ > ${file}; exec cat`, toTerminal(new PassThrough()), leave.signal);
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') await sleep(20);
    leave.abort();
    await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const pid = Number(readFileSync(file, 'utf8'));
    while (isRunning(pid)) await sleep(20);
    expect(await runHeld(socket, 'exit 4', toTerminal(Readable.from([])), never)).toBe(4);
  });

  it('has one holder, and takes over the socket of one that was killed', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(socket, done));
    expect(await openHolder(socket)).toBeUndefined();
    await new Promise((done) => other.close(done));
    writeFileSync(socket, '');
    const opened = await openHolder(socket);
    expect(opened).toBeDefined();
    opened?.close();
  });

  it('asks after a long silence whether the way still stands, before it gives it a command', async () => {
    let now = 0;
    const { ended } = await hold(60_000, () => now);
    now = 60_000;
    expect(await runHeld(socket, 'exit 3', toTerminal(Readable.from([])), never)).toBe(3);
    // The holder has noticed that the client has gone.
    await sleep(200);
    way.isCut = true;
    now = 120_000;
    expect(await runHeld(socket, 'exit 3', toTerminal(Readable.from([])), never)).toBeUndefined();
    await ended;
  });

  it('passes on what the workspace refuses', async () => {
    await hold();
    const command = `true ${'x'.repeat(40_000)}`;
    await expect(runHeld(socket, command, toTerminal(Readable.from([])), never)).rejects.toMatchObject({
      code: 'BAD_VALUE',
    });
  });
});

interface Way {
  port: number;
  /** Bytes vanish, and nobody is told: a closed lid, a changed network. */
  isCut: boolean;
  bytesFromServer: number;
  close(): void;
}

async function openWay(port: number): Promise<Way> {
  const server: TcpServer = createServer((near) => {
    const far = dialTcp(port, '127.0.0.1');
    near.on('data', (chunk) => way.isCut || far.write(chunk));
    far.on('data', (chunk) => {
      way.bytesFromServer += chunk.length;
      if (!way.isCut && !near.write(chunk)) far.pause();
    });
    near.on('drain', () => far.resume());
    near.on('close', () => far.destroy()).on('error', () => undefined);
    far.on('close', () => near.destroy()).on('error', () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const way: Way = {
    port: (server.address() as AddressInfo).port,
    isCut: false,
    bytesFromServer: 0,
    close: () => server.close(),
  };
  return way;
}

/** A count once it has stood still for half a second, and is not what it was at first. */
async function settled(count: () => number): Promise<number> {
  const first = count();
  for (let last = first, since = performance.now(); ; await sleep(20)) {
    if (count() !== last) [last, since] = [count(), performance.now()];
    else if (last !== first && performance.now() - since > 500) return last;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
