/** The image's own script, run as it is. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { KEEP_PROGRAM } from '../../../../src/contract/paths.ts';

const SCRIPT = path.resolve(import.meta.dirname, `../../../../image/root/usr/local/bin/${KEEP_PROGRAM}`);

it('runs a command with its words, input, output and status', () => {
  const run = (...words: string[]) => spawnSync(SCRIPT, words, { input: 'in\n', encoding: 'utf8' });
  expect(run('sh', '-c', 'cat; echo "$1"; exit 7', 'sh', "a 'b  c")).toMatchObject({
    status: 7,
    stdout: "in\na 'b  c\n",
  });
  expect(run('true')).toMatchObject({ status: 0 });
  for (const words of [[], ['--help'], ['--for']]) expect(run(...words)).toMatchObject({ status: 2, stdout: '' });
});

it.each(['2h', '-1', '1.5', '', ' 5', '7\n8', 'x'])('refuses %j seconds before it writes anything', (seconds) => {
  const { status, stderr } = spawnSync(SCRIPT, ['--for', seconds], { encoding: 'utf8' });
  expect(stderr).toBe('usage: ws-keep COMMAND...\n       ws-keep --for SECONDS\n');
  expect(status).toBe(2);
});

it('is known by its name for as long as the command runs', async () => {
  const child = spawn(SCRIPT, ['cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    child.stdin.write('x');
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(readFileSync(`/proc/${child.pid}/stat`, 'latin1')).toMatch(new RegExp(`^\\d+ \\(${KEEP_PROGRAM}\\) `));
  } finally {
    child.stdin.end();
    await new Promise((resolve) => child.once('close', resolve));
  }
});

it('is understood by the shell of the image', () => {
  expect(() => execFileSync('sh', ['-n', SCRIPT])).not.toThrow();
});
