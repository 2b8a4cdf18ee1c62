import { spawn } from '@lydell/node-pty';
import type { Answer, Size } from '../clients.ts';

/** A program on a terminal of its own, to its end. */
export function runOnTerminal(
  program: string,
  words: string[],
  { columns, rows }: Size,
  environment: Record<string, string>,
): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const env = { PATH: process.env['PATH'] ?? '', ...environment, TERM: 'xterm' };
  const terminal = spawn(program, words, { cols: columns, rows, env, name: 'xterm' });
  let stdout = '';
  terminal.onData((data) => {
    stdout += data;
  });
  terminal.onExit(({ exitCode }) => resolve({ status: exitCode, stdout }));
  return promise;
}
