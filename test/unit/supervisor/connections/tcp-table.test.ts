import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { TcpTable } from '../../../../src/supervisor/connections/tcp-table.ts';

it.each(['127.0.0.1', '::1'])('knows whose program is at the other end by %s', async (host) => {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, host);
  try {
    const [socket] = (await once(server, 'connection')) as [Socket];
    const table = new TcpTable();
    const found = await Promise.all(Array.from({ length: 20 }, () => table.findPeerOwner(socket)));
    expect(new Set(found)).toEqual(new Set([process.getuid?.()]));
    expect(await table.findPeerOwner({ localPort: 1, remotePort: 1 })).toBeUndefined();
    expect(await new TcpTable(['/nowhere']).findPeerOwner(socket)).toBeUndefined();
    socket.destroy();
  } finally {
    client.destroy();
    server.close();
  }
});

it.each(['127.0.0.1', '::1'])('knows through which connection by %s nothing has come', async (host) => {
  const server = createServer({ pauseOnConnect: true }).listen(0, host);
  await once(server, 'listening');
  const accepted: Socket[] = [];
  server.on('connection', (socket) => accepted.push(socket));
  const clients = [1, 2].map(() => connect((server.address() as AddressInfo).port, host));
  try {
    await vi.waitFor(() => expect(accepted).toHaveLength(2), 120_000);
    const table = new TcpTable();
    expect(await table.findSilent(accepted)).toEqual(new Set(accepted));
    clients[0]?.write('SSH-2.0-x\r\n');
    const isSpeaking = (socket: Socket) => socket.remotePort === clients[0]?.localPort;
    const [speaking, silent] = [accepted.filter(isSpeaking), accepted.filter((socket) => !isSpeaking(socket))];
    await vi.waitFor(async () => expect(await table.findSilent(accepted)).toEqual(new Set(silent)), 120_000);
    expect(await table.findSilent([...speaking, { localPort: 1, remotePort: 1 }])).toEqual(new Set());
    expect(await new TcpTable(['/nowhere']).findSilent(accepted)).toEqual(new Set());
  } finally {
    for (const socket of [...clients, ...accepted]) socket.destroy();
    server.close();
  }
});
