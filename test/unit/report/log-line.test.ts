import { describe, expect, it } from 'vitest';
import { formatLogLine } from '../../../src/report/results/log-line.ts';

const line = (fields: object) =>
  JSON.stringify({ time: '2026-06-01T10:00:00.123Z', level: 'info', event: 'session-started', ...fields });

describe("a line of the server's log", () => {
  it('is a time, what happened and its fields', () => {
    expect(formatLogLine(line({ user: 'alice', pid: 7, ok: true }), false)).toBe(
      '2026-06-01 10:00:00  session-started      user=alice pid=7 ok=true',
    );
  });

  it('quotes what could be misread', () => {
    expect(formatLogLine(line({ reason: 'no key', empty: '', list: [1] }), false)).toMatch(
      /reason="no key" empty= list=\[1\]$/,
    );
  });

  it('marks warnings and errors, in words without colour', () => {
    expect(formatLogLine(line({ level: 'warn' }), false)).toMatch(/ {2}\[warn\]$/);
    expect(formatLogLine(line({ level: 'error' }), true).replaceAll('\x1b', 'ESC')).toMatch(/^ESC\[31m.*ESC\[0m$/);
    expect(formatLogLine(line({ level: 'warn' }), true).replaceAll('\x1b', 'ESC')).toMatch(/^ESC\[33m/);
    expect(formatLogLine(line({}), true)).not.toMatch(/\x1b/);
  });

  it.each(['plain text', '{"no":"event"}', '[1]', 'null', '"text"', '{"event"', ''])('stays as it is: %s', (text) => {
    expect(formatLogLine(text, true)).toBe(text);
  });

  it('obeys nothing that a user of the workspace put into it, and stays one line', () => {
    const evil = 'a\x1b[2J\x07b\rc\nd\x9b31m\x85';
    for (const text of [evil, line({ user: evil }), line({ event: evil })])
      expect(formatLogLine(text, false)).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });

  it('is broken between words on a terminal', () => {
    const long = line({
      reason: 'key',
      address: '10.0.0.1:50000',
      connection: 12,
      fingerprint: `SHA256:${'x'.repeat(43)}`,
    });
    for (const color of [false, true]) {
      const whole = formatLogLine(long, color);
      const lines = formatLogLine(long, color, 80).split('\n');
      expect(lines.length).toBeGreaterThan(1);
      expect(Math.max(...lines.map((part) => part.length))).toBeLessThanOrEqual(80);
      expect(lines.map((part, index) => (index === 0 ? part : part.slice(2))).join(' ')).toBe(whole);
    }
  });
});
