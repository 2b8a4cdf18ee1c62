/** The terminals of the user's sessions. */
import { closeSync, constants, openSync, readdirSync, writeSync } from 'node:fs';
import path from 'node:path';

/** The major number of pseudoterminals (UNIX98_PTY_SLAVE_MAJOR of Linux's include/uapi/linux/major.h). */
const TERMINAL_MAJOR = 136;

let noticedAtSeconds = Number.NEGATIVE_INFINITY;

/** When a notice was written last, as Unix time: in tmux it counts as something that moved in a pane. */
export const getNoticedAtSeconds = (): number => noticedAtSeconds;

/** Writes a line to every open terminal of this container. A terminal that cannot take it at once is left out. */
export function notifyTerminals(text: string, root = '/dev/pts'): void {
  noticedAtSeconds = Math.floor(Date.now() / 1000);
  for (const name of listTerminals(root)) {
    try {
      const terminal = openSync(path.join(root, name), constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
      writeSync(terminal, `\r\n[ws] ${text}\r\n`);
      closeSync(terminal);
    } catch {
      // The terminal has closed, or its reader is stuck. A notice must never hold up the server.
    }
  }
}

function listTerminals(root: string): string[] {
  try {
    return readdirSync(root).filter((entry) => /^\d+$/.test(entry));
  } catch {
    // There are no terminals, or we have no descriptor to look for them.
    return [];
  }
}

/**
 * The name in /dev/pts of the kernel's number of a device, as /proc/PID/stat has it: the minor number's upper bits
 * stand above the major one. Undefined for another device.
 */
export function toTerminal(device: number): string | undefined {
  const major = (device >> 8) & 0xfff;
  return major === TERMINAL_MAJOR ? String((device & 0xff) | ((device >> 12) & 0xfff00)) : undefined;
}
