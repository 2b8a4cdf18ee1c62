import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readNetworkTraffic } from '../../../../src/supervisor/measures/network.ts';

it('F7C8-METRICS: reads the interfaces of /proc/net/dev, long names and large counts included', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'network-'));
  const file = path.join(folder, 'dev');
  writeFileSync(
    file,
    [
      'Inter-|   Receive                                                |  Transmit',
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
      '    lo:  433867    3723    0    0    0     0          0         0   433868    3723    0    0    0     0       0          0',
      'enp0s31f6:5000000000000  9    0    0    0     0          0         0 7    2637    0    0    0     0       0          0',
      '',
    ].join('\n'),
  );
  expect(readNetworkTraffic(file)).toEqual([
    { name: 'lo', receivedBytes: 433_867, sentBytes: 433_868 },
    { name: 'enp0s31f6', receivedBytes: 5_000_000_000_000, sentBytes: 7 },
  ]);
  rmSync(folder, { recursive: true });
});

it('reads the real file', () => {
  expect(readNetworkTraffic().map(({ name }) => name)).toContain('lo');
});
