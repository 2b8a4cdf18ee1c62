/**
 * The one place that reaches into ssh2: its files by their own names, and what its classes keep to themselves.
 * package.json pins its version, and a test holds each of these against the package.
 */
import type { Channel, ClientChannel, ParsedKey } from 'ssh2';
import { BaseAgent, createAgent } from 'ssh2/lib/agent.js';
// The whole package brings a server and a key generator as well, which take 1.6 ms more to load.
import Client from 'ssh2/lib/client.js';
import keyParser from 'ssh2/lib/protocol/keyParser.js';

export { BaseAgent, Client, createAgent };

/** From text in any form that ssh2 knows. It returns what is wrong, and a list for files that may hold several keys. */
export const { parseKey } = keyParser;

type SignCallback = (data: Buffer, done: (signature: Buffer) => void) => void;

interface Protocol {
  authPK(username: string, key: ParsedKey, algorithm: string | undefined, sign?: SignCallback): void;
  signal(id: number, name: string): void;
  _handlers: { USERAUTH_PK_OK(protocol: Protocol): void };
  _packetRW: { write: { finalize(packet: Buffer, force?: boolean): Buffer } };
}

interface ClientPrivates {
  /** From `connect` on. */
  _protocol: Protocol;
  /** The server's name for itself, from its greeting on. */
  _remoteVer?: string;
  _agentFwdEnabled: boolean;
}

interface ChannelPrivates {
  incoming: { window: number };
  outgoing: { id: number; state: string };
  _client: ClientPrivates;
}

function privatesOf(client: Client): ClientPrivates;
function privatesOf(channel: Channel): ChannelPrivates;
function privatesOf(holder: object): unknown {
  return holder;
}

/**
 * ssh2 asks the server whether it would take a key before it signs with it (RFC 4252 §7), which spares a person a
 * useless passphrase. A key that needs nobody is signed with at once: one round trip less.
 *
 * For the client's next connection attempt, once it has begun. `blobs`: base64 of the wire form of the keys that need
 * nobody.
 */
export function signAtOnce(client: Client, blobs: Set<string>): void {
  const { _protocol: protocol } = privatesOf(client);
  const { authPK } = protocol;
  protocol.authPK = (username, key, algorithm, sign) => {
    if (sign === undefined && blobs.has(key.getPublicSSH().toString('base64'))) {
      // As if the server had said yes.
      protocol._handlers.USERAUTH_PK_OK(protocol);
      return;
    }
    authPK.call(protocol, username, key, algorithm, sign);
  };
}

/**
 * ssh2 cannot write the signature of a hardware-backed key: OpenSSH's PROTOCOL.u2f puts a flags byte and a counter
 * behind the signature's string, and ssh2 always closes with that string. Given signature and trailer as one, it writes
 * all bytes in their places and one number wrong: the string's length, which then counts the trailer too.
 *
 * Corrects that length in the packet that carries the signature, just before ssh2 encrypts it.
 */
export function correctSignature(client: Client, signature: Buffer, trailer: Buffer): void {
  const { write: writer } = privatesOf(client)._protocol._packetRW;
  const { finalize } = writer;
  const written = Buffer.concat([signature, trailer]);
  writer.finalize = (packet, force) => {
    const at = packet.lastIndexOf(written);
    if (at > 0) {
      packet.writeUInt32BE(signature.length, at - 4);
      writer.finalize = finalize;
    }
    return finalize.call(writer, packet, force);
  };
}

/** A well-formed public key of no one's (RFC 8032, test 1). */
const LENDER = 'AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea';

/**
 * ssh2 cannot parse hardware-backed keys; of a key it needs no more than the type and the wire form, which any parsed
 * key can lend.
 */
export function toPublicKey({ type, blob }: { type: string; blob: string }): ParsedKey {
  const own = parseKey(`${type} ${blob}`);
  if (!(own instanceof Error)) return own;
  const lender = parseKey(`ssh-ed25519 ${LENDER}`) as ParsedKey;
  const wire = Buffer.from(blob, 'base64');
  return Object.create(lender, { type: { value: type }, getPublicSSH: { value: () => wire } });
}

/**
 * ssh2 asks for the agent once per connection, which is what OpenSSH's server wants; Dropbear's wants to be asked for
 * each session.
 */
export function allowAnotherAgentRequest(client: Client): void {
  const privates = privatesOf(client);
  if (/^dropbear/i.test(privates._remoteVer ?? '')) privates._agentFwdEnabled = false;
}

/**
 * ssh2 sends no signal once the input has ended, which is when a command most often runs. RFC 4254 §6.9 knows no such
 * limit.
 */
export function sendInterrupt(channel: ClientChannel): void {
  if (channel.writable) {
    channel.signal('INT');
    return;
  }
  const { outgoing, _client: client } = privatesOf(channel);
  if (outgoing.state === 'eof') client._protocol.signal(outgoing.id, 'INT');
}

/**
 * Sees to it that nothing follows the channel's close (RFC 4254 §5.3). ssh2 goes on to enlarge the window of one that
 * it has closed, while the rest of its data comes in; Dropbear ends the whole connection over that ("Unknown channel"),
 * and everybody's commands and forwards with it.
 */
export function closeForGood(channel: Channel): void {
  const close = channel.close.bind(channel);
  const { incoming } = privatesOf(channel);
  channel.close = () => {
    close();
    // ssh2 enlarges a window by what it lacks.
    incoming.window = Number.POSITIVE_INFINITY;
  };
}
