import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeJobInput, toJobInput } from '../../../../src/cli/session/detached/job-input.ts';
import type { SshRequest } from '../../../../src/cli/session/requests.ts';
import { type TmuxRequest, toTmuxCommand } from '../../../../src/cli/session/words/tmux.ts';
import type { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { toLines } from '../../../spelling.ts';

const LIMITS = { mostBytes: 1000, silenceMs: 50, mostSilenceMs: 500 };
const NEVER = new AbortController().signal;
const WAITING = 'ws: waiting for what is piped in; Ctrl-C ends, </dev/null pipes in nothing.\n';
const JOB: TmuxRequest = { name: 'job', isDetached: true, job: 'cat', forwardsAgent: false };

const requestOf = (tmux: TmuxRequest | undefined) => ({ tmux, command: 'as typed' }) as SshRequest;
const take = (stdin: Readable, tmux: TmuxRequest | undefined, signal = NEVER) =>
  takeJobInput(requestOf(tmux), { stdin, stderr: new PassThrough() }, signal, LIMITS);

/** A pipe that somebody writes to now and then; without an end, it stays open. */
function pipe(pieces: string[], isEnded = true): PassThrough {
  const stream = new PassThrough();
  void (async () => {
    for (const piece of pieces) {
      stream.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 2 * LIMITS.silenceMs));
    }
    if (isEnded) stream.end();
  })();
  return stream;
}

describe('the input of a detached job', () => {
  it.each<[string, () => Readable, string]>([
    ['a pipe', () => pipe(['some', ' data']), 'some data'],
    ['what is silent between two pieces', () => pipe(['a', 'b', 'c']), 'abc'],
    ['bytes that are no text', () => Readable.from([Buffer.from([0, 255, 10])]), '\0\uFFFD\n'],
    ['as much as goes', () => Readable.from(['x'.repeat(1000)]), 'x'.repeat(1000)],
  ])('is %s, to its end', async (_what, open, expected) => {
    const { tmux, command } = await take(open(), JOB);
    expect((await buffer(toJobInput(tmux as TmuxRequest))).toString()).toBe(expected);
    expect(command).toBe(toTmuxCommand(tmux as TmuxRequest));
  });

  it.each<[string, () => Readable]>([
    ['/dev/null', () => Readable.from([])],
    ['a pipe that has ended', () => pipe([])],
    ['what was closed', () => new PassThrough().destroy()],
  ])('is at its end at once with %s', async (_what, open) => {
    const { tmux, command } = await take(open(), JOB);
    expect(tmux).toEqual({ ...JOB, input: Buffer.alloc(0) });
    expect(command).toBe(toTmuxCommand({ ...JOB, input: Buffer.alloc(0) }));
    const shell = { ...JOB, job: undefined };
    expect(await take(open(), shell)).toEqual(requestOf(shell));
  });

  it("is its own terminal's with a terminal here", async () => {
    const stdin = Object.assign(pipe(['typed for others']), { isTTY: true });
    expect(await take(stdin, JOB)).toEqual(requestOf(JOB));
    expect(await buffer(toJobInput(JOB))).toHaveLength(0);
  });

  it('is waited for with a word, and refused where nobody ever writes to the pipe or closes it', async () => {
    const stderr = new PassThrough();
    const taking = takeJobInput(requestOf(JOB), { stdin: pipe([], false), stderr }, NEVER, LIMITS);
    await expect(taking).rejects.toMatchObject({
      code: 'BAD_VALUE',
      message: 'Nothing came through the pipe in 0.5 s, and nobody has closed it',
      reason: 'the job would miss what comes later; nothing was started',
      suggestions: [{ text: 'Write </dev/null behind the line if the job reads nothing' }],
    });
    expect(stderr.read()?.toString()).toBe(WAITING);
  });

  it('comes late, and is all there', async () => {
    const stderr = new PassThrough();
    const stdin = new PassThrough();
    setTimeout(() => stdin.end('late'), 2 * LIMITS.silenceMs);
    const { tmux } = await takeJobInput(requestOf(JOB), { stdin, stderr }, NEVER, LIMITS);
    expect(tmux?.input?.toString()).toBe('late');
    expect(stderr.read()?.toString()).toBe(WAITING);
  });

  it('is not waited for by a shell, which reads its own terminal', async () => {
    const shell = { ...JOB, job: undefined };
    expect(await take(pipe([], false), shell)).toEqual(requestOf(shell));
  });

  it('is read by nobody else', async () => {
    for (const tmux of [undefined, { ...JOB, isDetached: false }]) {
      const stdin = pipe(['data']);
      expect(await take(stdin, tmux)).toEqual(requestOf(tmux));
      expect(stdin.read()?.toString()).toBe('data');
    }
  });

  it.each<[string, () => Readable, TmuxRequest, RegExp, string[]]>([
    [
      'more than the limit',
      () => Readable.from(['x'.repeat(1001)]),
      JOB,
      /more than 10 MiB/,
      ["ws ssh -- 'cat >input'", "ws ssh --tmux=job -d -- 'COMMAND <input'"],
    ],
    [
      'more than the limit, without an end',
      () => pipe(['x'.repeat(999), 'yy'], false),
      JOB,
      /more than 10 MiB/,
      ["ws ssh -- 'cat >input'", "ws ssh --tmux=job -d -- 'COMMAND <input'"],
    ],
    [
      'what no command reads',
      () => pipe(['data'], false),
      { ...JOB, job: undefined },
      /^Nothing in tmux session job would read what is piped in$/,
      ['ws ssh -d --tmux=job -- COMMAND', 'ws ssh'],
    ],
    [
      'a folder',
      () => createReadStream('.'),
      JOB,
      /^What is piped in cannot be read$/,
      ['Pipe in something that can be read, or </dev/null for nothing'],
    ],
  ])('is refused before anything is connected: %s', async (_what, open, tmux, message, lines) => {
    const patient = { ...LIMITS, silenceMs: 10_000, mostSilenceMs: 10_000 };
    const taking = takeJobInput(requestOf(tmux), { stdin: open(), stderr: new PassThrough() }, NEVER, patient);
    const error = (await taking.catch((thrown: unknown) => thrown)) as WorkspaceError;
    expect(error).toMatchObject({ code: 'BAD_VALUE', message: expect.stringMatching(message) });
    expect(toLines(error.suggestions)).toEqual(lines);
  });

  it('ends nobody when it breaks after that', async () => {
    const stdin = pipe([], false);
    await expect(take(stdin, JOB)).rejects.toMatchObject({ code: 'BAD_VALUE' });
    stdin.destroy(new Error('broken'));
    await new Promise((resolve) => stdin.once('close', resolve));
  });

  it('is no longer waited for after Ctrl-C', async () => {
    const interrupt = new AbortController();
    const taken = take(pipe(['data'], false), JOB, interrupt.signal);
    interrupt.abort();
    await expect(taken).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('in the workspace', () => {
  let folder: string;
  let kept: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ws-job-'));
    kept = path.join(folder, 'tmp');
    mkdirSync(kept);
    mkdirSync(path.join(folder, 'bin'));
    // It starts the job at once, and shows its file meanwhile.
    const tmux = `#!/bin/sh
case $1 in has-session) exit 1 ;; esac
stat -c %a ${kept}/*
[ -z "$TMUX_FAILS" ] || exit 1
shift 4
exec "$@" </dev/null
`;
    writeFileSync(path.join(folder, 'bin', 'tmux'), tmux);
    chmodSync(path.join(folder, 'bin', 'tmux'), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function start(job: string, input: string, sent: string = input, more: Record<string, string> = {}) {
    const command = toTmuxCommand({ ...JOB, job, input: Buffer.from(input) });
    const env = { PATH: `${folder}/bin:${process.env['PATH']}`, TMPDIR: kept, SHELL: '/bin/sh', ...more };
    const file = path.join(folder, 'sent');
    writeFileSync(file, sent);
    const stdin = openSync(file, 'r');
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { env, encoding: 'utf8', stdio: [stdin] });
    closeSync(stdin);
    return { status, stdout, stderr };
  }

  it('the job reads a private file that is gone by then', () => {
    const { status, stdout } = start(`cat; ls -A ${kept} | wc -l; exit 3`, "a 'b'\n");
    expect(stdout).toBe("600\na 'b'\n0\n\n[ws] The command ended with status 3. exit closes this session.\n");
    expect(status).toBe(0);
  });

  it('the job finds the end at once where nothing was piped in', () => {
    const { stdout } = start('cat; echo read', '');
    expect(stdout).toBe('600\nread\n\n[ws] The command ended with status 0. exit closes this session.\n');
    expect(readdirSync(kept)).toEqual([]);
  });

  it('nothing starts with half of it, and nothing of it stays', () => {
    expect(start('cat', 'all of it', 'all')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'ws: the input did not arrive\n',
    });
    expect(readdirSync(kept)).toEqual([]);
  });

  it('nothing of it stays where tmux starts nothing', () => {
    expect(start('cat', 'data', 'data', { TMUX_FAILS: 'yes' })).toMatchObject({ status: 1, stdout: '600\n' });
    expect(readdirSync(kept)).toEqual([]);
  });
});
