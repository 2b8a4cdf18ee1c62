/**
 * Which keys and which lines of authorized_keys Dropbear 2026 lets in: the one table of its rules. They are those of
 * its src/svr-authpubkey.c, src/svr-authpubkeyoptions.c and src/signkey.c; the tests of the image put the same lines to
 * Dropbear itself. The chart's `ws.validate.keyOptions` has the options as well, and is held against this table.
 */

export const LIMITS = {
  /** A longer line is passed over (MAX_AUTHKEYS_LINE). */
  lineBytes: 3000,
  /** At a longer line the reading ends, and no key below it counts (DROPBEAR_MAX_LINE_LENGTH). */
  readingBytes: 9999,
  /** MAX_AUTHKEYS_LINE_COUNT. */
  lines: 300,
  /** MIN_RSA_KEYLEN. */
  rsaBits: 1024,
  /** BUF_MAX_MPINT. */
  mpintBytes: 1030,
  exponentBits: 64,
} as const;

/** What follows the type in a key's wire form, one string each. */
export type KeyPart = 'ed25519' | 'exponent' | 'modulus' | 'curve' | 'point' | 'application';

export interface KeyType {
  parts: KeyPart[];
  curve?: string;
}

/** Every type that is let in. RSA keeps the name that it had with SHA-1; its signatures are of SHA-256. */
export const KEY_TYPES: Record<string, KeyType> = {
  'ssh-ed25519': { parts: ['ed25519'] },
  'ssh-rsa': { parts: ['exponent', 'modulus'] },
  'ecdsa-sha2-nistp256': { parts: ['curve', 'point'], curve: 'nistp256' },
  'ecdsa-sha2-nistp384': { parts: ['curve', 'point'], curve: 'nistp384' },
  'ecdsa-sha2-nistp521': { parts: ['curve', 'point'], curve: 'nistp521' },
  'sk-ssh-ed25519@openssh.com': { parts: ['ed25519', 'application'] },
  'sk-ecdsa-sha2-nistp256@openssh.com': { parts: ['curve', 'point', 'application'], curve: 'nistp256' },
};

export interface KeyOption {
  /** What must follow the name; undefined for an option that stands alone. */
  value?: RegExp;
  /** How it is written, for people. */
  form?: string;
  isOnce?: true;
}

/** As strtoul reads it: up to 65535, with blanks and a sign before it if need be. */
const PORT = String.raw`[ \t\v\f]*\+?0*(?:\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])`;

/**
 * Every option, in whatever case its name is written. A line with any other opens nothing, nor does one with a value
 * that does not fit.
 */
export const KEY_OPTIONS: Record<string, KeyOption> = {
  'no-port-forwarding': {},
  'no-agent-forwarding': {},
  'no-x11-forwarding': {},
  'no-pty': {},
  restrict: {},
  command: { value: /="(?:\\.|[^"\\])*"/sy, form: 'command="PROGRAM"', isOnce: true },
  permitopen: {
    value: new RegExp(String.raw`="(?:\[[^\]"]+\]|[^["][^"]*):(?:\*|${PORT})"`, 'y'),
    form: 'permitopen="HOST:PORT"',
  },
  permitlisten: { value: new RegExp(`="${PORT}"`, 'y'), form: 'permitlisten="PORT"' },
  'no-touch-required': {},
  'verify-required': {},
};
