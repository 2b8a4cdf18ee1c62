import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { PeerOwners } from '../../../../src/supervisor/connections/peer-owner.ts';

it.each(['127.0.0.1', '::1'])('knows whose program is at the other end by %s', async (host) => {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, host);
  try {
    const [socket] = (await once(server, 'connection')) as [Socket];
    const owners = new PeerOwners();
    const found = await Promise.all(Array.from({ length: 20 }, () => owners.find(socket)));
    expect(new Set(found)).toEqual(new Set([process.getuid?.()]));
    expect(await owners.find({ localPort: 1, remotePort: 1 })).toBeUndefined();
    expect(await new PeerOwners(['/nowhere']).find(socket)).toBeUndefined();
    socket.destroy();
  } finally {
    client.destroy();
    server.close();
  }
});
