/** Clients that go away in the middle, by every way there is: nobody else may notice. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAME, FrameReader, writeFrame } from '../../../src/adapters/held-connection/frames.ts';
import { runHeld } from '../../../src/adapters/held-connection/run-held.ts';
import type { Terminal } from '../../../src/workspace/terminal.ts';
import { findMissing, makeKey, type Server, startServer } from '../ssh/sshd.ts';
import type { HolderPlan } from './holder-program.ts';

const missing = findMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

/** `WS_CUT_RUNS=1000` is the long run. */
const RUNS = Number(process.env.WS_CUT_RUNS ?? 60);
const AT_ONCE = 5;
const LINES = 40_000;
const PROGRAM = join(import.meta.dirname, 'holder-program.ts');
const never = new AbortController().signal;

describe.skipIf(missing !== undefined)('a connection that is held for many', () => {
  let folder: string;
  let socket: string;
  let server: Server;
  let holder: ChildProcess;
  let complaints = '';
  let expected: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'held-'));
    socket = join(folder, 'dev.sock');
    server = await startServer();
    const key = makeKey(join(server.directory, 'key'), 'ed25519');
    server.authorize(readFileSync(`${key}.pub`, 'utf8'));
    const { port, user, hostKeys } = server;
    const plan: HolderPlan = { socket, port, user, key, hostKeys };
    holder = spawn(process.execPath, [PROGRAM, JSON.stringify(plan)], { stdio: ['ignore', 'pipe', 'pipe'] });
    holder.stderr?.on('data', (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    await new Promise((done) => holder.stdout?.once('data', done));
    const all = Array.from({ length: LINES }, (_, index) => `${index + 1}\n`).join('');
    expected = toHash([Buffer.from(all)]);
  });
  afterAll(async () => {
    holder?.kill('SIGKILL');
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** One that nobody cuts; throws when it is not what it should be. */
  async function runWhole(): Promise<void> {
    const chunks: Buffer[] = [];
    const output = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
    const status = await runHeld(socket, `seq ${LINES}; exit 3`, toTerminal(output), never);
    expect(status).toBe(3);
    expect(toHash(chunks)).toBe(expected);
  }

  const cuts: Record<string, (atByte: number) => Promise<void>> = {
    'a reader that has gone': async (atByte) => {
      let seen = 0;
      const output = new Writable({
        write(chunk: Buffer, _encoding, done) {
          seen += chunk.length;
          done(seen > atByte ? Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }) : null);
        },
      }).on('error', () => undefined);
      expect(await runHeld(socket, 'seq 10000000', toTerminal(output), never)).toBe(141);
    },
    'an interrupt': async (atByte) => {
      const leave = new AbortController();
      let seen = 0;
      const output = new Writable({
        write(chunk: Buffer, _encoding, done) {
          seen += chunk.length;
          if (seen > atByte) leave.abort();
          done();
        },
      });
      const run = runHeld(socket, 'seq 10000000', toTerminal(output), leave.signal);
      await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' });
    },
    'a client that is killed while it reads': (atByte) => cutSocket('seq 10000000', atByte, 0),
    'a client that is killed while it writes': (atByte) => cutSocket('cat', Number.POSITIVE_INFINITY, atByte),
    'a client that is killed while it asks': async (atByte) => {
      const client = connect(socket).on('error', () => undefined);
      const open = Buffer.concat([Buffer.from([FRAME.open, 0, 0, 0, 4]), Buffer.from('true')]);
      client.write(open.subarray(0, atByte % (open.length + 1)), () => client.destroy());
      await new Promise((done) => client.once('close', done));
    },
    'one that speaks something else': async (atByte) => {
      const client = connect(socket).on('error', () => undefined);
      client.write(Buffer.alloc(atByte % 2000, 'GET / HTTP/1.1\r\n'));
      client.end();
      client.resume();
      await new Promise((done) => client.once('close', done));
    },
  };

  /** Speaks the frames itself, and is gone without a word. */
  async function cutSocket(command: string, atByteRead: number, atByteWritten: number): Promise<void> {
    const client = connect(socket).on('error', () => undefined);
    let read = 0;
    const frames = new FrameReader((kind) => {
      if (kind !== FRAME.ready) return;
      writeFrame(client, FRAME.go);
      if (atByteWritten === 0) return;
      // Cut inside of a frame as well.
      writeFrame(client, FRAME.input, Buffer.alloc(atByteWritten));
      client.write(Buffer.from([FRAME.input, 0, 0]), () => client.destroy());
    });
    client.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > atByteRead) client.destroy();
      else frames.push(chunk);
    });
    writeFrame(client, FRAME.open, command);
    await new Promise((done) => client.once('close', done));
  }

  it(`runs ${RUNS} commands, every third of which is cut, and touches no other`, { timeout: 600_000 }, async () => {
    const kinds = Object.keys(cuts);
    const cutCounts = new Map<string, number>();
    // One that runs throughout, and one that is silent.
    const input = new PassThrough();
    const echoed: Buffer[] = [];
    const echo = new Writable({
      write(chunk: Buffer, _encoding, done) {
        echoed.push(chunk);
        done();
      },
    });
    const long = runHeld(socket, 'cat', { ...toTerminal(echo), stdin: input }, never).catch((error: unknown) => error);
    const wake = new PassThrough();
    const silent = runHeld(socket, 'read line; exit 5', { ...toTerminal(new PassThrough()), stdin: wake }, never).catch(
      (error: unknown) => error,
    );
    let next = 0;
    const touched: unknown[] = [];
    const work = async () => {
      for (let index = next++; index < RUNS; index = next++) {
        input.write(`${index}\n`);
        const kind = kinds[Math.floor(index / 3) % kinds.length] ?? '';
        if (index % 3 === 0) {
          cutCounts.set(kind, (cutCounts.get(kind) ?? 0) + 1);
          await cuts[kind]?.(randomInt(400_000)).catch((error: unknown) => touched.push(kind, error));
        } else await runWhole().catch((error: unknown) => touched.push(error));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    input.end();
    wake.end('\n');
    expect([await long, await silent]).toEqual([0, 5]);
    expect(Buffer.concat(echoed).toString().trim().split('\n')).toHaveLength(RUNS);
    await sleep(200);
    expect(touched).toEqual([]);
    expect([complaints, holder.exitCode]).toEqual(['', null]);
    // Dropbear ends the whole connection over a message for a channel that is closed; OpenSSH only notes it.
    expect(server.log()).not.toMatch(/non-?(?:open|existent) channel/);
    expect(cutCounts.size).toBe(kinds.length);
  });
});

function toTerminal(output: Writable): Terminal {
  return { stdin: Readable.from([]), stdout: output, stderr: new PassThrough().resume(), termName: undefined };
}

function toHash(chunks: Buffer[]): string {
  return createHash('sha256').update(Buffer.concat(chunks)).digest('hex');
}
