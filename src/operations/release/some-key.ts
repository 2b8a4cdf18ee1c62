import { toWire } from '../../contract/keys/wire.ts';

/** A line of authorized_keys for what is only rendered: nobody has the other half of the key. */
export const SOME_KEY = `ssh-ed25519 ${toWire('ssh-ed25519', Buffer.alloc(32, 1)).toString('base64')} ws`;
