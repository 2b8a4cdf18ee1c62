import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Door } from '../../../../src/supervisor/connections/door.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

async function open() {
  const door = new Door(0);
  opened.push(door);
  await door.listening;
  return door;
}

async function come(door: Door, host = '127.0.0.1') {
  const client = connect(door.port, host);
  opened.push({ close: () => client.destroy() });
  await once(client, 'connect');
  return client;
}

/** Greets, then gives back what it reads. */
function serve(socket: Socket): void {
  socket.write('SSH-2.0-x\r\n');
  socket.pipe(socket);
}

describe('the door', () => {
  it('lets those who come during the start wait, and loses nothing of what they say', async () => {
    const door = await open();
    const early = await come(door);
    early.write('SSH-2.0-client\r\n');
    const quiet = await Promise.race([
      once(early, 'data').then(() => 'answered'),
      new Promise((resolve) => setTimeout(() => resolve('waits'), 100)),
    ]);
    expect(quiet).toBe('waits');
    let said = '';
    early.setEncoding('latin1').on('data', (text: string) => (said += text));
    door.open(serve);
    await vi.waitFor(() => expect(said).toBe('SSH-2.0-x\r\nSSH-2.0-client\r\n'), 120_000);
  });

  it('hands over who comes later at once, by either version of IP', async () => {
    const door = await open();
    const families: (string | undefined)[] = [];
    door.open((socket) => {
      families.push(socket.remoteFamily);
      serve(socket);
    });
    for (const host of ['127.0.0.1', '::1'])
      expect(String((await once(await come(door, host), 'data'))[0])).toMatch(/^SSH/);
    expect(families).toEqual(['IPv4', 'IPv6']);
  });

  it('says that its port is taken, to who asks', async () => {
    const first = await open();
    await expect(new Door(first.port).listening).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('lets nobody in any more once it is closed', async () => {
    const door = await open();
    const { port } = door;
    door.close();
    const late = connect(port, '127.0.0.1');
    expect(await once(late, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
  });
});
