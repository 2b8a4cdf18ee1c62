import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { parsePortsLine, WATCH_COMMAND } from '../../../src/workspace/forwards/listening-ports.ts';

describe('a line of the loop', () => {
  it.each([
    ['any IPv4 address', '00000000:0BB8', [{ host: 'localhost', port: 3000 }]],
    ['the IPv4 loopback', '0100007F:0BB8', [{ host: 'localhost', port: 3000 }]],
    ['another loopback address', '0200007F:0BB8', [{ host: '127.0.0.2', port: 3000 }]],
    ['an address of the pod', '1900F40A:1F90', [{ host: '10.244.0.25', port: 8080 }]],
    ['any IPv6 address', '00000000000000000000000000000000:2406', [{ host: 'localhost', port: 9222 }]],
    ['the IPv6 loopback', '00000000000000000000000001000000:0016', [{ host: 'localhost', port: 22 }]],
    ['an IPv4 address in IPv6', '0000000000000000FFFF00000100007F:0BB8', [{ host: 'localhost', port: 3000 }]],
    ['an IPv6 address', 'B80D0120000000000000000001000000:FFFF', [{ host: '2001:db8:0:0:0:0:0:1', port: 65_535 }]],
  ])('knows %s', (_what, socket, expected) => {
    expect(parsePortsLine(`ws-ports ${socket}\n`)).toEqual(expected);
  });

  it('has each port once, lowest first, as localhost where it can be', () => {
    expect(parsePortsLine('ws-ports 1900F40A:1F90 0100007F:0BB8 00000000:1F90 0100007F:0BB8')).toEqual([
      { host: 'localhost', port: 3000 },
      { host: 'localhost', port: 8080 },
    ]);
    expect(parsePortsLine('ws-ports 00000000:1F90 1900F40A:1F90')).toEqual([{ host: 'localhost', port: 8080 }]);
  });

  it('may have no port, and no rubbish', () => {
    expect(parsePortsLine('ws-ports')).toEqual([]);
    expect(parsePortsLine('ws-ports 0100007F 0100007F:0BB8:1 00:0BB8 x')).toEqual([]);
  });

  it.each(['', 'Welcome!', ' 0100007F:0BB8', 'ws-portsx 0100007F:0BB8'])(
    'is not %j, which a login script prints',
    (line) => {
      expect(parsePortsLine(line)).toBeUndefined();
    },
  );
});

describe.runIf(process.platform === 'linux')('the loop on this machine (Linux only: it reads /proc)', () => {
  it('tells a new port and a closed one within seconds, leaves out those of its grandparent, and ends with its input', async () => {
    // The server's part is played by this process: what it listens on stays out.
    const own = await listenHere();
    const shell = spawn('sh', ['-c', `sh -c "$1"; true`, 'session', WATCH_COMMAND], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: shell.stdout })[Symbol.asyncIterator]();
    const next = async () => new Set(parsePortsLine((await lines.next()).value ?? '')?.map(({ port }) => port));
    try {
      const first = await next();
      expect(first.has(own.port)).toBe(false);
      const program = await listenElsewhere();
      await until(next, (ports) => ports.has(program.port));
      program.child.kill();
      await until(next, (ports) => !ports.has(program.port));
    } finally {
      shell.stdin.end();
      own.server.close();
    }
    await once(shell, 'exit');
    expect(shell.exitCode).toBe(0);
  });
});

async function listenHere(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as { port: number }).port };
}

async function listenElsewhere(): Promise<{ child: ChildProcess; port: number }> {
  const script = "const s = require('net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { child, port: Number(chunk.toString()) };
}

/** Other programs of this machine may listen meanwhile: their lines are passed over. */
async function until(next: () => Promise<Set<number>>, holds: (ports: Set<number>) => boolean): Promise<void> {
  for (let line = 0; line < 20; line += 1) if (holds(await next())) return;
  throw new Error('20 changes, and not the one');
}
