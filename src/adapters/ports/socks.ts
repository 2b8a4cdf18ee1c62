/**
 * The server's half of SOCKS 5 (RFC 1928; CONNECT without a password) and of SOCKS 4 and 4a, up to the point where
 * bytes flow.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { failure, hasCode } from '../../workspace/errors/errors.ts';

/** A client says what it wants at once; one that does not is no SOCKS client. */
const GREETING_LIMIT_MS = 10_000;

type Open = (host: string, port: number) => Promise<Duplex>;

/** Reads the request, opens what it asks for and answers. Throws when it cannot, after the client was told. */
export async function acceptSocks(socket: Socket, open: Open): Promise<Duplex> {
  const reader = new SocketReader(socket);
  const timer = setTimeout(() => socket.destroy(new Error('no SOCKS request came')), GREETING_LIMIT_MS);
  try {
    const version = (await reader.take(1))[0];
    if (version === 5) return await acceptVersion5(socket, reader, open);
    if (version === 4) return await acceptVersion4(socket, reader, open);
    throw badRequest('the program speaks something else than SOCKS, perhaps HTTP');
  } finally {
    clearTimeout(timer);
    reader.release();
  }
}

async function acceptVersion5(socket: Socket, reader: SocketReader, open: Open): Promise<Duplex> {
  const methods = await reader.take((await reader.take(1))[0] ?? 0);
  if (!methods.includes(0)) {
    socket.end(Buffer.from([5, 0xff]));
    throw badRequest('the program insists on a password, and there is none');
  }
  socket.write(Buffer.from([5, 0]));
  const [, command, , kind] = await reader.take(4);
  const answer = (code: number) => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
  if (command !== 1) {
    socket.end(answer(7));
    throw badRequest('only connections are carried, no listening and no UDP');
  }
  const host = await readHost(reader, kind);
  if (host === undefined) {
    socket.end(answer(8));
    throw badRequest('the address is of an unknown kind');
  }
  const port = (await reader.take(2)).readUInt16BE();
  return await openAndAnswer(socket, () => open(host, port), answer(0), answer(5));
}

async function acceptVersion4(socket: Socket, reader: SocketReader, open: Open): Promise<Duplex> {
  const request = await reader.take(7);
  const refusal = Buffer.from([0, 0x5b, 0, 0, 0, 0, 0, 0]);
  if (request[0] !== 1) {
    socket.end(refusal);
    throw badRequest('only connections are carried, no listening');
  }
  await reader.takeText();
  const address = request.subarray(3);
  // 4a: the impossible address 0.0.0.x announces a name.
  const isNamed = address[0] === 0 && address[1] === 0 && address[2] === 0 && address[3] !== 0;
  const host = isNamed ? await reader.takeText() : address.join('.');
  const granted = Buffer.from([0, 0x5a, 0, 0, 0, 0, 0, 0]);
  return await openAndAnswer(socket, () => open(host, request.readUInt16BE(1)), granted, refusal);
}

async function openAndAnswer(socket: Socket, open: () => Promise<Duplex>, yes: Buffer, no: Buffer): Promise<Duplex> {
  let stream: Duplex;
  try {
    stream = await open();
  } catch (error) {
    if (hasCode(error, 'FORWARD_FAILED') && socket.writable) {
      // The listener resets a failed connection. The answer must be out before that.
      await new Promise<void>((resolve) => socket.end(no, resolve));
    }
    throw error;
  }
  socket.write(yes);
  return stream;
}

async function readHost(reader: SocketReader, kind: number | undefined): Promise<string | undefined> {
  if (kind === 1) return (await reader.take(4)).join('.');
  if (kind === 3) return (await reader.take((await reader.take(1))[0] ?? 0)).toString('latin1');
  if (kind !== 4) return undefined;
  const bytes = await reader.take(16);
  return Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(':');
}

/** Takes a few bytes off a socket and gives the rest back when released. */
class SocketReader {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  async take(length: number): Promise<Buffer> {
    if (length === 0) return Buffer.alloc(0);
    for (;;) {
      const bytes = this.#socket.read(length) as Buffer | null;
      if (bytes?.length === length) return bytes;
      if (bytes !== null || this.#socket.readableEnded || this.#socket.destroyed)
        throw badRequest('the request is cut short');
      await this.#more();
    }
  }

  /** Up to a zero byte, as SOCKS 4 writes text. */
  async takeText(): Promise<string> {
    const bytes: number[] = [];
    for (let byte = (await this.take(1))[0]; byte; byte = (await this.take(1))[0]) {
      if (bytes.push(byte) > 255) throw badRequest('the request is too long');
    }
    return Buffer.from(bytes).toString('latin1');
  }

  release(): void {
    this.#socket.removeAllListeners('readable');
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        for (const event of ['readable', 'end', 'close']) this.#socket.off(event, done);
        resolve();
      };
      for (const event of ['readable', 'end', 'close']) this.#socket.once(event, done);
    });
  }
}

function badRequest(reason: string) {
  return failure('FORWARD_FAILED', { message: 'A program made a SOCKS request that cannot be served', reason });
}
