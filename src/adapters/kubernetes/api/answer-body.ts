/**
 * Reads bodies of answers within limits: TCP's keep-alive notices a dead peer, but not a proxy that stalls or never
 * ends.
 */
import type http from 'node:http';

/** How long an answer may be silent, and take altogether. A list of 500 objects comes in seconds. */
const SILENCE_MS = 30_000;
const LONGEST_MS = 120_000;

/** A page of a list has a few megabytes. */
const LARGEST_BYTES = 128 * 1024 * 1024;

/** The limit for the text of a refusal. */
const LARGEST_REFUSAL_BYTES = 64 * 1024;

/** A watch's event is an object, which etcd keeps below 2 MiB; lines of a log are cut by the runtime. */
const LONGEST_LINE = 8 * 1024 * 1024;

export interface BodyLimits {
  silenceMs?: number;
  longestMs?: number;
  largestBytes?: number;
}

/** The whole text. Throws an error with the code `ETIMEDOUT` or `EMSGSIZE` when a limit is passed. */
export async function readText(response: http.IncomingMessage, limits: BodyLimits = {}): Promise<string> {
  const { silenceMs = SILENCE_MS, longestMs = LONGEST_MS, largestBytes = LARGEST_BYTES } = limits;
  const fail = (code: string, words: string) => () => response.destroy(Object.assign(new Error(words), { code }));
  const longest = setTimeout(fail('ETIMEDOUT', 'the answer does not end'), longestMs);
  let silence: NodeJS.Timeout | undefined;
  const listen = () => {
    clearTimeout(silence);
    silence = setTimeout(fail('ETIMEDOUT', 'the answer broke off'), silenceMs);
  };
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    listen();
    for await (const part of response as AsyncIterable<Buffer>) {
      listen();
      bytes += part.length;
      if (bytes > largestBytes) throw Object.assign(new Error('the answer is too large'), { code: 'EMSGSIZE' });
      parts.push(part);
    }
    return Buffer.concat(parts).toString('utf8');
  } finally {
    clearTimeout(longest);
    clearTimeout(silence);
  }
}

/** The beginning of a refusal's text; as much as arrives in time. */
export async function readRefusal(response: http.IncomingMessage, silenceMs = SILENCE_MS / 3): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  const limit = setTimeout(() => response.destroy(), silenceMs);
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      parts.push(part);
      bytes += part.length;
      if (bytes > LARGEST_REFUSAL_BYTES) break;
    }
  } catch {
    // Use what has arrived.
  } finally {
    clearTimeout(limit);
  }
  return Buffer.concat(parts).subarray(0, LARGEST_REFUSAL_BYTES).toString('utf8');
}

/**
 * By hand, because readline's iterator does not report an error of its input. A line without an end comes in pieces.
 */
export async function* splitLines(response: http.IncomingMessage): AsyncGenerator<string, void, void> {
  response.setEncoding('utf8');
  let rest = '';
  for await (const part of response) {
    const lines = (rest + (part as string)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > LONGEST_LINE) {
      yield rest;
      rest = '';
    }
  }
  if (rest !== '') yield rest;
}
