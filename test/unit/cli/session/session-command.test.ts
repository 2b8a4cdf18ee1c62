import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toSessionCommand } from '../../../../src/cli/session/session-flags.ts';
import type { Terminal } from '../../../../src/workspace/terminal.ts';

function on(input: boolean, output: boolean): Pick<Terminal, 'stdin' | 'stdout'> {
  return { stdin: { isTTY: input } as Terminal['stdin'], stdout: { isTTY: output } as Terminal['stdout'] };
}

const FLAGS = { tmux: undefined, detach: false, wait: false, 'keep-words': false, 'forward-agent': false };

function run(tmux: string | undefined, words: string[] | undefined, terminal: ReturnType<typeof on>, detach = false) {
  return toSessionCommand({ ...FLAGS, tmux, detach }, words, terminal).command;
}

describe('what a session runs', () => {
  it.each([
    [undefined, undefined, undefined],
    [undefined, [], undefined],
    [undefined, ['make', 'a b'], 'make a b'],
    ['main', undefined, 'exec tmux new-session -A -s main'],
    ['main', [], 'exec tmux new-session -A -s main'],
  ])('with --tmux %j and the words %j is %j', (tmux, words, command) => {
    expect(run(tmux, words, on(true, true))).toBe(command);
  });

  it('is a command wherever it is run', () => {
    expect(run(undefined, ['make'], on(false, false))).toBe('make');
  });

  it.each([
    [true, false, 'the output is none'],
    [false, true, 'the input is none'],
    [false, false, 'the input is none'],
  ])('is no tmux with a terminal in: %s, out: %s', (input, output, reason) => {
    expect(() => run('main', undefined, on(input, output))).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', reason }),
    );
  });

  it('keeps its words where that is asked for', () => {
    const words = ['python3', '-c', "print('a  b')\n", '$HOME', '\\', ''];
    const { command = '' } = toSessionCommand({ ...FLAGS, 'keep-words': true }, words, on(true, true));
    const script = 'for word in "$@"; do printf "%s\\0" "$word"; done';
    const read = execFileSync('sh', ['-c', `set -- ${command}; ${script}`], { encoding: 'utf8' });
    expect(read.split('\0').slice(0, -1)).toEqual(words);
  });

  it('is nothing to detach from but tmux', () => {
    expect(() => run(undefined, ['make'], on(true, true), true)).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE' }),
    );
    expect(run('job', ['make'], on(false, false), true)).toContain(' new-session -d -s job ');
  });

  it.each(['a.b', 'a:b', 'a b', '-x', '', "a'b"])('is no tmux session called %j', (name) => {
    expect(() => run(name, undefined, on(true, true))).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
  });
});

describe('the agent in tmux', () => {
  let folder: string;
  const agents: Server[] = [];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ws-agent-'));
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'tmux'), '#!/bin/sh\necho "$SSH_AUTH_SOCK $*"\n');
    chmodSync(path.join(bin, 'tmux'), 0o755);
  });
  afterEach(() => {
    for (const agent of agents.splice(0)) agent.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startAgent(name: string): Promise<string> {
    const socket = path.join(folder, name);
    const agent = createServer();
    agents.push(agent);
    await new Promise<void>((done) => agent.listen(socket, done));
    return socket;
  }

  /** What tmux gets of a connection with this agent. */
  function attach(socket: string): string {
    const command =
      toSessionCommand({ ...FLAGS, tmux: 'main', 'forward-agent': true }, undefined, on(true, true)).command ?? '';
    const env = { PATH: `${folder}/bin:${process.env.PATH}`, HOME: path.join(folder, 'home'), SSH_AUTH_SOCK: socket };
    return execFileSync('sh', ['-c', command], { env, encoding: 'utf8' });
  }

  it('has one name, which each connection leads to its own socket', async () => {
    mkdirSync(path.join(folder, 'home'));
    const link = path.join(folder, 'home/.ssh/agent.sock');
    for (const name of ['first', 'second']) {
      const socket = await startAgent(name);
      expect(attach(socket)).toBe(`${link} new-session -A -s main\n`);
      expect(readlinkSync(link)).toBe(socket);
    }
  });

  it('stays what it is where there is none, or where the name is somebody’s own', async () => {
    const ssh = path.join(folder, 'home/.ssh');
    mkdirSync(ssh, { recursive: true });
    expect(attach('')).toBe(' new-session -A -s main\n');
    writeFileSync(path.join(ssh, 'agent.sock'), 'mine');
    const socket = await startAgent('other');
    expect(attach(socket)).toBe(`${socket} new-session -A -s main\n`);
  });
});
