/** Shells that wait for somebody to type: nothing of theirs is lost. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readStat } from './proc.ts';

const SHELLS = ['sh', 'bash', 'dash', 'zsh', 'fish', 'ksh', 'mksh', 'nu', 'elvish', 'xonsh'];

/** By the words of its command line: a shell that was given neither a script nor a command. */
export function isPlainShell([first = '', ...rest]: string[]): boolean {
  const name = first.slice(first.lastIndexOf('/') + 1).replace(/^-/, '');
  return SHELLS.includes(name) && rest.every((word) => word.startsWith('-') && !/^-\w*c/.test(word));
}

/** None where the process has ended. */
export function readWords(pid: number, root = '/proc'): string[] {
  try {
    return readFileSync(path.join(root, String(pid), 'cmdline'), 'utf8')
      .replace(/\0+$/, '')
      .split('\0')
      .filter(Boolean);
  } catch {
    return [];
  }
}

/**
 * Whether a shell without children stands at its prompt: it has its terminal itself, and sleeps. One that runs a loop
 * computes. False where it has ended, or the kernel does not say.
 */
export function waitsAtPrompt(pid: number, root = '/proc'): boolean {
  try {
    const [state, , , , , foreground] = readStat(pid, root);
    return state === 'S' && foreground === String(pid) && isPlainShell(readWords(pid, root));
  } catch {
    return false;
  }
}
