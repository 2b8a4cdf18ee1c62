/**
 * Host keys in the user's own known_hosts, for programs that read no configuration of OpenSSH: under the name that is
 * typed and under the alias, which is `ws`'s alone and tells whether the user has asked for it.
 */
import type { PublicKey } from '../../contract/keys/public-key.ts';
import { findKeys, replaceKeys } from './known-hosts-file.ts';

export interface UsersPin {
  /** `ws-NAME`. */
  name: string;
  hostKeyAlias: string;
  hostKeys: PublicKey[];
}

export function withPins(text: string, pins: UsersPin[]): string {
  return pins.reduce(
    (before, { name, hostKeyAlias, hostKeys }) =>
      replaceKeys(replaceKeys(before, name, hostKeys), hostKeyAlias, hostKeys),
    text,
  );
}

export function hasPin(text: string, hostKeyAlias: string): boolean {
  return findKeys(text, hostKeyAlias).length > 0;
}

/** Lines of hosts that were never pinned here stay, whoever wrote them. */
export function withoutPins(text: string, hosts: { name: string; hostKeyAlias: string | undefined }[]): string {
  const pins = hosts.flatMap(({ name, hostKeyAlias = '' }) =>
    hasPin(text, hostKeyAlias) ? [{ name, hostKeyAlias, hostKeys: [] }] : [],
  );
  return withPins(text, pins);
}

/** The name of a port of this machine, if only other keys than these are known for it. */
export function findStaleName(text: string, localPort: number, hostKeys: readonly PublicKey[]): string | undefined {
  const name = localPort === 22 ? '127.0.0.1' : `[127.0.0.1]:${localPort}`;
  const known = findKeys(text, name);
  const isCurrent = known.some(({ blob }) => hostKeys.some((key) => key.blob === blob));
  return known.length === 0 || isCurrent ? undefined : name;
}
