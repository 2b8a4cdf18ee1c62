import type { Duplex } from 'node:stream';
import { type Answer, type Hello, HelloReader, parseAnswer, writeHello } from '../../../contract/resume/hello.ts';
import { hasCode } from '../../../workspace/errors/errors.ts';

/** A supervisor that speaks answers at once. */
const ANSWER_LIMIT_MS = 4000;

export interface Handshake {
  answer: Answer;
  /** What came behind it. */
  rest: Buffer;
}

/**
 * Without an answer: nothing came in time, the carrier was cut before a byte, or there is nothing that speaks this, as
 * in a pod with an older image.
 */
export interface NoAnswer {
  fault: 'silent' | 'cut' | 'other';
}

/**
 * Says hello on a carrier, which is destroyed when nothing answers that speaks this. Reads no byte after the answer:
 * the carrier is paused.
 */
export function shakeHands(carrier: Duplex, hello: Hello, signal: AbortSignal): Promise<Handshake | NoAnswer> {
  const { promise, resolve } = Promise.withResolvers<Handshake | NoAnswer>();
  const reader = new HelloReader();
  let hasHeard = false;
  const giveUp = (fault: NoAnswer['fault']) => {
    resolve({ fault });
    carrier.destroy();
  };
  const fail = () => giveUp(!hasHeard && hasCode(carrier.errored, 'CONNECTION_LOST') ? 'cut' : 'other');
  const hear = (chunk: Buffer) => {
    hasHeard = true;
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
  const timer = setTimeout(() => giveUp(hasHeard ? 'other' : 'silent'), ANSWER_LIMIT_MS);
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
