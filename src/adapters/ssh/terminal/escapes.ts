/** OpenSSH's escapes: `~.` at the start of a line ends the session, `~?` explains, `~~` is one `~`. */
export interface Scanned {
  /** The bytes for the server. */
  data: Buffer;
  action: 'disconnect' | 'help' | undefined;
}

const TILDE = 0x7e;
const DOT = 0x2e;
const QUESTION = 0x3f;
const RETURN = 0x0d;
const NEWLINE = 0x0a;

export const ESCAPE_HELP = [
  'Supported escape sequences, at the start of a line:',
  '  ~.  end the session',
  '  ~?  this text',
  '  ~~  send one ~',
  '',
].join('\r\n');

/** Reads what is typed, chunk by chunk: an escape may be split between two. */
export class EscapeScanner {
  #state: 'line-start' | 'tilde' | 'inside' = 'line-start';

  scan(chunk: Buffer): Scanned {
    // Nearly all typing and pasting has no tilde in it.
    if (this.#state !== 'tilde' && !chunk.includes(TILDE)) {
      const last = chunk.at(-1);
      if (last !== undefined) this.#state = isBreak(last) ? 'line-start' : 'inside';
      return { data: chunk, action: undefined };
    }
    const data: number[] = [];
    for (const byte of chunk) {
      const action = this.#take(byte, data);
      if (action !== undefined) return { data: Buffer.from(data), action };
    }
    return { data: Buffer.from(data), action: undefined };
  }

  #take(byte: number, data: number[]): Scanned['action'] {
    if (this.#state === 'tilde') {
      this.#state = byte === QUESTION ? 'line-start' : 'inside';
      if (byte === DOT) return 'disconnect';
      if (byte === QUESTION) return 'help';
      if (byte !== TILDE) data.push(TILDE);
    } else if (this.#state === 'line-start' && byte === TILDE) {
      this.#state = 'tilde';
      return undefined;
    }
    data.push(byte);
    this.#state = isBreak(byte) ? 'line-start' : 'inside';
    return undefined;
  }
}

function isBreak(byte: number): boolean {
  return byte === RETURN || byte === NEWLINE;
}
