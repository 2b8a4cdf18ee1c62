/** What Dropbear makes of each line of authorized_keys (src/svr-authpubkey.c, src/svr-authpubkeyoptions.c of 2026.94). */

export interface KeyFault {
  /** From 1. */
  line: number;
  reason: string;
}

const TYPES = [
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
];

/** Options that Dropbear knows; a line with any other is skipped by it. */
const OPTIONS = new Set(
  'no-port-forwarding no-agent-forwarding no-X11-forwarding no-pty restrict command permitopen permitlisten no-touch-required verify-required'.split(
    ' ',
  ),
);

const LONGEST_LINE = 3000;
const MOST_LINES = 300;

/** Usable keys and the lines that are none, each with its reason. Empty lines and comments are neither. */
export function checkAuthorizedKeys(text: string): { usable: number; faults: KeyFault[] } {
  const faults: KeyFault[] = [];
  let usable = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const reason = index >= MOST_LINES ? `only the first ${MOST_LINES} lines are read` : findFault(line);
    if (reason === undefined) usable += 1;
    else faults.push({ line: index + 1, reason });
  }
  return { usable, faults };
}

function findFault(line: string): string | undefined {
  if (line.includes('PRIVATE KEY')) return 'it is a private key; only the public half belongs here';
  if (line.includes('\r')) return 'it ends in a carriage return';
  if (line.length > LONGEST_LINE) return `it is longer than ${LONGEST_LINE} characters`;
  const match = new RegExp(
    `^(?:(?<options>\\S.*?) )??(?<type>${TYPES.map((type) => type.replaceAll('.', '\\.')).join('|')})(?<gap>\\s)(?<blob>\\S+)`,
  ).exec(line);
  if (match?.groups === undefined)
    return 'it has no key of a type that is accepted (ed25519, RSA, ECDSA, or their sk- forms)';
  const { options, type = '', gap, blob = '' } = match.groups;
  if (gap !== ' ') return 'a space, not a tab, must follow the key type';
  if (!holdsType(blob, type)) return 'the key is damaged: its text is not a key of the type in front of it';
  const unknown = listOptions(options ?? '').find((option) => !OPTIONS.has(option));
  return unknown === undefined
    ? undefined
    : `the option "${unknown}" is not supported, and the key is not used because of it`;
}

function holdsType(blob: string, type: string): boolean {
  const bytes = Buffer.from(blob, 'base64');
  return (
    bytes.length > 8 + type.length &&
    bytes.readUInt32BE(0) === type.length &&
    bytes.subarray(4, 4 + type.length).toString('latin1') === type
  );
}

/** Names of comma-separated options; quoted values may hold commas. */
function listOptions(text: string): string[] {
  return (text.match(/(?:[^,"]|"[^"]*")+/g) ?? []).map((option) => option.split('=')[0]?.trim() ?? '');
}
