/** Our words for what ssh2 says, which has no codes. The first match wins. */
const REASONS: [pattern: RegExp, reason: string | ((what: string) => string)][] = [
  [/^Keepalive timeout/, 'nothing was heard from it for a minute'],
  [/^Handshake failed: no matching (?:[CS]->[CS] )?(.+)/, (what) => `it offers no ${what} that ws takes`],
  [/^Handshake failed: signature|^Server failed to prove/, 'it cannot prove that its host key is its own'],
  [
    /^Handshake failed|^Invalid (?:header|identification|prime|generator)|^Header line|greeting/i,
    'it does not speak SSH',
  ],
  [/^Connection lost before handshake/, 'the connection was closed before the handshake was over'],
  [/^Timed out while waiting for handshake|^No response from server/, 'it does not answer'],
  [/^Not connected|^Channel is not open/, 'the connection is closed'],
  [/^No free channels/, 'too much is open on this connection'],
  [/^Unable to request a pseudo-terminal/, 'the server gives no terminal'],
  [/^Unable to request agent/, 'the server forwards no agent'],
  [/^Unable to (?:exec|open shell)/, 'the server refuses it'],
  [/^Unable to set environment/, 'the server takes no variables'],
  [/integrity check failed|bad (?:passphrase|decrypt)/i, 'the passphrase is another one, or the file is damaged'],
  [
    /^(?:Malformed|Cannot parse|Unsupported key|Invalid key|Missing|Unexpected)/,
    'it is damaged, or of a kind that is not known',
  ],
];

/** A sentence for what ssh2 said; undefined for anything else. */
export function findSshReason(message: string): string | undefined {
  const text = message.replace(/^\(SSH\) (?:Channel open failure: )?/, '').trim();
  for (const [pattern, reason] of REASONS) {
    const match = pattern.exec(text);
    if (match !== null) return typeof reason === 'string' ? reason : reason(match[1] ?? '');
  }
  return undefined;
}
