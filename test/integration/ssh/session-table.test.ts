/**
 * Every kind of input and output that a session may be started with: when it has a terminal there, and that it ends.
 */
import { spawn as spawnProgram } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionPlan } from './session-program.ts';
import { findMissing, makeKey, type Server, startServer } from './sshd.ts';

const missing = findMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const PROGRAM = join(import.meta.dirname, 'session-program.ts');
const STATUS = 7;

/** How a shell writes each; SCRIPT is a file of commands. */
const INPUTS = { terminal: '', pipe: 'cat SCRIPT |', nothing: '</dev/null', closed: '<&-', file: '<SCRIPT' };
const OUTPUTS = { terminal: '', pipe: '| cat', file: '>OUT', closed: '>&-' };
type Input = keyof typeof INPUTS;

interface Case {
  input: Input;
  output: keyof typeof OUTPUTS;
  hasCommand: boolean;
  wantsTty: boolean;
}

const inputs = Object.keys(INPUTS) as Input[];
const outputs = Object.keys(OUTPUTS) as (keyof typeof OUTPUTS)[];
const all: Case[] = inputs.flatMap((input) =>
  outputs.flatMap((output) =>
    [true, false].flatMap((hasCommand) => [true, false].map((wantsTty) => ({ input, output, hasCommand, wantsTty }))),
  ),
);
/** What the output is decides nothing beside a terminal that is asked for, or a pipe: a few of those are enough. */
const cases = all.filter(({ input, output, wantsTty }) =>
  wantsTty
    ? output === 'pipe'
    : output === 'terminal' || output === 'pipe' || input === 'nothing' || input === 'terminal',
);

describe.skipIf(missing !== undefined)('a session', () => {
  let folder: string;
  let server: Server;
  let key: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ws-table-'));
    server = await startServer(['PermitUserRC no']);
    key = makeKey(join(server.directory, 'key'), 'ed25519');
    server.authorize(readFileSync(`${key}.pub`, 'utf8'));
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it.concurrent.each(cases)(
    'with $input in, $output out, a command: $hasCommand, -t: $wantsTty',
    async ({ input, output, hasCommand, wantsTty }) => {
      const name = [input, output, hasCommand, wantsTty].join('-');
      const file = (what: string) => join(folder, `${name}.${what}`);
      // What the remote side sees, told by a file: its output may be closed.
      const look = `if tty -s; then echo terminal; else echo none; fi > ${file('seen')}`;
      writeFileSync(file('script'), `${look}; exit ${STATUS}\n`);
      const plan: SessionPlan = {
        port: server.port,
        user: server.user,
        key,
        hostKeys: server.hostKeys,
        command: hasCommand ? `${look}; exit ${STATUS}` : undefined,
        wantsTty,
        outcome: file('outcome'),
      };
      const place = (text: string) => text.replace('SCRIPT', file('script')).replace('OUT', file('out'));
      const way = place(INPUTS[input]);
      const program = `"$0" "$1" "$2" ${place(OUTPUTS[output])}`;
      const line = way.endsWith('|') ? `${way} ${program}` : program.replace('"$2"', `"$2" ${way}`);
      const pty = spawn('bash', ['-c', line, process.execPath, PROGRAM, JSON.stringify(plan)], {
        name: 'xterm-256color',
        env: { ...process.env, TERM: 'xterm-256color' },
      });
      const ended = new Promise((done) => pty.onExit(done));
      if (input === 'terminal' && !hasCommand) {
        // Typed again and again, since nobody sees when the shell is ready.
        const typing = setInterval(() => pty.write(`${look}; exit ${STATUS}\r`), 1000);
        await ended;
        clearInterval(typing);
      } else await ended;
      const hasTerminal = wantsTty || (!hasCommand && input === 'terminal');
      // A shell that has nothing to read has nothing to say either.
      const isEmpty = !hasCommand && (input === 'nothing' || input === 'closed');
      const seen = existsSync(file('seen')) ? readFileSync(file('seen'), 'utf8').trim() : 'nothing';
      expect({ seen, outcome: readFileSync(file('outcome'), 'utf8') }).toEqual({
        seen: isEmpty ? 'nothing' : hasTerminal ? 'terminal' : 'none',
        outcome: isEmpty ? '0' : String(STATUS),
      });
    },
  );

  const signals = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const;
  it.concurrent.each(
    signals.flatMap(([name, status]) => [true, false].map((wantsTty) => ({ name, status, wantsTty }))),
  )('ends with $name, and what it runs there with it; -t: $wantsTty', async ({ name, status, wantsTty }) => {
    const file = (what: string) => join(folder, `${name}-${wantsTty}.${what}`);
    const plan: SessionPlan = {
      port: server.port,
      user: server.user,
      key,
      hostKeys: server.hostKeys,
      command: `echo $$ > ${file('pid')}; exec cat`,
      wantsTty,
      outcome: file('outcome'),
    };
    const child = spawnProgram(process.execPath, [PROGRAM, JSON.stringify(plan)], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const ended = new Promise((done) => child.once('exit', done));
    await until(() => existsSync(file('pid')) && readFileSync(file('pid'), 'utf8').endsWith('\n'));
    child.kill(name);
    await ended;
    expect(readFileSync(file('outcome'), 'utf8')).toBe(`INTERRUPTED ${status}`);
    const pid = readFileSync(file('pid'), 'utf8').trim();
    await until(() => !existsSync(`/proc/${pid}`));
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries += 1) {
    if (tries > 3000) throw new Error('it did not come true');
    await sleep(20);
  }
}
