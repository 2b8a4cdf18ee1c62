import type { Readable } from 'node:stream';

/** Turns of the event loop after which all that was typed has been read: the second one looks at the terminal. */
const TURNS = 3;

/** Takes what was typed before now out of a terminal's input. */
export async function takeWaiting(stdin: Readable): Promise<Buffer> {
  const taken: Buffer[] = [];
  const hear = (chunk: Buffer | string) => void taken.push(Buffer.from(chunk as string));
  stdin.on('data', hear).resume();
  for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
  stdin.off('data', hear).pause();
  // Node's stdin stops a moment after that, and whoever reads on before would be stopped with it.
  await nextTurn();
  return Buffer.concat(taken);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
