import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { readAnswer } from '../../../../src/operations/metrics/read-answer.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n';
const BODY = 'ws_sessions 2\nws_name{a="é"} 1\n';
const MEASURED = `${HEAD}Content-Length: ${Buffer.byteLength(BODY)}\r\nConnection: close\r\n\r\n${BODY}`;

/** A stream that brings these pieces, and ends only if it is told to. */
function bring(pieces: (string | Buffer)[], isEnded: boolean): PassThrough {
  const stream = new PassThrough();
  for (const piece of pieces) stream.write(piece);
  if (isEnded) stream.end();
  return stream;
}

it('is there with its last byte: nobody waits for the end of the stream', async () => {
  const bytes = Buffer.from(MEASURED);
  for (let at = 1; at < bytes.length; at += 1)
    expect(await readAnswer(bring([bytes.subarray(0, at), bytes.subarray(at)], false))).toBe(BODY);
});

it('goes to the end of the stream where its head names no length', async () => {
  expect(await readAnswer(bring([`${HEAD}\r\n`, BODY], true))).toBe(BODY);
});

it('is an error where it was cut, or where the stream breaks', async () => {
  await expect(readAnswer(bring([MEASURED.slice(0, -3)], true))).rejects.toThrow('cut');
  const stream = bring([HEAD], false);
  const reading = readAnswer(stream);
  stream.destroy(new Error('no answer'));
  await expect(reading).rejects.toThrow('no answer');
});
