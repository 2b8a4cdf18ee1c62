/** Large streams over a port of the workspace, in both directions. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { connect } from 'node:net';
import { awaitLine } from './programs.ts';
import { Sample } from './sample.ts';
import type { Stage } from './stage.ts';

export const POUR_PORT = 7777;

/**
 * In the workspace: gives the file `big`, or says `go`, takes as many bytes as it was told into the file `up` and says
 * `all`.
 */
const SERVER = `
const { createReadStream, createWriteStream } = require('node:fs');
require('node:net').createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.once('data', (order) => {
    const [way, size] = order.toString().split(' ');
    if (way === 'down') return createReadStream('big', { highWaterMark: 1 << 18 }).pipe(socket);
    let left = Number(size);
    const file = createWriteStream('up');
    socket.on('data', (chunk) => {
      left -= chunk.length;
      if (!file.write(chunk)) { socket.pause(); file.once('drain', () => socket.resume()); }
      if (left <= 0) file.end(() => socket.end('all'));
    });
    socket.write('go');
  });
}).listen(${POUR_PORT}, '127.0.0.1', () => console.log('pouring'));
`;

interface Pouring {
  serving: ChildProcess;
  up(port: number, file: string): Promise<void>;
  /** Throws when what comes does not have this sample. */
  down(port: number, expected: string): Promise<void>;
}

export async function openPouring(stage: Stage): Promise<Pouring> {
  await stage.put('dev', 'pour.cjs', SERVER);
  const serving = stage.start(stage.ws('ssh', '--no-share', 'dev', '--', 'exec node pour.cjs'));
  await awaitLine(serving, /pouring/);
  return {
    serving,
    up: async (port, file) => {
      const socket = connect(port, '127.0.0.1');
      socket.write(`up ${statSync(file).size}`);
      let said = '';
      socket.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said === 'go') createReadStream(file, { highWaterMark: 1 << 18 }).pipe(socket, { end: false });
      });
      await once(socket, 'end');
      socket.end();
      if (said !== 'goall') throw new Error(`the workspace said "${said}" to what was sent up`);
    },
    down: async (port, expected) => {
      const socket = connect(port, '127.0.0.1');
      socket.write('down');
      const sample = new Sample();
      for await (const chunk of socket) sample.add(chunk as Buffer);
      if (sample.toString() !== expected) throw new Error(`${sample.toString()} came instead of ${expected}`);
    },
  };
}
