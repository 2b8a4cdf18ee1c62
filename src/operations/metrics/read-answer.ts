import type { Readable } from 'node:stream';

/**
 * The body of an HTTP answer, as text: as long as its head says, or to the stream's end where that says nothing. The
 * end of a pod stream comes a second after its last byte, and nobody should wait for it. Throws the stream's error, and
 * an `Error` for an answer that was cut.
 */
export async function readAnswer(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  let wanted: number | undefined;
  for await (const chunk of stream as AsyncIterable<Buffer | string>) {
    chunks.push(Buffer.from(chunk as string));
    length += chunk.length;
    wanted ??= findLength(Buffer.concat(chunks));
    if (wanted !== undefined && length >= wanted) break;
  }
  if (wanted !== undefined && length < wanted) throw new Error('the answer was cut');
  const answer = Buffer.concat(chunks);
  return answer.subarray(findBody(answer) ?? 0, wanted).toString('utf8');
}

/** Of head and body together, in bytes. */
function findLength(answer: Buffer): number | undefined {
  const body = findBody(answer);
  if (body === undefined) return undefined;
  const [, bytes] = /^content-length: *(\d{1,9})\r$/im.exec(answer.toString('latin1', 0, body)) ?? [];
  return bytes === undefined ? undefined : body + Number(bytes);
}

function findBody(answer: Buffer): number | undefined {
  const end = answer.indexOf('\r\n\r\n');
  return end === -1 ? undefined : end + 4;
}
