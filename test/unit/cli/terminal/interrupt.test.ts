import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../../..');

/** A program that takes 600 ms to end in order, with the settings' library loaded as `ws up` has it. */
const PROGRAM = `
  import Conf from 'conf';
  import { interruptSignal } from './src/cli/terminal/interrupt.ts';
  void Conf;
  setInterval(() => undefined, 1000);
  interruptSignal().addEventListener('abort', () => setTimeout(() => { console.log('in order'); process.exit(); }, 600));
  console.log('ready');
`;

/** The same on a machine so busy that the library's own signal comes late. */
const BUSY = PROGRAM.replace(
  "'abort', () => ",
  "'abort', () => { const until = Date.now() + 400; while (Date.now() < until); }); interruptSignal().addEventListener('abort', () => ",
);

function run(signalsAfterMs: number[], program = PROGRAM): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    if (printed === 'ready\n') for (const ms of signalsAfterMs) setTimeout(() => child.kill('SIGINT'), ms);
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, printed })));
}

it('one Ctrl-C ends a run in order, though a library sends itself the signal again', async () => {
  expect(await run([0])).toEqual({ code: 130, printed: 'ready\nin order\n' });
});

it('one Ctrl-C does so on a busy machine, too', async () => {
  expect(await run([0], BUSY)).toEqual({ code: 130, printed: 'ready\nin order\n' });
});

it('a second one does not wait', async () => {
  expect(await run([0, 400])).toEqual({ code: 130, printed: 'ready\n' });
});

const FAILING = `
  import { reportFailure } from './src/cli/command/report-error.ts';
  import { interruptSignal } from './src/cli/terminal/interrupt.ts';
  import { interrupted, withOutcome } from './src/workspace/errors/errors.ts';
  setInterval(() => undefined, 1000);
  const error = withOutcome(interrupted(), 'Nothing was made');
  const end = () => reportFailure(error, { spell: () => ({ line: '' }), toExitCode: () => 1 }).then(() => process.exit());
  interruptSignal().addEventListener('abort', end);
  console.log('ready');
`;

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s without a terminal leaves what is so, and no empty line',
  async (name) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', FAILING], { cwd: ROOT });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdout.once('data', () => child.kill(name));
    await new Promise((resolve) => child.once('close', resolve));
    expect(said).toBe('Nothing was made.\n');
  },
);

/** A thread of it is in a call that never returns: Node's own exit would wait for it. */
const STUCK = `
  import { mkdir } from 'node:fs/promises';
  import { interruptSignal } from './src/cli/terminal/interrupt.ts';
  setInterval(() => undefined, 1000);
  void interruptSignal();
  void mkdir('/proc/none/a/b', { recursive: true });
  console.log('ready');
`;

it.runIf(process.platform === 'linux').each(['SIGTERM', 'SIGHUP'] as const)(
  '%s ends even what is stuck',
  async (name) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', STUCK], { cwd: ROOT });
    child.stdout.once('data', () => {
      child.kill(name);
      setTimeout(() => child.kill(name), 400);
    });
    expect(await new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal)))).toBe(name);
  },
);
