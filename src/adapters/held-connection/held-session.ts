/** What one client does with a held connection. */
import type { Socket } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { WorkspaceError } from '../../workspace/errors/errors.ts';
import type { SshConnection } from '../../workspace/world.ts';
import { FRAME, type FrameKind, writeFrame } from './frames.ts';

/** A client says what it wants at once, and starts it when it may. */
const ASK_LIMIT_MS = 10_000;
/** A client takes a holder for stuck that says nothing for several times as long. */
const SIGN_OF_LIFE_MS = 5000;

export interface HolderSide {
  /** Whether the command may be started now. */
  isTrusted(): Promise<boolean>;
  /** The workspace has said something. */
  onHeard(): void;
}

type Stage = 'silent' | 'asking' | 'offered' | 'running' | 'input-ended';

export class HeldSession {
  readonly #socket: Socket;
  readonly #connection: SshConnection;
  readonly #holder: HolderSide;
  readonly #leave = new AbortController();
  readonly #input = new PassThrough();
  #stage: Stage = 'silent';
  #command = '';
  #timer: NodeJS.Timeout;

  constructor(socket: Socket, connection: SshConnection, holder: HolderSide) {
    this.#socket = socket;
    this.#connection = connection;
    this.#holder = holder;
    this.#input.on('drain', () => socket.resume());
    this.#timer = setTimeout(() => socket.destroy(), ASK_LIMIT_MS);
  }

  /** The client is gone: so is its channel. */
  end(): void {
    clearTimeout(this.#timer);
    this.#leave.abort();
    this.#input.destroy();
  }

  /** Throws at what no client says, or not at this point. */
  take(kind: number, payload: Buffer): void {
    if (kind === FRAME.open && this.#stage === 'silent') {
      this.#stage = 'asking';
      this.#command = payload.toString();
      this.#offer();
    } else if (kind === FRAME.go && this.#stage === 'offered') {
      this.#stage = 'running';
      this.#run();
    } else if (kind === FRAME.input && this.#stage === 'running') {
      if (!this.#input.write(payload)) this.#socket.pause();
    } else if (kind === FRAME.inputEnd && this.#stage === 'running') {
      this.#stage = 'input-ended';
      this.#input.end();
    } else throw new Error('out of turn');
  }

  async #offer(): Promise<void> {
    if (await this.#holder.isTrusted()) {
      this.#stage = 'offered';
      writeFrame(this.#socket, FRAME.ready);
    } else this.#socket.destroy();
  }

  async #run(): Promise<void> {
    const socket = this.#socket;
    clearTimeout(this.#timer);
    this.#timer = setInterval(() => {
      // What waits for the client is a sign of life as well.
      if (socket.writableLength === 0) writeFrame(socket, FRAME.alive);
    }, SIGN_OF_LIFE_MS);
    const terminal = {
      stdin: this.#input,
      stdout: this.#toStream(FRAME.output),
      stderr: this.#toStream(FRAME.errors),
      termName: undefined,
    };
    const { signal } = this.#leave;
    try {
      const status = await this.#connection.exec(terminal, { command: this.#command, forwardAgent: false }, signal);
      this.#holder.onHeard();
      writeFrame(socket, FRAME.exit, String(status));
    } catch (error) {
      writeFrame(socket, FRAME.failed, toDocument(error as Error));
    }
    socket.end();
  }

  /**
   * A stream that is one kind of frame on the socket, at the socket's pace. It has no errors: what is written when the
   * client has gone is dropped, and the socket's close ends the command.
   */
  #toStream(kind: FrameKind): Writable {
    const socket = this.#socket;
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.#holder.onHeard();
        if (!socket.writable || chunk.length === 0 || writeFrame(socket, kind, chunk)) done();
        else onceEither(socket, done);
      },
    });
  }
}

/** When the socket wants more, or never will again. */
function onceEither(socket: Socket, done: () => void): void {
  const settle = () => {
    socket.off('drain', settle);
    socket.off('close', settle);
    done();
  };
  socket.on('drain', settle);
  socket.on('close', settle);
}

function toDocument(error: Error): string {
  if (!(error instanceof WorkspaceError)) return JSON.stringify({ message: error.message });
  const { code, message, reason, suggestions } = error;
  return JSON.stringify({ code, message, reason, suggestions });
}
