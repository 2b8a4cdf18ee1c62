import type { Duplex } from 'node:stream';
import { type Answer, type Hello, HelloReader, parseAnswer, writeHello } from '../../../contract/resume/hello.ts';

/** A supervisor that speaks answers at once. */
const ANSWER_LIMIT_MS = 4000;

export interface Handshake {
  answer: Answer;
  /** What came behind it. */
  rest: Buffer;
}

/**
 * Says hello on a carrier. Undefined, and the carrier is destroyed, when nothing answers that speaks this. Reads no
 * byte after the answer: the carrier is paused.
 */
export function shakeHands(carrier: Duplex, hello: Hello, signal: AbortSignal): Promise<Handshake | undefined> {
  const { promise, resolve } = Promise.withResolvers<Handshake | undefined>();
  const reader = new HelloReader();
  const fail = () => {
    resolve(undefined);
    carrier.destroy();
  };
  const hear = (chunk: Buffer) => {
    try {
      const heard = reader.push(chunk);
      if (heard === undefined) return;
      carrier.pause();
      const answer = parseAnswer(heard.hello);
      if (answer === undefined) fail();
      else resolve({ answer, rest: heard.rest });
    } catch {
      fail();
    }
  };
  const timer = setTimeout(fail, ANSWER_LIMIT_MS);
  carrier.on('error', () => undefined);
  carrier.on('data', hear).on('end', fail).on('close', fail);
  signal.addEventListener('abort', fail, { once: true });
  carrier.write(writeHello(hello));
  return promise.finally(() => {
    clearTimeout(timer);
    carrier.off('data', hear).off('end', fail).off('close', fail);
    signal.removeEventListener('abort', fail);
  });
}
