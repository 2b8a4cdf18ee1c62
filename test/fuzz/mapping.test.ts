import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { WorkspaceError } from '../../src/workspace/errors/errors.ts';
import {
  formatAddress,
  formatMapping,
  parseMapping,
  parseRemoteMapping,
  parseSocks,
} from '../../src/workspace/forwards/mapping.ts';
import { hostileText, property } from './property.ts';

const port = fc.integer({ min: 1, max: 65_535 });
const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.constant('localhost'));
const localEnd = fc.record({ port, address: fc.oneof(host, fc.constant('*')) }, { requiredKeys: ['port'] });
const typed = fc.oneof(hostileText, fc.stringMatching(/^[0-9:.\-[\]a-f*/]{0,24}$/));

/** What a host or an address can hold, wherever it goes afterwards. */
const CLEAN = /^[^\s\p{Cc}\p{Cf}/[\]]+$/u;

function expectPort(number: number, lowest: number): void {
  expect(Number.isInteger(number) && number >= lowest && number <= 65_535).toBe(true);
}

/** Reads it or refuses it with what is wrong; nothing else. */
function tryOut<Read>(parse: (text: string) => Read, text: string, look: (read: Read) => void): void {
  let read: Read;
  try {
    read = parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(WorkspaceError);
    expect(error).toMatchObject({ code: 'BAD_MAPPING' });
    return;
  }
  look(read);
}

describe('a forward as typed', () => {
  property('is read, or refused with what is wrong', typed, (text) => {
    tryOut(parseMapping, text, (mappings) => {
      for (const { local, remote } of mappings) {
        expectPort(local.port, 0);
        expectPort(remote.port, 1);
        for (const name of [remote.host, local.address ?? '*']) expect(name).toMatch(CLEAN);
      }
    });
    tryOut(parseRemoteMapping, text, (mappings) => {
      for (const { local, remote } of mappings) {
        expectPort(local.port, 1);
        expectPort(remote.port, 1);
        expect(local.host).toMatch(CLEAN);
      }
    });
    tryOut(parseSocks, text, ({ local }) => {
      expectPort(local.port, 0);
      expect(local.address ?? '*').toMatch(CLEAN);
    });
  });

  property(
    'is read back from how it is written',
    fc.record({ kind: fc.constant('local' as const), local: localEnd, remote: fc.record({ host, port }) }),
    (mapping) => expect(parseMapping(formatMapping(mapping))).toEqual([mapping]),
  );

  property(
    'as a SOCKS proxy is read back from how it is written',
    fc.record({ kind: fc.constant('socks' as const), local: localEnd }),
    (mapping) => expect(parseSocks(formatMapping(mapping))).toEqual(mapping),
  );

  property(
    'the other way is read back from how it is written',
    fc.record({
      kind: fc.constant('remote' as const),
      remote: fc.record({ port }),
      local: fc.record({ host, port }),
    }),
    (mapping) => expect(parseRemoteMapping(formatMapping(mapping))).toEqual([mapping]),
  );

  // ssh(1): [bind_address:]port:host:hostport, with IPv6 addresses in brackets, and an empty one or * for everywhere.
  property(
    'in ssh’s spelling means what it means to ssh, and nothing of it is ignored',
    fc.record({
      bind: fc.constantFrom(undefined, '', '*', 'localhost', '127.0.0.1', '[::1]'),
      port,
      host,
      hostPort: port,
    }),
    ({ bind, port: listened, host: target, hostPort }) => {
      const text = `${bind === undefined ? '' : `${bind}:`}${listened}:${formatAddress(target, hostPort)}`;
      const address = bind === undefined ? {} : { address: bind === '' ? '*' : bind.replace(/^\[(.*)\]$/, '$1') };
      expect(parseMapping(text)).toEqual([
        { kind: 'local', local: { port: listened, ...address }, remote: { host: target, port: hostPort } },
      ]);
      if (bind === '' || bind === '*') expect(() => parseRemoteMapping(text)).toThrow('is not a forward');
      else
        expect(parseRemoteMapping(text)).toEqual([
          { kind: 'remote', remote: { port: listened }, local: { host: target, port: hostPort } },
        ]);
    },
  );
});
