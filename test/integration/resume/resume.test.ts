import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HELLO_BYTES, parseAnswer, writeHello } from '../../../src/contract/resume/hello.ts';
import { countProcesses } from '../kubernetes/exec-runtime.ts';
import { findMissing } from '../ssh/sshd.ts';
import { listen, type Options, startWorkspace, type Workspace } from './workspace.ts';

const MIB = 1024 * 1024;
const missing = findMissing();

/** OpenSSH through a local port. Returns what the command wrote, and its status. */
async function ssh({ key }: Workspace, port: number, command: string, input: Buffer) {
  const words = ['-i', key, '-p', String(port), '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no'];
  const more = ['-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-F', 'none'];
  const child = spawn('ssh', [...words, ...more, `${userInfo().username}@127.0.0.1`, command]);
  const parts: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => parts.push(chunk));
  child.stderr.pipe(process.stderr);
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  return { status: status as number, output: Buffer.concat(parts) };
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let workspace: Workspace;
let way: { port: number; close(): void };

async function start(options: Options): Promise<void> {
  workspace = await startWorkspace(options);
  way = await listen(workspace);
}

afterEach(async () => {
  way?.close();
  await workspace?.[Symbol.asyncDispose]();
});

describe.skipIf(missing !== undefined)('OpenSSH over pod streams that are cut', () => {
  it('moves every byte both ways, whichever byte a stream is cut at', async () => {
    await start({ cutAfter: () => Math.floor(Math.random() * 1.5 * MIB) });
    const sent = randomBytes(24 * MIB);
    const { status, output } = await ssh(workspace, way.port, 'cat', sent);
    expect([status, hash(output)]).toEqual([0, hash(sent)]);
    expect(workspace.streams()).toBeGreaterThan(20);
    expect(workspace.count('connection.opened')).toBe(1);
  });

  it('does so over relays in the container, too, and leaves none of them behind', async () => {
    await start({ byExec: true, cutAfter: () => Math.floor(Math.random() * 1.5 * MIB) });
    const sent = randomBytes(12 * MIB);
    const { status, output } = await ssh(workspace, way.port, 'cat', sent);
    expect([status, hash(output)]).toEqual([0, hash(sent)]);
    expect(workspace.streams()).toBeGreaterThan(10);
    expect(workspace.count('connection.opened')).toBe(1);
    const count = () => expect(countProcesses(`/dev/tcp/127.0.0.1/${workspace.resumePort}`)).toBe(0);
    await vi.waitFor(count, { timeout: 30_000 });
  });

  it('gives a status after a time without any way', async () => {
    await start({});
    const run = ssh(workspace, way.port, 'sleep 1; echo there; exit 7', Buffer.alloc(0));
    await vi.waitFor(() => expect(workspace.count('connection.opened')).toBe(1), 60_000);
    await sleep(500);
    const comeBack = workspace.leave();
    await sleep(3000);
    comeBack();
    const { status, output } = await run;
    expect([status, output.toString()]).toEqual([7, 'there\n']);
    expect(workspace.count('connection.lost')).toBeGreaterThan(0);
    expect(await workspace.metrics.render()).toMatch(/^ws_connection_resumes_total\{result="resumed"\} [1-9]/m);
  });
});

describe.skipIf(missing !== undefined)('a resumable stream', () => {
  beforeEach(() => start({ keptSeconds: 1 }));

  it('says when it is lost and found, and ends with its reason when the server has let go of it', async () => {
    const stream = await workspace.open();
    const told: string[] = [];
    stream.watch?.({ lost: () => told.push('lost'), found: () => told.push('found') });
    stream.resume();
    workspace.cut();
    await vi.waitFor(() => expect(told).toEqual(['lost', 'found']), 60_000);
    const comeBack = workspace.leave();
    await vi.waitFor(() => expect(workspace.count('connection.closed')).toBe(1), 60_000);
    expect(workspace.events.find(({ event }) => event === 'connection.closed')).toMatchObject({
      reason: 'not_resumed',
      detail: 'its client did not come back within 1 s',
    });
    comeBack();
    const [error] = await once(stream, 'error');
    expect(error).toMatchObject({
      code: 'CONNECTION_LOST',
      reason: expect.stringMatching(/does not know it any more/),
    });
  });

  it('ends its session at once when it is closed', async () => {
    const stream = await workspace.open();
    stream.on('error', () => undefined).destroy();
    await vi.waitFor(() => expect(workspace.count('connection.closed')).toBe(1), 60_000);
    expect(workspace.count('connection.lost')).toBe(0);
  });

  it('is a plain one where nothing speaks its frames', async () => {
    const stream = await workspace.open({ resumePort: 1 });
    expect(stream.watch).toBeUndefined();
    const [greeting] = await once(stream, 'data');
    expect(String(greeting)).toMatch(/^SSH-2\.0-/);
    stream.on('error', () => undefined).destroy();
  });
});

describe('the port of resumable streams', () => {
  beforeEach(() => start({}));

  /** Says this to the port, and returns the first answer; undefined when it hangs up. */
  async function say(words: Buffer): Promise<Buffer | undefined> {
    const socket = connect(workspace.resumePort, '127.0.0.1');
    socket.on('error', () => undefined).write(words);
    const answer = await Promise.race([once(socket, 'data').then(([data]) => data as Buffer), once(socket, 'close')]);
    socket.destroy();
    return Buffer.isBuffer(answer) ? answer.subarray(0, HELLO_BYTES) : undefined;
  }

  it('does not know a token that it did not give', async () => {
    const answer = await say(writeHello({ kind: 'resume', token: randomBytes(32), received: 0 }));
    expect(parseAnswer(answer ?? Buffer.alloc(0))).toEqual({ kind: 'refused', reason: 'unknown' });
  });

  it('hangs up on what is no hello, and stands through garbage behind one', async () => {
    expect(await say(Buffer.from('SSH-2.0-client\r\n'))).toBeUndefined();
    for (let round = 0; round < 20; round += 1) {
      const socket = connect(workspace.resumePort, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      socket.write(Buffer.concat([writeHello({ kind: 'start' }), randomBytes(100)]));
      await once(socket, 'close');
    }
    expect(parseAnswer((await say(writeHello({ kind: 'start' }))) ?? Buffer.alloc(0))?.kind).toBe('welcome');
  });
});
