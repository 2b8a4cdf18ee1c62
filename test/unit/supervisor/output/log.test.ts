import { describe, expect, it } from 'vitest';
import { createLog } from '../../../../src/supervisor/output/log.ts';

function record(level = 'info') {
  const clock = { nowMs: 0 };
  const lines: string[] = [];
  const log = createLog({ level, write: (line) => lines.push(line), nowMs: () => clock.nowMs });
  return { clock, log, lines, objects: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('the log', () => {
  it('K5G2-STRUCT: is one JSON object a line, whatever the text holds', () => {
    const { log, lines, objects } = record();
    log.warn('auth.failed', { user: 'a"b\nc\u2028\x1b[0m', reason: 'wrong_user' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]*\n$/);
    expect(objects()).toEqual([
      {
        level: 'warn',
        time: '1970-01-01T00:00:00.000Z',
        event: 'auth.failed',
        user: 'a"b\nc\u2028\x1b[0m',
        reason: 'wrong_user',
      },
    ]);
  });

  it('keeps to its level', () => {
    const { log, objects } = record('error');
    log.info('server.ready');
    log.fatal('supervisor.failed', { reason: 'x' });
    expect(objects().map(({ event }) => event)).toEqual(['supervisor.failed']);
  });

  it.each(['foo', '', 'toString', 'INFO'])('has a line for whoever refuses the level %j', (level) => {
    const { log, objects } = record(level);
    log.fatal('supervisor.failed', { reason: 'x' });
    expect(objects()).toMatchObject([{ level: 'fatal', event: 'supervisor.failed', reason: 'x' }]);
  });

  it('cuts a flood to ten lines a second and counts the rest', () => {
    const { clock, log, objects } = record();
    for (let index = 0; index < 50; index += 1) log.info('connection.opened');
    expect(objects()).toHaveLength(10);
    clock.nowMs = 1000;
    log.info('connection.opened');
    expect(objects().slice(10)).toMatchObject([
      { event: 'log.suppressed', of: 'connection.opened', suppressed: 40 },
      { event: 'connection.opened' },
    ]);
  });

  it('tells the count of a flood that has ended', () => {
    const { clock, log, objects } = record();
    for (let index = 0; index < 12; index += 1) log.info('connection.opened');
    log.flush();
    expect(objects()).toHaveLength(10);
    clock.nowMs = 1000;
    log.flush();
    log.flush();
    expect(objects().slice(10)).toMatchObject([{ event: 'log.suppressed', suppressed: 2 }]);
  });

  it('cuts each event by itself, and errors never', () => {
    const { log, objects } = record();
    for (let index = 0; index < 20; index += 1) log.info('connection.opened');
    log.info('server.ready');
    for (let index = 0; index < 20; index += 1) log.error('key.unusable');
    const count = (name: string) => objects().filter(({ event }) => event === name).length;
    expect([count('connection.opened'), count('server.ready'), count('key.unusable')]).toEqual([10, 1, 20]);
  });
});
