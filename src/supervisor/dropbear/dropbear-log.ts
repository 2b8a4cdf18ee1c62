/**
 * Dropbear's log, line by line, as data. The grammar was read from Dropbear 2026.94's source and measured; lines carry
 * no severity and may quote text that an attacker chose, so everything that is not recognised stays an opaque, cleaned
 * text.
 */

/** Why Dropbear rejected an attempt to log in. */
export const AUTH_FAILURES = ['bad_signature', 'no_user', 'wrong_user', 'bad_shell', 'root'] as const;
export type AuthFailure = (typeof AUTH_FAILURES)[number];

/** Why a connection was no login: that, and what Dropbear has no line for. */
export const LOGIN_FAILURES = [...AUTH_FAILURES, 'timeout', 'no_key_accepted', 'no_attempt'] as const;
export type LoginFailure = (typeof LOGIN_FAILURES)[number];

export type DropbearEvent =
  | { kind: 'connected' }
  | { kind: 'auth-succeeded'; user: string; keyType: string; fingerprint: string }
  | { kind: 'auth-failed'; reason: AuthFailure; user: string | undefined }
  | { kind: 'config-error'; message: string }
  | { kind: 'key-unusable'; file: string; line: number }
  /** `user`: the name that the client asked to log in with; undefined when it never did. */
  | { kind: 'ended'; authenticated: boolean; user: string | undefined; reason: EndReason; detail: string }
  /** The client of a command without a terminal sends it a signal, or has gone while it runs. By its process ID. */
  | { kind: 'signalled'; command: number; signal: number }
  | { kind: 'left'; command: number }
  | { kind: 'crashed'; message: string }
  | { kind: 'ignored' }
  | { kind: 'other'; message: string };

/** How a session can end: a small closed set for logs and metrics. */
export const END_REASONS = [
  'exited',
  'disconnected',
  'keepalive_timeout',
  'idle_timeout',
  'max_duration',
  'terminated',
  'not_resumed',
  'login_timeout',
  'displaced',
  'too_many_tries',
  'no_common_algorithm',
  'protocol_error',
  'server_error',
  'other',
] as const;
export type EndReason = (typeof END_REASONS)[number];

const LINE = /^\[\d+\] [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?<message>.*)$/;

const RULES: [RegExp, (groups: Record<string, string>) => DropbearEvent][] = [
  [/^Child connection from /, () => ({ kind: 'connected' })],
  [
    /^Pubkey auth succeeded for '(?<user>.*)' with (?:(?<type>\S+) )?key (?<fingerprint>SHA256:\S+) from /,
    (g) => ({ kind: 'auth-succeeded', user: g.user ?? '', keyType: g.type ?? '', fingerprint: g.fingerprint ?? '' }),
  ],
  [
    /^Pubkey auth bad signature for '(?<user>.*)' with /,
    (g) => ({ kind: 'auth-failed', reason: 'bad_signature', user: g.user }),
  ],
  // Dropbear names a user only if there is an account of that name, here and in the end of the connection.
  [/^Login attempt for nonexistent user/, () => ({ kind: 'auth-failed', reason: 'no_user', user: undefined })],
  [
    /^Login attempt with wrong user (?<user>.*) from /,
    (g) => ({ kind: 'auth-failed', reason: 'wrong_user', user: g.user }),
  ],
  [/^User '(?<user>.*)' has invalid shell/, (g) => ({ kind: 'auth-failed', reason: 'bad_shell', user: g.user })],
  [/^root login rejected/, () => ({ kind: 'auth-failed', reason: 'root', user: 'root' })],
  [/must be owned by user or root, and not writable by/, (g) => ({ kind: 'config-error', message: g.message ?? '' })],
  [
    /^Bad public key options at (?<file>.*):(?<line>\d+)/,
    (g) => ({ kind: 'key-unusable', file: g.file ?? '', line: Number(g.line) }),
  ],
  [
    /^Exit before auth(?: from <[^>]+>)?: (?:\(user '(?<user>.*)', \d+ fails\): )?(?<reason>.*)$/,
    (g) => toEnd(false, g.user, g.reason ?? ''),
  ],
  [/^Exit \((?<user>.*?)\)(?: from <[^>]+>)?: (?<reason>.*)$/, (g) => toEnd(true, g.user, g.reason ?? '')],
  [/^Early exit(?: from <[^>]+>)?: (?<reason>.*)$/, (g) => ({ kind: 'config-error', message: g.reason ?? '' })],
  // These two are our own: image/dropbear/sessions.patch.
  [
    /^Command (?<command>\d+) was sent signal (?<signal>\d+)$/,
    (g) => ({ kind: 'signalled', command: Number(g.command), signal: Number(g.signal) }),
  ],
  [/^Command (?<command>\d+) was left$/, (g) => ({ kind: 'left', command: Number(g.command) })],
  [/^(?:syslogin_perform_logout|wtmp_write|lastlog_)/, () => ({ kind: 'ignored' })],
  [/^Aiee, segfault!/, () => ({ kind: 'crashed', message: 'Dropbear ended on a segmentation fault' })],
];

/** What a line of Dropbear's stderr says. */
export function parseDropbearLine(line: string): DropbearEvent {
  const message = clean(LINE.exec(line)?.groups?.message ?? line);
  if (message === '') return { kind: 'ignored' };
  for (const [pattern, toEvent] of RULES) {
    const match = pattern.exec(message);
    if (match !== null) return toEvent({ message, ...match.groups });
  }
  return { kind: 'other', message };
}

const ENDS: [RegExp, EndReason][] = [
  [/^Exited normally/, 'exited'],
  [
    /^(?:Disconnect received|Error reading: Connection reset by peer|Error writing: (?:Broken pipe|Connection reset))/,
    'disconnected',
  ],
  [/^Remote host closed/i, 'disconnected'],
  [/^Keepalive timeout/, 'keepalive_timeout'],
  [/^Idle timeout/, 'idle_timeout'],
  [/^Max duration/, 'max_duration'],
  [/^Terminated by signal/, 'terminated'],
  [/^Timeout before auth/, 'login_timeout'],
  [/^Max auth tries/, 'too_many_tries'],
  [/^No matching algo/, 'no_common_algorithm'],
  [
    /^(?:Incompatible remote|String too long|Integrity error|Bad packet|Unexpected packet|Client trying multiple)/,
    'protocol_error',
  ],
  [/^(?:Failed|Error|Out of memory)/, 'server_error'],
];

function toEnd(authenticated: boolean, user: string | undefined, detail: string): DropbearEvent {
  const reason = ENDS.find(([pattern]) => pattern.test(detail))?.[1] ?? 'other';
  return { kind: 'ended', authenticated, user, reason, detail };
}

/** Drops control characters and bounds the length: an attacker may have chosen the text. */
function clean(text: string): string {
  return text
    .replace(/\p{Cc}/gu, '')
    .slice(0, 1024)
    .trim();
}
