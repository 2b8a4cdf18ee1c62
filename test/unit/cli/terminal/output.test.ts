import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../../..');

/**
 * Prints until it is asked to end, as `ws logs --follow` does; a library has a listener that throws what it does not
 * know.
 */
const PROGRAM = `
  import { guardOutput } from './src/cli/terminal/output.ts';
  import { interruptSignal } from './src/cli/terminal/interrupt.ts';
  process.stdout.on('error', (error) => { throw error; });
  guardOutput(3);
  const printing = setInterval(() => process.stdout.write('line\\n'), 10);
  const saying = setInterval(() => process.stderr.write('progress\\n'), 10);
  interruptSignal().addEventListener('abort', () => {
    clearInterval(printing);
    setTimeout(() => { process.stderr.write('in order'); process.exit(); }, 50);
  });
  setTimeout(() => process.exit(7), Number(process.env.LAST_MS));
`;

function run(stdout: 'pipe' | number, stderr: 'pipe' | number, lastMs = 20_000) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    cwd: ROOT,
    env: { ...process.env, LAST_MS: String(lastMs) },
    stdio: ['ignore', stdout, stderr],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, said: () => said };
}

it('a reader that has what it wants ends the run in order, with the status that a shell gives', async () => {
  const { child, ended, said } = run('pipe', 'pipe');
  child.stdout?.once('data', () => child.stdout?.destroy());
  expect(await ended).toBe(141);
  expect(said()).toMatch(/in order$/);
});

it('progress that nobody reads any more ends nothing', async () => {
  const { child, ended } = run('pipe', 'pipe', 1500);
  child.stdout?.resume();
  child.stderr?.once('data', () => child.stderr?.destroy());
  expect(await ended).toBe(7);
});

it.runIf(existsSync('/dev/full'))('a full disk is one sentence and a status', async () => {
  const full = openSync('/dev/full', 'w');
  const { ended, said } = run(full, 'pipe');
  expect(await ended).toBe(3);
  closeSync(full);
  expect(said()).toContain('ws: the output cannot be written: the disk is full');
  expect(said()).not.toContain('    at ');
});
