import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * The bytes of a plain file that anybody may have put there: never a pipe without a writer. Throws for anything else,
 * and for a file of more bytes, of which `isCut` takes the first ones.
 */
export async function readBounded(file: string, mostBytes: number, isCut = false): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new Error(`${file} is no file`);
    if (found.size > mostBytes && !isCut) throw new Error(`${file} has more than ${mostBytes} bytes`);
    const buffer = Buffer.alloc(Math.min(found.size, mostBytes));
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}
