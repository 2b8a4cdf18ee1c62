import { type IPty, spawn as spawnPty } from '@lydell/node-pty';
import type { Group } from '../group.ts';
import { quantile, type Result } from '../measure.ts';
import { toRow, type Unit } from '../rows.ts';
import type { Stage } from '../stage.ts';

const FINE: Unit = { suffix: ' ms', digits: 2 };
const KEYS_PER_TURN = 40;
/**
 * Times as many turns in quiet as rounds: differences there are a tenth of a millisecond, and the 99th percentile needs
 * thousands of keys.
 */
const QUIET_TURNS = 8;

/** A shell on a terminal, at its prompt. */
export class Shell {
  readonly #pty: IPty;
  #text = '';
  #onData: () => void = () => undefined;

  constructor(words: string[], environment: Record<string, string>) {
    const [program = '', ...rest] = words;
    this.#pty = spawnPty(program, rest, { cols: 80, rows: 24, env: environment, name: 'xterm-256color' });
    this.#pty.onData((data) => {
      this.#text += data;
      this.#onData();
    });
  }

  see(wanted: string | RegExp, timeoutMs = 60_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`never saw ${wanted}: ${this.#text.slice(-400)}`)), timeoutMs);
      this.#onData = () => {
        const isThere = typeof wanted === 'string' ? this.#text.includes(wanted) : wanted.test(this.#text);
        if (!isThere) return;
        clearTimeout(timer);
        this.#onData = () => undefined;
        resolve();
      };
      this.#onData();
    });
  }

  /** Milliseconds from a key to its echo. */
  async echo(): Promise<number> {
    this.#text = '';
    const begun = performance.now();
    this.#pty.write('x');
    await this.see('x');
    return performance.now() - begun;
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  end(): void {
    this.#pty.kill('SIGKILL');
  }
}

/** The time from a key to its echo, in quiet and while the same tool copies as fast as it can. */
export const measureShells: Group = async ({ stage, rounds }) => {
  const standing = await stage.portForward('dev');
  const own = new Shell(stage.ws('ssh', 'dev'), stage.environment);
  const peer = new Shell(stage.ssh(standing.port, '-tt'), stage.environment);
  await Promise.all([own.see(/\$ $/), peer.see(/\$ $/)]);
  const copy = 'cat /dev/zero';
  const quiet = await takeTurns([own, peer], rounds * QUIET_TURNS, []);
  const busy = await takeTurns([own, peer], rounds, [
    () => startCopy(stage, stage.ws('ssh', '--no-share', 'dev', '--', copy)),
    () => startCopy(stage, stage.ssh(standing.port, copy)),
  ]);
  const text = formatByAge(quiet);
  for (const list of [...quiet, ...busy]) list.sort((a, b) => a - b);
  own.end();
  peer.end();
  await stage.stop(standing.child);
  const names = (state: string) => ['`ws ssh`', 'OpenSSH over a port-forward'].map((name) => `${name}, echo ${state}`);
  const result = (values: number[] | undefined, name: string | undefined): Result => ({
    name: name ?? '',
    values: values ?? [],
  });
  const rows = [
    { state: 'in quiet', values: quiet },
    { state: 'during a bulk copy', values: busy },
  ].flatMap(({ state, values }) => {
    const [ownName, peerName] = names(state);
    return [0.5, 0.99].map((share) =>
      toRow(result(values[0], `${ownName}, p${share * 100}`), result(values[1], `${peerName}, p${share * 100}`), 1, {
        unit: FINE,
        share,
        note: 'The first few hundred keys of a session are slower (see the table). One JavaScript thread encrypts, frames and draws, and V8 compiles it only as it is used. On a machine with few cores the scheduler makes the tail, and this ratio varies by a tenth from run to run.',
      }),
    );
  });
  return { rows, text };
};

/** How an echo changes as a session goes on: V8 compiles what is used often, and interprets it until then. */
function formatByAge(values: number[][]): string {
  const ages: [string, number, number?][] = [
    ['the first 400', 0, 400],
    ['400 to 1600', 400, 1600],
    ['after 1600', 1600],
  ];
  const lines = ages.flatMap(([age, from, to]) => {
    const parts = values.map((list) => list.slice(from, to).sort((a, b) => a - b));
    if (parts.some(({ length }) => length === 0)) return [];
    const cells = parts.map((list) => [0.5, 0.9, 0.99].map((share) => quantile(list, share).toFixed(2)).join(' / '));
    return [`| ${age} | ${cells.join(' | ')} |`];
  });
  return [
    'In quiet, by the number of keys typed earlier in the session, in milliseconds (p50 / p90 / p99):',
    '',
    '| keys | `ws ssh` | OpenSSH over a port-forward |',
    '| --- | --- | --- |',
    ...lines,
  ].join('\n');
}

async function takeTurns(shells: Shell[], turns: number, copies: (() => Promise<() => Promise<void>>)[]) {
  const values: number[][] = shells.map(() => []);
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [index, shell] of shells.entries()) {
      const stop = await copies[index]?.();
      for (let key = 0; key < KEYS_PER_TURN; key += 1) {
        values[index]?.push(await shell.echo());
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await stop?.();
      shell.type('\x15');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  if (values.some((list) => !(Math.min(...list) > 0))) throw new Error('no echo was measured');
  return values;
}

async function startCopy(stage: Stage, words: string[]): Promise<() => Promise<void>> {
  const child = stage.start(words);
  let bytes = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  while (bytes < 8 << 20) await new Promise((resolve) => setTimeout(resolve, 20));
  return () => stage.stop(child);
}
