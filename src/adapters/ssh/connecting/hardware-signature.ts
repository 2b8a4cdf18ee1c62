/**
 * ssh2 cannot write the signature of a hardware-backed key: OpenSSH's PROTOCOL.u2f puts a flags byte and a counter behind
 * the signature's string, and ssh2 always closes with that string. Given signature and trailer as one, it writes all bytes
 * in their places and one number wrong: the string's length, which then counts the trailer too.
 */
import type { Client } from 'ssh2';

interface PacketWriter {
  finalize(packet: Buffer, force?: boolean): Buffer;
}

/** Corrects that length in the packet that carries the signature, just before ssh2 encrypts it. */
export function patchSignature(client: Client, signature: Buffer, trailer: Buffer): void {
  const writer = (client as unknown as { _protocol: { _packetRW: { write: PacketWriter } } })._protocol._packetRW.write;
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
