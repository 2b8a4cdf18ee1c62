/** Contenders take turns in one run, so that whatever else the machine does falls on all of them alike. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface Contender {
  name: string;
  /** One measured round. Throws when it did not do its work: a failing command must not count as a fast one. */
  run(): Promise<number | void>;
  /** Not measured, after each round. */
  after?(): Promise<void>;
}

export interface Result {
  name: string;
  /** Sorted; milliseconds, or what `run` returned. */
  values: number[];
}

/** Each contender once to warm up, then `rounds` times in turn. A round's value is what `run` returns, else its milliseconds. */
export async function race(contenders: Contender[], rounds: number, warmUp = 1): Promise<Result[]> {
  const results = contenders.map(({ name }): Result => ({ name, values: [] }));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const begun = performance.now();
      const value = (await contender.run()) ?? performance.now() - begun;
      if (round >= 0) results[index]?.values.push(value);
      await contender.after?.();
    }
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  for (const { values } of results) values.sort((a, b) => a - b);
  return results;
}

/** The value that a share of the sorted values is below: 0.5 is the median. */
export function quantile(sorted: number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export interface RunOptions {
  environment: Record<string, string>;
  /** Bytes of zeros that are written to its stdin. */
  inputBytes?: number;
  /** What its stdout must be. */
  expected?: string;
  /** How many bytes its stdout must have. */
  expectedBytes?: number;
}

const ZEROS = Buffer.alloc(1 << 18);

/** Runs a program to its end. Throws when its status is not 0 or its output not what it must be. */
export function runProgram(words: string[], options: RunOptions): Promise<void> {
  const { environment, inputBytes = 0, expected, expectedBytes } = options;
  const [program = '', ...rest] = words;
  const child = spawn(program, rest, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
  let count = 0;
  let text = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    count += chunk.length;
    if (expected !== undefined) text += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  feed(child, inputBytes);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      if (status !== 0) reject(new Error(`${words.join(' ')} ended with ${status}: ${errors.slice(-600)}`));
      else if (expected !== undefined && text !== expected)
        reject(new Error(`${words.join(' ')} said ${JSON.stringify(text.slice(0, 200))}`));
      else if (expectedBytes !== undefined && count !== expectedBytes)
        reject(new Error(`${words.join(' ')} gave ${count} bytes instead of ${expectedBytes}`));
      else resolve();
    });
  });
}

function feed(child: ChildProcess, bytes: number): void {
  const { stdin } = child;
  let left = bytes;
  const more = () => {
    while (left > 0) {
      const chunk = left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS;
      left -= chunk.length;
      if (!stdin?.write(chunk)) return;
    }
    stdin?.end();
  };
  stdin?.on('drain', more);
  stdin?.on('error', () => undefined);
  more();
}

/** Waits until a text on a process's output matches, and returns the match. */
export function awaitLine(child: ChildProcess, pattern: RegExp, timeoutMs = 30_000): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`never said ${pattern}: ${text.slice(-600)}`)), timeoutMs);
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const match = pattern.exec(text);
      if (match === null) return;
      clearTimeout(timer);
      resolve(match);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('close', () => reject(new Error(`ended before it said ${pattern}: ${text.slice(-600)}`)));
  });
}
