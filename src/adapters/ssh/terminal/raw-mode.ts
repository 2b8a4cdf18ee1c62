/** The terminal handed over to the remote side: no echo, no signals, no translation, in or out. */
import { spawn } from 'node:child_process';
import type { Terminal } from '../../../workspace/terminal.ts';

/** Raw mode until the returned function is called; it settles when the terminal is as it was. */
export async function takeRawMode(stdin: Terminal['stdin']): Promise<() => Promise<void>> {
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) return async () => undefined;
  stdin.setRawMode(true);
  let changing = setMode(stdin, ['-opost']);
  // After a stop and `fg` the local shell has reset the terminal. By stty again: Node believes that it is raw still.
  const onContinue = () => {
    changing = setMode(stdin, ['raw', '-echo', '-iexten']);
  };
  if (process.platform !== 'win32') process.on('SIGCONT', onContinue);
  await changing;
  return async () => {
    process.off('SIGCONT', onContinue);
    await changing;
    stdin.setRawMode?.(false);
  };
}

/**
 * Node's raw mode still makes a carriage return of every line feed, which moves the cursor to the wrong column in
 * programs that use the line feed alone (it is terminfo's cursor-down). Only stty can switch that off;
 * `setRawMode(false)` takes all of it back.
 */
async function setMode(stdin: Terminal['stdin'], modes: string[]): Promise<void> {
  const fd = (stdin as { fd?: number }).fd;
  if (process.platform === 'win32' || fd === undefined) return;
  await new Promise<void>((resolve) => {
    const child = spawn('stty', modes, { stdio: [fd, 'ignore', 'ignore'] });
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}
