import { readdirSync, readFileSync } from 'node:fs';
import type { Person } from './run-ws.ts';

/** Process IDs of what holds a connection for this person. */
export function listHolders({ home }: Pick<Person, 'home'>): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return words.includes('\0hold\0') && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(home);
      } catch {
        return false;
      }
    });
}
