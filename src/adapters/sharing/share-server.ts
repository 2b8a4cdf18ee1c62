/** Lends one SSH connection to other `ws` processes of the same user, a session to each. */
import { rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { WorkspaceError } from '../../workspace/errors.ts';
import type { SshConnection } from '../../workspace/world.ts';
import { FRAME, type FrameKind, FrameReader, writeFrame } from './frames.ts';

/** After this silence the way may have gone without a word (a closed lid): it is asked before it gets a command. */
const TRUST_MS = 5000;
const ALIVE_LIMIT_MS = 3000;

export interface ShareOptions {
  /** Ends after this time without a command. */
  idleMs: number;
  nowMs(): number;
}

/** A socket that is ours. Whoever connects before `serve` waits for it. */
export interface OpenShare {
  /** Lends the connection until it ends, stays idle, or the signal fires. The caller closes the connection. */
  serve(connection: SshConnection, options: ShareOptions, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Undefined when another process holds the socket already. A socket that nobody answers at is taken over. */
export async function openShare(socketPath: string): Promise<OpenShare | undefined> {
  const waiting: Socket[] = [];
  const server = createServer((socket) => waiting.push(socket.on('error', () => undefined)));
  if (!(await listen(server, socketPath))) {
    if (await isAnswered(socketPath)) return undefined;
    rmSync(socketPath, { force: true });
    if (!(await listen(server, socketPath))) return undefined;
  }
  const close = () => {
    server.close();
    for (const socket of waiting) socket.destroy();
  };
  return {
    close,
    async serve(connection, options, signal) {
      const lender = new Lender(connection, options);
      server.removeAllListeners('connection');
      server.on('connection', (socket) => lender.lend(socket));
      for (const socket of waiting.splice(0)) lender.lend(socket);
      signal.addEventListener('abort', lender.end);
      connection.ended.then(lender.end);
      await lender.ended;
      close();
    },
  };
}

function listen(server: Server, socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(socketPath, () => resolve(true));
  });
}

function isAnswered(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

class Lender {
  readonly #connection: SshConnection;
  readonly #options: ShareOptions;
  readonly #sockets = new Set<Socket>();
  readonly #ended = Promise.withResolvers<void>();
  #idle: NodeJS.Timeout | undefined;
  #lastUseMs: number;

  constructor(connection: SshConnection, options: ShareOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#lastUseMs = options.nowMs();
    this.#rest();
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  readonly end = (): void => {
    clearTimeout(this.#idle);
    for (const socket of this.#sockets) socket.destroy();
    this.#ended.resolve();
  };

  lend(socket: Socket): void {
    clearTimeout(this.#idle);
    this.#sockets.add(socket);
    const leave = new AbortController();
    const input = new PassThrough();
    const reader = new FrameReader((kind, payload) => {
      if (kind === FRAME.open) this.#run(socket, payload.toString(), input, leave.signal);
      else if (kind === FRAME.inputEnd) input.end();
      else if (kind === FRAME.input && !input.write(payload)) socket.pause();
    });
    input.on('drain', () => socket.resume());
    socket.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      leave.abort();
      this.#sockets.delete(socket);
      this.#lastUseMs = this.#options.nowMs();
      if (this.#sockets.size === 0) this.#rest();
    });
  }

  /** Unref'd nothing: an idle process must live until its time is over. */
  #rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(this.end, this.#options.idleMs);
  }

  async #run(socket: Socket, command: string, input: PassThrough, signal: AbortSignal): Promise<void> {
    const silentMs = this.#options.nowMs() - this.#lastUseMs;
    if (silentMs > TRUST_MS && !(await this.#connection.isAlive(ALIVE_LIMIT_MS))) {
      // Nothing was started: the other side makes a connection of its own, and so will the next holder.
      this.end();
      return;
    }
    writeFrame(socket, FRAME.started);
    const terminal = {
      stdin: input,
      stdout: toStream(socket, FRAME.output),
      stderr: toStream(socket, FRAME.errors),
      termName: undefined,
    };
    try {
      const status = await this.#connection.exec(terminal, { command, forwardAgent: false }, signal);
      writeFrame(socket, FRAME.exit, String(status));
    } catch (error) {
      if (!signal.aborted) writeFrame(socket, FRAME.failed, toDocument(error as Error));
    }
    socket.end();
  }
}

/** A stream that is one kind of frame on the socket, at the socket's pace. */
function toStream(socket: Socket, kind: FrameKind): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!socket.writable) done(new Error('the other side has gone'));
      else if (chunk.length === 0 || writeFrame(socket, kind, chunk)) done();
      else socket.once('drain', done);
    },
  });
}

function toDocument(error: Error): string {
  if (!(error instanceof WorkspaceError)) return JSON.stringify({ message: error.message });
  const { code, message, reason, suggestions } = error;
  return JSON.stringify({ code, message, reason, suggestions });
}
