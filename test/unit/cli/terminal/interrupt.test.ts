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

function run(signalsAfterMs: number[]): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], { cwd: ROOT });
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

it('a second one does not wait', async () => {
  expect(await run([0, 400])).toEqual({ code: 130, printed: 'ready\n' });
});
