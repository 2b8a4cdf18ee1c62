/**
 * What the server leaves behind when it cannot start: the sentences of `src/supervisor/`, by what they are about. A
 * test makes the server say each of them.
 */

export type StartFault =
  | 'home-not-writable'
  | 'home-full'
  | 'home-read-only'
  | 'home-silent'
  | 'values'
  | 'port'
  | 'read-only'
  | 'host-key';

const FAULTS: [StartFault, RegExp][] = [
  ['home-full', /^the home's volume is full|^ENOSPC|^EDQUOT/],
  ['home-read-only', /^the home's volume is read-only/],
  ['home-silent', /^the home's volume did not answer within/],
  ['home-not-writable', /^the home cannot be written by UID|^the home's volume cannot be used/],
  ['values', /^WS_[A-Z_]{1,60} is "|^the login shell .{1,300} is none of the image's/],
  ['port', /^listen E(?:ADDRINUSE|ACCES)/],
  ['read-only', /^\/run\/ws\S* (?:is not mounted|cannot be written)/],
  ['host-key', /host keys? |OpenSSH key|PEM key|^error:[0-9A-F]{8}:|host-key\/ssh_host_key/],
];

/** Undefined for words that are none of the server's: any program in the container may have written them. */
export function readStartFault(words: string): StartFault | undefined {
  return FAULTS.find(([, pattern]) => pattern.test(words))?.[0];
}

/** The port of `listen EADDRINUSE: address already in use 0.0.0.0:2222`. */
export function findPort(words: string): string | undefined {
  return /:(?<port>\d{1,5})$/.exec(words)?.groups?.['port'];
}
