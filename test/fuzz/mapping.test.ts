import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { WorkspaceError } from '../../src/workspace/errors.ts';
import { formatMapping, parseMapping } from '../../src/workspace/mapping.ts';
import { hostileText, property } from './property.ts';

const port = fc.integer({ min: 1, max: 65_535 });

describe('a forward as typed', () => {
  property(
    'is read, or refused with what is wrong',
    fc.oneof(hostileText, fc.stringMatching(/^[0-9:.\-[\]a-f]{0,24}$/)),
    (text) => {
      try {
        for (const { local, remote } of parseMapping(text)) {
          expect(local).toBeLessThanOrEqual(65_535);
          expect(remote.port).toBeGreaterThan(0);
          expect(remote.host).toMatch(/^[^\s\p{Cc}]+$/u);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(WorkspaceError);
      }
    },
  );

  property(
    'is read back from how it is written',
    fc.record({ local: port, remote: fc.record({ host: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), port }) }),
    (mapping) => expect(parseMapping(formatMapping(mapping))).toEqual([mapping]),
  );
});
