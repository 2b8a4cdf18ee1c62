/** What is in flight while something breaks. Each load knows at its end whether all of it came through. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { finish } from '../../e2e/app/running/run-ws.ts';
import { hashFile, type Scene, WEB_PORT } from './scene.ts';

export interface Flight {
  /** Bytes or lines so far. It grows as long as the way is good. */
  progress(): number;
  /** Undefined when everything came through, and with its status; else what did not. */
  verdict: Promise<string | undefined>;
}

export interface Load {
  name: string;
  begin(scene: Scene): Flight;
}

/** Slow enough to be in flight for a minute, and to leave the processors to what is tried. */
const MIB_PER_SECOND = 12;
const TICK_MS = 100;

const LOGIN_TRIES = 60;
/** What scp reads of configuration, keys and libraries before it copies. */
const BEGINNING_BYTES = 2 ** 20;

/** How many ticks a load without bytes has: as long as the others take. */
const toTicks = ({ big }: Scene) => Math.ceil((big.bytes / 2 ** 20 / MIB_PER_SECOND) * (1000 / TICK_MS));

export const LOADS: Load[] = [
  {
    name: 'a command of `ws ssh` that counts',
    begin(scene) {
      const ticks = toTicks(scene);
      const script = `for i in $(seq ${ticks}); do echo $i; sleep ${TICK_MS / 1000}; done; exit 3`;
      const child = scene.start(scene.ws('ssh', '--no-share', 'dev', '--', script));
      child.stdin?.end();
      return judgeText(child, `${Array.from({ length: ticks }, (_, at) => at + 1).join('\n')}\n`, 3);
    },
  },
  {
    name: 'lines both ways through `ssh ws-dev`',
    begin(scene) {
      const lines = Array.from({ length: toTicks(scene) }, (_, at) => `line ${at + 1}\n`);
      const child = scene.start(scene.ssh('ssh', 'ws-dev', 'cat; exit 7'));
      void say(child, lines);
      return judgeText(child, lines.join(''), 7);
    },
  },
  {
    name: '`scp` up',
    begin(scene) {
      const limit = String(MIB_PER_SECOND * 8 * 1024);
      const child = scene.start(scene.ssh('scp', '-q', '-l', limit, scene.big.file, 'ws-dev:copied'));
      const verdict = judgeStatus(child).then(
        async (fault) => fault ?? compare(await hashThere(scene), scene.big.hash),
      );
      return { progress: watchRead(child), verdict };
    },
  },
  {
    name: '`rsync` down',
    begin(scene) {
      const file = scene.toFreshFile();
      const shell = scene.ssh('ssh').join(' ');
      const limit = `--bwlimit=${MIB_PER_SECOND}M`;
      const child = scene.start(['rsync', '--whole-file', '--inplace', limit, '-e', shell, 'ws-dev:big', file]);
      return judgeFile(child, file, scene);
    },
  },
  {
    name: 'an HTTP download through `ws forward`',
    begin(scene) {
      const file = scene.toFreshFile();
      const forward = scene.start(scene.ws('forward', `0:${WEB_PORT}`, '--workspace', 'dev', '--progress', 'plain'));
      forward.stdin?.end();
      const limit = `${MIB_PER_SECOND}M`;
      let flight: Flight | undefined;
      const verdict = seePort(forward).then((port) => {
        const words = ['curl', '-sSf', '--noproxy', '*', '--limit-rate', limit, '-o', file];
        flight = judgeFile(scene.start([...words, `http://127.0.0.1:${port}/big`]), file, scene);
        return flight.verdict.finally(() => forward.kill());
      });
      return { progress: () => flight?.progress() ?? 0, verdict: verdict.catch(String) };
    },
  },
];

/** What it printed, and its status. */
function judgeText(child: ChildProcess, expected: string, status: number): Flight {
  let bytes = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  const verdict = finish(child).then((run) => {
    if (run.status !== status) return `status ${run.status} instead of ${status}: ${run.stderr}`;
    return run.stdout === expected ? undefined : `it printed ${run.stdout.length} bytes, ${expected.length} were right`;
  });
  return { progress: () => bytes, verdict };
}

/** What is in the file at the end, which goes then. */
function judgeFile(child: ChildProcess, file: string, { big }: Scene): Flight {
  let bytes = 0;
  const progress = () => {
    bytes = Math.max(bytes, statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    return bytes;
  };
  const verdict = judgeStatus(child)
    .then(async (fault) => fault ?? compare(await hashFile(file), big.hash))
    .finally(() => {
      progress();
      rmSync(file, { force: true });
    });
  return { progress, verdict };
}

async function judgeStatus(child: ChildProcess): Promise<string | undefined> {
  const { status, stderr } = await finish(child);
  return status === 0 ? undefined : `status ${status}: ${stderr}`;
}

function compare(hash: string, expected: string): string | undefined {
  return hash === expected ? undefined : `other bytes: ${hash} instead of ${expected}`;
}

async function say(child: ChildProcess, lines: string[]): Promise<void> {
  for (const line of lines) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.stdin?.write(line);
    await sleep(TICK_MS);
  }
  child.stdin?.end();
}

/** The hash of what was copied. A new login may meet a way that is not back yet. */
async function hashThere(scene: Scene): Promise<string> {
  for (let tries = 0; tries < LOGIN_TRIES; tries += 1) {
    const { status, stdout } = await scene.run(scene.ws('ssh', '--no-share', 'dev', '--', 'sha256sum < copied'));
    if (status === 0) return stdout.slice(0, 64);
    await sleep(1000);
  }
  return 'nobody could log in to see it';
}

/** Bytes that a program has read of its file: all but what it read to begin. */
function watchRead({ pid }: ChildProcess): () => number {
  let bytes = 0;
  return () => {
    try {
      const text = readFileSync(`/proc/${pid}/io`, 'utf8');
      bytes = Math.max(bytes, Number(/^rchar: (\d+)$/m.exec(text)?.[1]) - BEGINNING_BYTES);
    } catch {
      // It has ended.
    }
    return bytes;
  };
}

function seePort(forward: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const hear = (chunk: Buffer) => {
      text += chunk.toString();
      const [, port] = /127\.0\.0\.1:(\d+)/.exec(text) ?? [];
      if (port !== undefined) resolve(port);
    };
    forward.stdout?.on('data', hear);
    forward.stderr?.on('data', hear);
    forward.once('close', (status) => reject(new Error(`ws forward ended with ${status}: ${text}`)));
  });
}
