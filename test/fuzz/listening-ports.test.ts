import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { parsePortsLine } from '../../src/workspace/forwards/listening-ports.ts';
import { hostileText, property } from './property.ts';

const socket = fc
  .tuple(
    fc.constantFrom(8, 16, 24, 32),
    fc.integer({ min: 0, max: 0xffff }),
    fc.infiniteStream(fc.constantFrom(...'0123456789ABCDEF')),
  )
  .map(
    ([length, port, digits]) =>
      `${[...digits.take(length)].join('')}:${port.toString(16).toUpperCase().padStart(4, '0')}`,
  );

describe('what a workspace says that it listens on', () => {
  property(
    'is ports and addresses, or nothing',
    fc.oneof(
      hostileText,
      fc.array(fc.oneof(socket, hostileText), { maxLength: 40 }).map((words) => `ws-ports ${words.join(' ')}`),
    ),
    (line) => {
      const ports = parsePortsLine(line) ?? [];
      for (const { host, port } of ports) {
        expect(port > 0 && port <= 65_535).toBe(true);
        expect(host).toMatch(/^(?:localhost|[0-9.]+|[0-9a-f:]+)$/);
      }
      expect(new Set(ports.map(({ port }) => port)).size).toBe(ports.length);
    },
  );
});
