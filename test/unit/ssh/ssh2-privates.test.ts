/**
 * Between ssh2's own client and server. What fails here after an upgrade of ssh2 has to be looked at in
 * ssh2-privates.ts.
 */
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ssh2, {
  type AuthHandlerMiddleware,
  type ClientChannel,
  type Connection,
  type ParsedKey,
  type PublicKeyAuthContext,
  type Session,
} from 'ssh2';
import { expect, test } from 'vitest';
import {
  allowAnotherAgentRequest,
  BaseAgent,
  Client,
  closeForGood,
  correctSignature,
  parseKey,
  sendInterrupt,
  signAtOnce,
  toPublicKey,
} from '../../../src/adapters/ssh/ssh2-privates.ts';
import { formatOpenSshKey } from '../../../src/contract/keys/openssh-key.ts';

/** Not ssh2's own: of 3000 that it made, it could not read 8 again. */
const makeKey = () => formatOpenSshKey(generateKeyPairSync('ed25519').privateKey, '', 1);
const HOST = makeKey();
const KEY = ssh2.utils.parseKey(makeKey()) as ParsedKey;
const BLOB = KEY.getPublicSSH().toString('base64');

interface Privates {
  _protocol: {
    _packetRW: { write: { finalize(packet: Buffer, force?: boolean): Buffer } };
    _handlers: { CHANNEL_REQUEST(protocol: unknown, channel: number, kind: string, ...rest: unknown[]): void };
    channelWindowAdjust(...values: number[]): void;
  };
}

const privatesOf = (end: Client | Connection) => end as unknown as Privates;

/** An agent with the one key, whose signatures may have something behind them. */
class OneKeyAgent extends BaseAgent<ParsedKey> {
  onSignature = (signature: Buffer) => signature;

  override getIdentities(callback: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    callback(undefined, [KEY]);
  }

  override sign(_key: unknown, data: Buffer, _options: unknown, done?: (error: null, signature: Buffer) => void): void {
    done?.(null, this.onSignature(KEY.sign(data)));
  }
}

/** A client that has begun to connect to a server which lets everybody in, and what the server was asked. */
async function connect({
  ident = 'OpenSSH_10.0',
  agent = new OneKeyAgent(),
  onSession = (_session: Session): void => undefined,
} = {}) {
  const asked: PublicKeyAuthContext[] = [];
  const requests: string[] = [];
  const server = new ssh2.Server({ hostKeys: [HOST], ident }, (peer) => {
    peer.on('authentication', (context) => {
      asked.push(context as PublicKeyAuthContext);
      context.accept();
    });
    // ssh2's server tells nobody what a client asks for after the end of its input.
    const { _handlers: handlers } = privatesOf(peer)._protocol;
    const { CHANNEL_REQUEST: take } = handlers;
    handlers.CHANNEL_REQUEST = (protocol, channel, kind, ...rest) => {
      requests.push(`${kind} ${rest[1]}`);
      take(protocol, channel, kind, ...rest);
    };
    peer.on('session', (accept) => onSession(accept()));
    peer.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new Client();
  const login: AuthHandlerMiddleware = (_methods, _partial, done) => done({ type: 'agent', username: 'dev', agent });
  client.connect({ host: '127.0.0.1', port, username: 'dev', hostVerifier: () => true, authHandler: login, agent });
  const end = () => {
    client.destroy();
    server.close();
  };
  return { client, asked, requests, [Symbol.dispose]: end };
}

const start = (client: Client, options: object = {}) =>
  new Promise<ClientChannel>((resolve, reject) =>
    client.exec('true', options, (error, channel) => (error ? reject(error) : resolve(channel))),
  );

test('signAtOnce: a key of its list is signed with, and the server is not asked whether it would take it', async () => {
  using usual = await connect();
  await once(usual.client, 'ready');
  expect(usual.asked.map(({ signature }) => signature !== undefined)).toEqual([false, true]);
  using quick = await connect();
  signAtOnce(quick.client, new Set([BLOB]));
  await once(quick.client, 'ready');
  const signed = quick.asked.map(({ signature }) => signature !== undefined);
  expect(signed, 'ssh2 changed Protocol.authPK or its USERAUTH_PK_OK handler').toEqual([true]);
  using other = await connect();
  signAtOnce(other.client, new Set());
  await once(other.client, 'ready');
  expect(other.asked).toHaveLength(2);
});

test('correctSignature: flags and counter stand behind the signature, whose length counts its own bytes', async () => {
  const agent = new OneKeyAgent();
  using connection = await connect({ agent });
  const { client } = connection;
  const trailer = Buffer.from('0100000007', 'hex');
  const packets: Buffer[] = [];
  const { write: writer } = privatesOf(client)._protocol._packetRW;
  expect(writer?.finalize, 'ssh2 changed Protocol._packetRW.write.finalize').toBeTypeOf('function');
  let whole = Buffer.alloc(0);
  agent.onSignature = (signature) => {
    whole = Buffer.concat([signature, trailer]);
    const { write } = privatesOf(client)._protocol._packetRW;
    const finalize = write.finalize.bind(write);
    write.finalize = (packet, force) => {
      packets.push(Buffer.from(packet));
      return finalize(packet, force);
    };
    correctSignature(client, signature, trailer);
    return whole;
  };
  await once(client, 'ready');
  const packet = packets.find((bytes) => bytes.includes(whole));
  const at = packet?.indexOf(whole) ?? 0;
  expect(packet?.readUInt32BE(at - 4), 'ssh2 changed the packet of a signed request').toBe(
    whole.length - trailer.length,
  );
  expect(packet?.subarray(at, at + whole.length)).toEqual(whole);
});

test('toPublicKey: ssh2 takes a key that it cannot parse for a parsed one', () => {
  const type = 'sk-ssh-ed25519@openssh.com';
  const blob = Buffer.from(`\0\0\0\x1a${type}\0\0\0\x20${'k'.repeat(32)}\0\0\0\x04ssh:`).toString('base64');
  expect(parseKey(`${type} ${blob}`), 'ssh2 parses hardware-backed keys now: toPublicKey can go').toBeInstanceOf(Error);
  const key = toPublicKey({ type, blob });
  expect(parseKey(key as never), 'ssh2 changed how it knows a parsed key').toBe(key);
  expect(key.type).toBe(type);
  expect(key.getPublicSSH().toString('base64')).toBe(blob);
  expect(toPublicKey({ type: 'ssh-ed25519', blob: BLOB }).getPublicSSH()).toEqual(KEY.getPublicSSH());
});

test.each([
  ['dropbear_2026.90', 2],
  ['OpenSSH_10.0', 1],
])('allowAnotherAgentRequest: of %s two sessions ask for the agent %i times', async (ident, times) => {
  let requests = 0;
  const onSession = (session: Session) => {
    session.on('exec', (accept) => void accept());
    session.on('auth-agent', (accept) => {
      requests += 1;
      accept?.();
    });
  };
  using connection = await connect({ ident, onSession });
  const { client } = connection;
  await once(client, 'ready');
  for (let count = 0; count < 2; count += 1) {
    allowAnotherAgentRequest(client);
    await start(client, { agentForward: true });
  }
  expect(requests, 'ssh2 changed Client._agentFwdEnabled or Client._remoteVer').toBe(times);
});

test.each([false, true])('sendInterrupt: a signal reaches the server, the input ended: %s', async (isEnded) => {
  const onSession = (session: Session) => void session.on('exec', (accept) => void accept());
  using connection = await connect({ onSession });
  const { client, requests } = connection;
  await once(client, 'ready');
  const channel = await start(client);
  if (isEnded) {
    channel.end();
    await once(channel, 'finish');
  }
  sendInterrupt(channel);
  const message = 'ssh2 changed Channel.outgoing, Channel._client or Protocol.signal';
  await expect.poll(() => requests, { message }).toEqual(['exec true', 'signal INT']);
});

test('closeForGood: no window is enlarged after the close', async () => {
  const enlarged: boolean[] = [];
  for (const isForGood of [false, true]) {
    // More than half of a window, which ssh2 then enlarges.
    const onSession = (session: Session) =>
      void session.on('exec', (accept) => void accept().write(Buffer.alloc(1_500_000)));
    using connection = await connect({ onSession });
    const { client } = connection;
    await once(client, 'ready');
    const channel = await start(client);
    if (isForGood) closeForGood(channel);
    let isClosed = false;
    let isEnlarged = false;
    const protocol = privatesOf(client)._protocol;
    const adjust = protocol.channelWindowAdjust.bind(protocol);
    protocol.channelWindowAdjust = (...values) => {
      isEnlarged ||= isClosed;
      adjust(...values);
    };
    channel.close();
    isClosed = true;
    channel.resume();
    await once(channel, 'close');
    enlarged.push(isEnlarged);
  }
  expect(enlarged[0], 'ssh2 sends nothing after the close now: closeForGood can go').toBe(true);
  expect(enlarged[1], 'ssh2 changed Channel.incoming.window').toBe(false);
});
