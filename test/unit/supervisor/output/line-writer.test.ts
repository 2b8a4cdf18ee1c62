import { afterEach, describe, expect, it, vi } from 'vitest';
import { LineWriter } from '../../../../src/supervisor/output/line-writer.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A pipe that takes so many bytes, or fails with a code. */
function open(limitBytes = 1000) {
  const pipe = { room: 0, text: '', fault: undefined as string | undefined };
  const writer = new LineWriter({
    limitBytes,
    toLostLine: (count) => `lost ${count}\n`,
    write: (bytes) => {
      if (pipe.fault !== undefined) throw Object.assign(new Error(pipe.fault), { code: pipe.fault });
      const taken = Math.min(pipe.room, bytes.length);
      if (taken === 0) throw Object.assign(new Error('full'), { code: 'EAGAIN' });
      pipe.room -= taken;
      pipe.text += bytes.toString('latin1', 0, taken);
      return taken;
    },
  });
  return { pipe, writer };
}

describe('the lines of the log', () => {
  it('K5G2-STRUCT: wait for a reader that is late, in order and whole', async () => {
    vi.useFakeTimers();
    const { pipe, writer } = open();
    for (const line of ['one\n', 'two\n', 'three\n']) writer.write(line);
    pipe.room = 6;
    await vi.advanceTimersByTimeAsync(60);
    expect(pipe.text).toBe('one\ntw');
    pipe.room = 100;
    await vi.advanceTimersByTimeAsync(60);
    expect(pipe.text).toBe('one\ntwo\nthree\n');
  });

  it('K5G2-STRUCT: are counted when they are too many to keep, and the count is told', () => {
    const { pipe, writer } = open(20);
    for (let line = 0; line < 10; line += 1) writer.write(`line ${line}\n`);
    pipe.room = 1000;
    writer.flushNow(0);
    expect(pipe.text).toBe('line 0\nline 1\nlost 8\n');
  });

  it('K5G2-STRUCT: never throw, also when nobody will ever read them', () => {
    const { pipe, writer } = open();
    pipe.fault = 'EPIPE';
    for (let line = 0; line < 5; line += 1) expect(() => writer.write('gone\n')).not.toThrow();
    // Somebody has opened it again.
    pipe.fault = undefined;
    pipe.room = 1000;
    writer.write('back\n');
    expect(pipe.text).toBe('back\nlost 5\n');
  });

  it('K5G2-STRUCT: are waited for before an end, but not for long', () => {
    const { pipe, writer } = open();
    writer.write('last\n');
    const begun = performance.now();
    writer.flushNow(100);
    expect(performance.now() - begun).toBeLessThan(1000);
    pipe.room = 100;
    writer.flushNow(100);
    expect(pipe.text).toBe('last\n');
  });
});
