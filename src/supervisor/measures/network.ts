/** The pod's network interfaces as the kernel counts them. */
import { readFileSync } from 'node:fs';

export interface InterfaceTraffic {
  /** `eth0`, `lo`, … */
  name: string;
  receivedBytes: number;
  sentBytes: number;
}

/**
 * Traffic since the pod's network was made, ended sessions included. A single session's share cannot be measured: the
 * kernel hides a process's counters the moment it ends, which is when they are complete.
 */
export function readNetworkTraffic(file = '/proc/net/dev'): InterfaceTraffic[] {
  const rows = readFileSync(file, 'latin1').split('\n');
  return rows.flatMap((row) => {
    const match = /^\s*(?<name>[^:\s]+):\s*(?<received>\d+)(?:\s+\d+){7}\s+(?<sent>\d+)/.exec(row);
    if (match?.groups === undefined) return [];
    const { name = '', received, sent } = match.groups;
    return [{ name, receivedBytes: Number(received), sentBytes: Number(sent) }];
  });
}
