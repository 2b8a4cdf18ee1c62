import { connect } from 'node:net';
import path from 'node:path';
import type { Group } from './group.ts';
import { awaitLine, type Contender, race } from './measure.ts';
import { toRow, type Unit } from './rows.ts';

const SECONDS: Unit = { suffix: ' s', digits: 1 };

/** In the workspace: gives, or counts, as many bytes as the first line of a connection says. */
const POUR = `
require('node:net').createServer({ allowHalfOpen: true }, (socket) => {
  socket.once('data', (first) => {
    const [way, size] = first.toString().split(' ');
    let left = Number(size);
    const zeros = Buffer.alloc(1 << 16);
    const give = () => { while (left > 0) { left -= zeros.length; if (!socket.write(zeros)) return; } socket.end(); };
    if (way === 'down') { socket.on('drain', give); give(); }
    else socket.on('data', (chunk) => { left -= chunk.length; if (left <= 0) socket.end('all'); });
    socket.on('error', () => undefined);
  });
}).listen(7777, '127.0.0.1', () => console.log('pouring'));
`;

/** Large streams through the session, through files and through a forwarded port. */
export const measureTransfers: Group = async ({ stage, slowRounds, bytes }) => {
  const size = `${bytes / 2 ** 20} MiB`;
  await stage.run(stage.ws('config-ssh', '--yes'));
  await stage.put('dev', 'pour.cjs', POUR);
  await stage.run(stage.ws('ssh', '--no-share', 'dev', '--', `head -c ${bytes} /dev/zero > big`));
  const standing = await stage.portForward('dev');
  const pouring = stage.start(stage.ws('ssh', '--no-share', 'dev', '--', 'exec node pour.cjs'));
  await awaitLine(pouring, /pouring/);
  const forward = stage.start(stage.ws('forward', '0:7777', '--workspace', 'dev', '--progress', 'plain'));
  const [, wsPort] = await awaitLine(forward, /127\.0\.0\.1:(\d+)/);
  const tunnel = stage.start(stage.ssh(standing.port, '-N', '-v', '-L', '17777:127.0.0.1:7777'));
  await awaitLine(tunnel, /Local forwarding listening/).catch(() => undefined);
  const config = ['-F', `${stage.folder}/.ssh/config`];
  const local = path.join(stage.folder, 'big');
  await stage.run(['sh', '-c', `head -c ${bytes} /dev/zero > ${local}`]);
  const down = `head -c ${bytes} /dev/zero`;
  const up = `test "$(wc -c)" = ${bytes}`;
  const seconds =
    (run: () => Promise<unknown>): Contender['run'] =>
    async () => {
      const begun = performance.now();
      await run();
      return (performance.now() - begun) / 1000;
    };
  const openssh = (words: string[]) => stage.ssh(standing.port, ...words);
  const scp = (...words: string[]) => ['scp', '-q', ...words];
  const scpOptions = [...stage.sshOptions, '-P', String(standing.port)];
  const downs = await race(
    [
      {
        name: `OpenSSH over a port-forward, ${size} down`,
        run: seconds(() => stage.run(openssh([down]), { expectedBytes: bytes })),
      },
      {
        name: `\`ws ssh -- cat\`, ${size} down`,
        run: seconds(() => stage.run(stage.ws('ssh', '--no-share', 'dev', '--', down), { expectedBytes: bytes })),
      },
      {
        name: `\`ws ssh -- cat\`, held connection, ${size} down`,
        run: seconds(() => stage.run(stage.ws('ssh', 'dev', '--', down), { expectedBytes: bytes })),
      },
      {
        name: `scp over a port-forward, ${size} down`,
        run: seconds(() => stage.run(scp(...scpOptions, 'developer@127.0.0.1:big', '/dev/null'))),
      },
      {
        name: `\`scp\` through \`ws proxy\`, ${size} down`,
        run: seconds(() => stage.run(scp(...config, 'ws-dev:big', '/dev/null'))),
      },
      { name: `\`ssh -L\` over a port-forward, ${size} down`, run: seconds(() => pour(17_777, 'down', bytes)) },
      { name: `a port of \`ws forward\`, ${size} down`, run: seconds(() => pour(Number(wsPort), 'down', bytes)) },
    ],
    slowRounds,
    0,
  );
  const ups = await race(
    [
      {
        name: `OpenSSH over a port-forward, ${size} up`,
        run: seconds(() => stage.run(openssh([up]), { inputBytes: bytes })),
      },
      {
        name: `\`ws ssh -- cat\`, ${size} up`,
        run: seconds(() => stage.run(stage.ws('ssh', '--no-share', 'dev', '--', up), { inputBytes: bytes })),
      },
      {
        name: `\`ws ssh -- cat\`, held connection, ${size} up`,
        run: seconds(() => stage.run(stage.ws('ssh', 'dev', '--', up), { inputBytes: bytes })),
      },
      {
        name: `scp over a port-forward, ${size} up`,
        run: seconds(() => stage.run(scp(...scpOptions, local, 'developer@127.0.0.1:up'))),
      },
      {
        name: `\`scp\` through \`ws proxy\`, ${size} up`,
        run: seconds(() => stage.run(scp(...config, local, 'ws-dev:up'))),
      },
      { name: `\`ssh -L\` over a port-forward, ${size} up`, run: seconds(() => pour(17_777, 'up', bytes)) },
      { name: `a port of \`ws forward\`, ${size} up`, run: seconds(() => pour(Number(wsPort), 'up', bytes)) },
    ],
    slowRounds,
    0,
  );
  for (const child of [tunnel, forward, pouring, standing.child]) await stage.stop(child);
  const note =
    'the cipher and the stream protocol run in one JavaScript thread, where OpenSSH and kubectl are two compiled processes; the API server, the kubelet and containerd copy each byte as well and take most of both cores here. For 0.7 the cipher would have to leave that thread.';
  const rows = [downs, ups].flatMap(([ssh, own, held, scpPeer, scpOwn, portPeer, portOwn]) => [
    toRow(own, ssh, 0.9, { unit: SECONDS, note }),
    toRow(held, ssh, 0.9, { unit: SECONDS, note: `${note} Over a held connection each byte passes one more process.` }),
    toRow(scpOwn, scpPeer, 0.9, {
      unit: SECONDS,
      note: 'OpenSSH does the SSH on both sides; `ws proxy` and `kubectl port-forward` carry the same bytes over the same API server.',
    }),
    toRow(portOwn, portPeer, 0.9, { unit: SECONDS, note }),
  ]);
  return { rows };
};

function pour(port: number, way: 'down' | 'up', bytes: number): Promise<void> {
  const zeros = Buffer.alloc(1 << 16);
  return new Promise((resolve, reject) => {
    let received = 0;
    let left = bytes;
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${way} ${bytes} `);
      // The server reads its orders alone; what follows them is counted.
      if (way === 'up') setTimeout(give, 20);
    });
    const give = () => {
      while (left > 0) {
        left -= zeros.length;
        if (!socket.write(zeros)) return;
      }
    };
    if (way === 'up') socket.on('drain', give);
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const wanted = way === 'down' ? bytes : 3;
      if (received === wanted) resolve();
      else reject(new Error(`${received} bytes came ${way} instead of ${wanted}`));
    });
  });
}
