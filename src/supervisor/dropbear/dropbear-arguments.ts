import { AUTHORIZED_KEYS_GATE } from '../../contract/paths.ts';

/** Where the image has Dropbear. */
export const DROPBEAR = '/usr/local/sbin/dropbear';

/** Bytes in flight towards the pod before it must answer; Dropbear's own 24 KiB makes uploads three times slower. */
const RECEIVE_WINDOW = 4 * 1024 * 1024;

/** Failed tries before the server hangs up. A key that a client only offers does not count. */
const MAX_TRIES = 6;

/**
 * Arguments for one connection. `-i`: the connection is on stdin and stdout; `-E`: log on stderr; `-w`: never root;
 * `-e`: sessions get the environment this process gives Dropbear, which is a chosen one.
 */
export function toDropbearArguments(options: { hostKeyFile: string; keepaliveSeconds: number }): string[] {
  return [
    '-i',
    '-E',
    '-w',
    '-e',
    '-T',
    String(MAX_TRIES),
    '-K',
    String(options.keepaliveSeconds),
    '-W',
    String(RECEIVE_WINDOW),
    '-D',
    AUTHORIZED_KEYS_GATE,
    '-r',
    options.hostKeyFile,
  ];
}
