/** Runs programs and believes none of them: status, size and content of what they gave are checked. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { Sample } from './sample.ts';

export interface RunOptions {
  environment: Record<string, string>;
  /** A file that is its stdin. */
  inputFile?: string;
  /** What its stdout must be. */
  expected?: string;
  /** What the sample of its stdout must be. */
  expectedSample?: string;
}

/** Runs a program to its end. Throws when its status is not 0 or its output not what it must be. */
export async function runProgram(words: string[], options: RunOptions): Promise<void> {
  const { environment, inputFile, expected, expectedSample } = options;
  const [program = '', ...rest] = words;
  const input = inputFile === undefined ? 'ignore' : openSync(inputFile, 'r');
  const child = spawn(program, rest, { env: environment, stdio: [input, 'pipe', 'pipe'] });
  if (typeof input === 'number') closeSync(input);
  const sample = new Sample();
  let text = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    if (expectedSample !== undefined) sample.add(chunk);
    else if (expected !== undefined) text += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const said = words.slice(0, 4).join(' ');
  if (status !== 0) throw new Error(`${said} … ended with ${status}: ${errors.slice(-600)}`);
  if (expected !== undefined && text !== expected)
    throw new Error(`${said} … said ${JSON.stringify(text.slice(0, 200))}`);
  if (expectedSample !== undefined && sample.toString() !== expectedSample)
    throw new Error(`${said} … gave ${sample.toString()} instead of ${expectedSample}`);
}

/** Waits until a text on a process's output matches, so many times if so said, and returns the last match. */
export function awaitLine(
  child: ChildProcess,
  pattern: RegExp,
  { timeoutMs = 60_000, times = 1 }: { timeoutMs?: number; times?: number } = {},
): Promise<RegExpExecArray> {
  const all = new RegExp(pattern, 'g');
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`never said ${pattern}: ${text.slice(-600)}`)), timeoutMs);
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const match = [...text.matchAll(all)][times - 1];
      if (match === undefined) return;
      clearTimeout(timer);
      resolve(match);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('close', () => {
      clearTimeout(timer);
      reject(new Error(`ended before it said ${pattern}: ${text.slice(-600)}`));
    });
  });
}
