import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readLines } from '../../../../src/supervisor/connections/short-lines.ts';

async function read(...chunks: (string | Buffer)[]): Promise<string[]> {
  const source = new PassThrough();
  const lines: string[] = [];
  readLines(source, (line) => lines.push(line));
  for (const chunk of chunks) source.write(chunk);
  source.end();
  await sleep(5);
  return lines;
}

it('hears each line, however it comes', async () => {
  const bytes = Buffer.from('ä\n');
  expect(await read('one\ntw', 'o\n\n', bytes.subarray(0, 1), bytes.subarray(1), 'rest')).toEqual([
    'one',
    'two',
    '',
    'ä',
    'rest',
  ]);
});

it('keeps no more of a line without an end than of a long one', async () => {
  const endless = Array.from({ length: 100 }, () => 'x'.repeat(10_000));
  const lines = await read(...endless, '\n', 'after\n');
  expect(lines.map(({ length }) => length)).toEqual([8192, 5]);
});
