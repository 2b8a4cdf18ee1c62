import { describe, expect, it } from 'vitest';
import { ModeTracker } from '../../../src/adapters/ssh/terminal/terminal-modes.ts';

function resetAfter(...chunks: string[]): string {
  const tracker = new ModeTracker();
  for (const chunk of chunks) tracker.watch(Buffer.from(chunk, 'latin1'));
  return tracker.toReset();
}

describe('terminal modes', () => {
  it('need no reset when nothing was left on', () => {
    expect(resetAfter('plain text \x1b[31mred\x1b[0m')).toBe('');
    expect(resetAfter('\x1b[?2004h prompt \x1b[?2004l\r\n')).toBe('');
    expect(resetAfter('\x1b[?25l\x1b[?1049h vim \x1b[?1049l\x1b[?25h')).toBe('');
    expect(resetAfter('\x1b[?1049h\x1b[?1000h\x1bc')).toBe('');
    expect(resetAfter('\x1b[?12h\x1b[?9999h')).toBe('');
  });

  it('are undone one by one, the alternate screen last', () => {
    expect(resetAfter('\x1b[?1049h\x1b[?1002;1006h\x1b[?25l\x1b[?2004h\x1b=')).toBe(
      '\x1b>\x1b[?1002l\x1b[?1006l\x1b[?25h\x1b[?2004l\x1b[?1049l\x1b[0m',
    );
    expect(resetAfter('\x1b[?7l')).toBe('\x1b[?7h\x1b[0m');
    expect(resetAfter('\x1b[>1u\x1b[>3u\x1b[<u')).toBe('\x1b[<1u\x1b[0m');
  });

  it('are seen wherever the stream is cut', () => {
    const stream = 'a\x1b[31m\x1b[?1000;1006hb';
    for (let at = 1; at < stream.length; at += 1) {
      expect(resetAfter(stream.slice(0, at), stream.slice(at))).toBe('\x1b[?1000l\x1b[?1006l\x1b[0m');
    }
    expect(resetAfter(...stream)).toBe('\x1b[?1000l\x1b[?1006l\x1b[0m');
  });

  it('do not keep what is no sequence', () => {
    const tracker = new ModeTracker();
    for (let round = 0; round < 1000; round += 1) tracker.watch(Buffer.from('\x1b[?1'));
    expect(tracker.toReset()).toBe('');
  });
});
