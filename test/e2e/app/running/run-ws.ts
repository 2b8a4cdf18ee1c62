/** The built app as a user runs it: its own home, settings and keys, on the cluster under test. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn as spawnPty } from '@lydell/node-pty';
import { getKubeconfig } from '../../cluster-under-test.ts';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
export const PROGRAM = path.join(ROOT, 'bin/run.js');

export interface Run {
  status: number;
  stdout: string;
  stderr: string;
}

export interface Person extends Disposable {
  home: string;
  /** Path of a private key without a passphrase. */
  key: string;
  environment: Record<string, string>;
  ws(words: string[], options?: RunOptions): Promise<Run>;
  /** Brings up a workspace without a volume that takes the key. Throws what `ws` said if that fails. */
  make(name: string, ...words: string[]): Promise<void>;
  start(words: string[], options?: RunOptions): ChildProcess;
  /** On a terminal of its own. */
  onTerminal(words: string[], size?: { columns: number; rows: number }): Terminal;
}

interface RunOptions {
  input?: string | Buffer;
  environment?: Record<string, string | undefined>;
  /** Where it is typed. */
  folder?: string;
  /** In a process group of its own, so that its children can be killed with it. */
  ownGroup?: boolean;
}

/** Somebody with a home of their own, working in a namespace. */
export function makePerson(namespace: string): Person {
  const home = mkdtempSync(path.join(tmpdir(), 'ws-person-'));
  const key = path.join(home, '.ssh', 'id_ed25519');
  mkdirSync(path.dirname(key), { mode: 0o700 });
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'person@test', '-f', key]);
  mkdirSync(path.join(home, 'run'), { mode: 0o700 });
  const environment: Record<string, string> = {
    HOME: home,
    PATH: process.env['PATH'] ?? '',
    KUBECONFIG: getKubeconfig(),
    WS_CONFIG_DIR: path.join(home, 'config'),
    WS_NAMESPACE: namespace,
    // Sockets of their own, and no process that holds a connection after its test: those of sharing turn it on.
    XDG_RUNTIME_DIR: path.join(home, 'run'),
    WS_SHARE: 'no',
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
  };
  const start = (words: string[], options: RunOptions = {}) => {
    const env = Object.fromEntries(
      Object.entries({ ...environment, ...options.environment }).filter(([, value]) => value !== undefined),
    );
    const child = spawn(process.execPath, [PROGRAM, ...words], {
      env: env as NodeJS.ProcessEnv,
      ...(options.folder === undefined ? {} : { cwd: options.folder }),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: options.ownGroup === true,
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
    return child;
  };
  return {
    home,
    key,
    environment,
    start,
    ws: (words, options) => finish(start(words, options)),
    async make(name, ...words) {
      const given = ['up', name, '--yes', '--no-shell', '--storage-class', 'none', '--key', key, ...words];
      const { status, stderr } = await finish(start(given));
      if (status !== 0) throw new Error(`ws up ${name} ended with ${status}: ${stderr}`);
    },
    onTerminal: (words, size = { columns: 80, rows: 24 }) =>
      new Terminal(
        spawnPty(process.execPath, [PROGRAM, ...words], {
          cols: size.columns,
          rows: size.rows,
          env: environment,
          name: 'xterm-256color',
        }),
      ),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

export function finish(child: ChildProcess): Promise<Run> {
  const { promise, resolve } = Promise.withResolvers<Run>();
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  child.once('close', (code, signal) =>
    resolve({
      status: code ?? (signal === null ? -1 : -2),
      stdout: Buffer.concat(out).toString('latin1'),
      stderr: Buffer.concat(err).toString('utf8'),
    }),
  );
  return promise;
}

/** A real pseudo-terminal with a program on it. */
export class Terminal {
  readonly #pty: IPty;
  #screen = '';
  #status: number | undefined;

  constructor(pty: IPty) {
    this.#pty = pty;
    pty.onData((data) => {
      this.#screen += data;
    });
    pty.onExit(({ exitCode }) => {
      this.#status = exitCode;
    });
  }

  /** All that was written so far, without colours and cursor movements. */
  get text(): string {
    return stripVTControlCharacters(this.#screen);
  }

  /** What came, byte for byte. */
  get raw(): string {
    return this.#screen;
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
  }

  kill(signal: string): void {
    this.#pty.kill(signal);
  }

  /** Waits until the text matches; fails with the screen when it does not in time. */
  async see(pattern: RegExp, timeoutMs = 120_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!pattern.test(this.text)) {
      if (Date.now() > deadline || this.#status !== undefined)
        throw new Error(`never saw ${pattern}; status ${this.#status}; the screen:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** The program's exit status. */
  async exit(timeoutMs = 120_000): Promise<number> {
    const deadline = Date.now() + timeoutMs;
    while (this.#status === undefined) {
      if (Date.now() > deadline) throw new Error(`did not end; the screen:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return this.#status;
  }
}
