/**
 * ssh2 asks the server whether it would take a key before it signs with it (RFC 4252 §7), which spares a person a useless
 * passphrase. A key that needs nobody is signed with at once: one round trip less.
 */
import type { Client, ParsedKey } from 'ssh2';

type SignCallback = (data: Buffer, done: (signature: Buffer) => void) => void;

interface Protocol {
  authPK(username: string, key: ParsedKey, algorithm: string | undefined, sign?: SignCallback): void;
  _handlers: { USERAUTH_PK_OK(protocol: Protocol): void };
}

/** For the client's next connection attempt, once it has begun. `blobs`: base64 of the wire form of the keys that need nobody. */
export function signAtOnce(client: Client, blobs: Set<string>): void {
  const protocol = (client as unknown as { _protocol: Protocol })._protocol;
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
