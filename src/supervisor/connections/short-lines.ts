import type { Readable } from 'node:stream';

/** Longer lines are cut, so that a writer without line ends cannot fill our memory. */
const LONGEST = 8192;

/** Calls `hear` with each line, without its end. Reads all there is, so that the writer never waits. */
export function readLines(source: Readable, hear: (line: string) => void): void {
  let rest = '';
  // A failed read ends the reading. The end of the process says why.
  source.on('error', () => undefined);
  source.setEncoding('utf8');
  source.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST);
    for (const line of lines) hear(line.slice(0, LONGEST));
  });
  source.on('end', () => rest !== '' && hear(rest));
}
