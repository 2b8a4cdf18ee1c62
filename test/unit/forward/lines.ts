/** Connections that a test loses, and a clock that goes on only when it says so. */
import { PassThrough } from 'node:stream';
import { interrupted } from '../../../src/workspace/errors/errors.ts';
import type { Clock, SshConnection } from '../../../src/workspace/world.ts';

export function makeLine(parts: Partial<SshConnection> = {}) {
  const { promise: ended, resolve } = Promise.withResolvers<Error | undefined>();
  const stream = new PassThrough();
  const opened: string[] = [];
  const line = {
    stream,
    /** What was opened over it. */
    opened,
    isClosed: false,
    lose: (reason?: Error) => resolve(reason),
  };
  const connection = {
    ended,
    async openChannel(host: string, port: number) {
      opened.push(`${host}:${port}`);
      return stream;
    },
    async close() {
      line.isClosed = true;
      resolve(undefined);
    },
    ...parts,
  };
  return Object.assign(line, { connection: connection as unknown as SshConnection });
}

/** Each sleep lasts until the test has it pass. */
export function slowClock() {
  const sleeps: { ms: number; isOver: boolean; pass(): void }[] = [];
  let nowMs = 0;
  const clock: Clock = {
    nowMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleep = {
          ms,
          isOver: false,
          pass: () => {
            sleep.isOver = true;
            nowMs += ms;
            resolve();
          },
        };
        sleeps.push(sleep);
        signal.addEventListener('abort', () => {
          sleep.isOver = true;
          reject(interrupted());
        });
      }),
  };
  return { clock, sleeps };
}
