import { EventEmitter } from 'node:events';
import { type Duplex, PassThrough } from 'node:stream';
import type { Client } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { createRemoteForwards } from '../../../src/adapters/ssh/channels/remote-forwards.ts';
import { createLink } from '../../../src/adapters/ssh/link.ts';

const PORT = 7000;

/** A client of ssh2 whose server has a connection for us right behind its answer: both are read in one turn. */
function clientInAHurry(answer: Error | undefined) {
  const client = new EventEmitter();
  const refused: number[] = [];
  const connect = (port: number) => {
    const channel = Object.assign(new EventEmitter(), { close: () => undefined, incoming: { window: 0 } });
    client.emit(
      'tcp connection',
      { destIP: 'localhost', destPort: port },
      () => channel,
      () => refused.push(port),
    );
  };
  const forwardIn = (_host: string, port: number, done: (error?: Error, got?: number) => void) => {
    done(answer, answer === undefined ? port || PORT : undefined);
    connect(port || PORT);
    return true;
  };
  return { client: Object.assign(client, { forwardIn }) as unknown as Client, refused };
}

describe('a port that the server listens on for us', () => {
  it.each([PORT, 0])('misses no connection that comes with the answer (asked for port %i)', async (port) => {
    const { client, refused } = clientInAHurry(undefined);
    const came: Duplex[] = [];
    const forward = await createRemoteForwards(createLink(client, new PassThrough()))('localhost', port, (stream) =>
      came.push(stream),
    );
    expect([forward.port, came.length, refused]).toEqual([PORT, 1, []]);
  });

  it('refuses connections to a port that it did not get', async () => {
    const { client, refused } = clientInAHurry(new Error('no'));
    const asked = createRemoteForwards(createLink(client, new PassThrough()))('localhost', PORT, () => undefined);
    await expect(asked).rejects.toMatchObject({ code: 'FORWARD_FAILED', reason: 'the port is taken there' });
    expect(refused).toEqual([PORT]);
  });
});
