/** Three questions about one host: what they share is the rule for addresses. */
import { describe, expect, it } from 'vitest';
import { describeUnanswered } from '../../../src/adapters/ssh/connection.ts';
import { isLoopbackAddress } from '../../../src/contract/loopback.ts';
import { LOOPBACK, toSource } from '../../../src/supervisor/connections/admission.ts';
import { parseRemoteMapping } from '../../../src/workspace/forwards/mapping.ts';

function mayListenAt(host: string): boolean {
  try {
    return parseRemoteMapping(`${host.includes(':') ? `[${host}]` : host}:1:db:2`).length === 1;
  } catch {
    return false;
  }
}

describe('a host', () => {
  it.each<[string, { isAddress: boolean; isOwn: boolean; isListened: boolean }]>([
    ['127.0.0.1', { isAddress: true, isOwn: true, isListened: true }],
    ['::1', { isAddress: true, isOwn: true, isListened: true }],
    // A name is looked up in the workspace, and no connection comes from one.
    ['localhost', { isAddress: false, isOwn: true, isListened: true }],
    ['LOCALHOST', { isAddress: false, isOwn: true, isListened: true }],
    // The server listens at none of these.
    ['127.0.0.2', { isAddress: true, isOwn: true, isListened: false }],
    ['::ffff:127.0.0.1', { isAddress: true, isOwn: true, isListened: false }],
    ['::FFFF:7f00:1', { isAddress: true, isOwn: true, isListened: false }],
    ['0:0:0:0:0:0:0:1', { isAddress: true, isOwn: true, isListened: false }],
    ['127.example.com', { isAddress: false, isOwn: false, isListened: false }],
    ['10.0.0.1', { isAddress: false, isOwn: false, isListened: false }],
    ['::ffff:10.0.0.1', { isAddress: false, isOwn: false, isListened: false }],
    ['::2', { isAddress: false, isOwn: false, isListened: false }],
    ['fe80::1%eth0', { isAddress: false, isOwn: false, isListened: false }],
  ])('%s is the loopback to whom it is', (host, { isAddress, isOwn, isListened }) => {
    expect(isLoopbackAddress(host)).toBe(isAddress);
    expect(toSource(host) === LOOPBACK).toBe(isAddress);
    expect(describeUnanswered(host, 'x').startsWith('Nothing in the workspace')).toBe(isOwn);
    expect(mayListenAt(host)).toBe(isListened);
  });
});
