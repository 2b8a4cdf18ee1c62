import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex, PassThrough, Readable, Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConnector } from '../../../src/adapters/ssh/connector.ts';
import { readKeyFile } from '../../../src/adapters/ssh/keys/key-files.ts';
import type { Terminal } from '../../../src/workspace/terminal.ts';
import type { SshConnection } from '../../../src/workspace/world.ts';
import { startAgent } from './agent.ts';
import { dial, findMissing, makeKey, type Server, startServer } from './sshd.ts';

const missing = findMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const never = new AbortController().signal;
const MIB = 1024 * 1024;

/** Else what other tests held would count. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

describe.skipIf(missing !== undefined)('commands over a connection', () => {
  let server: Server;
  let connection: SshConnection;

  beforeAll(async () => {
    server = await startServer();
    const path = makeKey(join(server.directory, 'key'), 'ed25519');
    server.authorize(readFileSync(`${path}.pub`, 'utf8'));
    connection = await createConnector({ agentSocket: undefined }).connect(
      server.target([await readKeyFile(path)]),
      never,
    );
  });
  afterAll(async () => {
    await connection?.close();
    await server?.[Symbol.asyncDispose]();
  });

  function toTerminal(input: Readable, output: Writable, errors: Writable = new Collector()): Terminal {
    return { stdin: input, stdout: output, stderr: errors, termName: undefined };
  }

  const exec = (command: string, terminal: Terminal, signal = never) =>
    connection.exec(terminal, { command, forwardAgent: false }, signal);

  it('runs a command and gathers its output and status', async () => {
    const result = await connection.run('cat; echo trouble >&2; exit 3', never, 'grüße');
    expect(result).toEqual({ status: 3, stdout: 'grüße', stderr: 'trouble\n' });
  });

  it('carries 32 MiB of every byte there and back', async () => {
    const data = randomBytes(32 * MIB);
    const output = new Collector();
    expect(await exec('cat', toTerminal(Readable.from(slices(data)), output))).toBe(0);
    expect(hash(output.bytes)).toBe(hash(data));
  });

  it('keeps stdout and stderr apart, each complete', async () => {
    const output = new Collector();
    const errors = new Collector();
    const command = `head -c ${5 * MIB} /dev/zero; head -c ${6 * MIB} /dev/zero >&2; head -c 3 /dev/zero`;
    expect(await exec(command, toTerminal(Readable.from([]), output, errors))).toBe(0);
    expect(output.bytes.length).toBe(5 * MIB + 3);
    expect(errors.bytes.length).toBe(6 * MIB);
  });

  it('knows the status of a command whose whole answer comes in one piece', async () => {
    const key = await readKeyFile(join(server.directory, 'key'));
    const pace = { pauseMs: 20 };
    const openStream = () => openSlowWay(server.port, pace);
    const slow = await createConnector({ agentSocket: undefined }).connect(server.target([key], { openStream }), never);
    try {
      pace.pauseMs = 500;
      for (let round = 0; round < 3; round += 1) expect(await slow.run('exit 3', never)).toMatchObject({ status: 3 });
    } finally {
      await slow.close();
    }
  });

  it('passes the end of its input on', async () => {
    const output = new Collector();
    expect(await exec('wc -c', toTerminal(Readable.from([Buffer.alloc(1000)]), output))).toBe(0);
    expect(output.bytes.toString().trim()).toBe('1000');
    const ended = Readable.from([]);
    await ended.resume().toArray();
    expect(await exec('cat; exit 7', toTerminal(ended, new Collector()))).toBe(7);
  });

  it('tells the status of a command that a signal ended', async () => {
    expect(await exec('kill -TERM $$', toTerminal(Readable.from([]), new Collector()))).toBe(143);
    expect(await exec('kill -KILL $$', toTerminal(Readable.from([]), new Collector()))).toBe(137);
    expect(await exec('exit 255', toTerminal(Readable.from([]), new Collector()))).toBe(255);
  });

  it('ends when the command does, though its own input stays open', async () => {
    const input = new PassThrough();
    expect(await exec('exit 4', toTerminal(input, new Collector()))).toBe(4);
    expect(input.listenerCount('data')).toBe(0);
    expect(input.isPaused()).toBe(true);
  });

  it('does not read ahead of a slow reader', async () => {
    const reader = new Stalled();
    const mark = join(server.directory, 'all-sent');
    const command = `head -c ${64 * MIB} /dev/zero; touch ${mark}`;
    const running = exec(command, toTerminal(Readable.from([]), reader));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(existsSync(mark)).toBe(false);
    collectGarbage();
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(64 * MIB);
    reader.release();
    expect(await running).toBe(0);
    expect(reader.received).toBe(64 * MIB);
  });

  it('does not send ahead of a slow command', async () => {
    let taken = 0;
    const input = new Readable({
      highWaterMark: 65_536,
      read() {
        taken += 65_536;
        this.push(taken > 64 * MIB ? null : Buffer.alloc(65_536));
      },
    });
    const running = exec('sleep 2; wc -c', toTerminal(input, new Collector()));
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(taken).toBeLessThan(16 * MIB);
    expect(await running).toBe(0);
  });

  it('ends quietly with 141 when its reader goes away', async () => {
    const output = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('EPIPE'), { code: 'EPIPE' })),
    });
    const start = performance.now();
    expect(await exec('yes', toTerminal(new PassThrough(), output))).toBe(141);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('is interrupted by its signal', async () => {
    const running = exec('sleep 60', toTerminal(new PassThrough(), new Collector()), AbortSignal.timeout(200));
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(connection.run('sleep 60', AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect((await connection.run('echo still here', never)).stdout).toBe('still here\n');
  });

  it('carries 60 commands at once', async () => {
    const results = await Promise.all(Array.from({ length: 60 }, (_, index) => connection.run(`echo ${index}`, never)));
    expect(results.map(({ stdout }) => Number(stdout))).toEqual(Array.from({ length: 60 }, (_, index) => index));
  });

  it('refuses a command that servers drop the connection over', async () => {
    await expect(connection.run(`: ${'x'.repeat(40_000)}`, never)).rejects.toMatchObject({ code: 'BAD_VALUE' });
    expect((await connection.run(`: ${'x'.repeat(31_000)}; echo ok`, never)).stdout).toBe('ok\n');
  });

  it('forwards the agent only when asked, and says when there is none', async () => {
    const none = { command: 'true', forwardAgent: true };
    await expect(connection.exec(toTerminal(Readable.from([]), new Collector()), none, never)).rejects.toMatchObject({
      code: 'KEY_NOT_FOUND',
    });
    await using agent = await startAgent(server.directory);
    agent.add(join(server.directory, 'key'));
    await using other = await createConnector({ agentSocket: agent.socket }).connect(
      server.target([await readKeyFile(join(server.directory, 'key'))]),
      never,
    );
    const listKeys = async (forwardAgent: boolean) => {
      const output = new Collector();
      const command = 'ssh-add -l';
      await other.exec(toTerminal(Readable.from([]), output), { command, forwardAgent }, never);
      return output.bytes.toString();
    };
    expect(await listKeys(false)).toBe('');
    expect(await listKeys(true)).toContain('a comment');
  });
});

class Collector extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/** Takes the first chunk and no more until released. */
class Stalled extends Writable {
  received = 0;
  #held: (() => void) | undefined;
  #isReleased = false;

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.received += chunk.length;
    if (this.#isReleased) done();
    else this.#held = done;
  }

  release(): void {
    this.#isReleased = true;
    this.#held?.();
  }
}

/** A way on which what the server says comes in pieces: all that was said in a pause together. */
async function openSlowWay(port: number, pace: { pauseMs: number }): Promise<Duplex> {
  const socket = await dial(port);
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const way = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, () => done()),
    final: (done) => void socket.end(() => done()),
    destroy: (error, done) => {
      socket.destroy();
      closed.then(() => done(error));
    },
  });
  let held: Buffer[] = [];
  let timer: NodeJS.Timeout | undefined;
  const handOver = () => {
    timer = undefined;
    way.push(Buffer.concat(held));
    held = [];
  };
  socket.on('data', (chunk: Buffer) => {
    held.push(chunk);
    timer ??= setTimeout(handOver, pace.pauseMs);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearTimeout(timer);
    way.push(null);
    resolve();
  });
  return way;
}

function* slices(data: Buffer) {
  for (let at = 0; at < data.length; at += 100_000) yield data.subarray(at, at + 100_000);
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
