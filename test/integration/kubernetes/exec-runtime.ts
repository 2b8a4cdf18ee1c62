/** What the API server, the kubelet and the runtime do with an exec: they run it, here on this machine. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import type { WebSocket } from 'ws';

const CLOSES = 255;

/** Runs the words with the socket as stdio. Returns the process. */
export function runOverSocket(socket: WebSocket, [program = '', ...words]: string[]): ChildProcess {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  const { stdin, stdout, stderr } = child;
  stdin.on('error', () => undefined).on('drain', () => socket.resume());
  socket.on('message', (message: Buffer) => {
    if (message[0] === CLOSES) stdin.end();
    else if (message[0] === 0 && !stdin.write(message.subarray(1))) socket.pause();
  });
  // As containerd: the end of the stream is the end of stdin, and nobody reads any more.
  socket.on('close', () => {
    stdin.end();
    stdout.destroy();
    stderr.destroy();
  });
  for (const [channel, output] of [
    [1, stdout],
    [2, stderr],
  ] as const) {
    output.on('data', (chunk: Buffer) => {
      output.pause();
      socket.send(Buffer.concat([Buffer.from([channel]), chunk]), () => output.resume());
    });
    // As containerd: whoever gives up one of them hears nothing more.
    output.on('end', () => stdin.end());
  }
  child.on('close', (code) => {
    const status = code === 0 ? { status: 'Success' } : { status: 'Failure', message: `exit code ${code}` };
    socket.send(Buffer.concat([Buffer.from([3]), Buffer.from(JSON.stringify(status))]), () => socket.close(1000));
  });
  return child;
}

/** Processes of this machine whose command line has this text. */
export function countProcesses(text: string): number {
  const lines = execFileSync('ps', ['-ww', '-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(text)).length;
}
