import { describe, expect, it, vi } from 'vitest';
import { Keyboard, Screen } from '../screen.ts';

vi.hoisted(() => {
  for (const name of Object.keys(process.env))
    if (/^(CI|CONTINUOUS_INTEGRATION|CI_.*|NO_COLOR)$/.test(name)) delete process.env[name];
});
const { countBroken } = await import('../../../../src/report/asking/follow-size.tsx');
const { askConfirm } = await import('../../../../src/report/asking/prompts.tsx');
const { Text } = await import('../../../../src/report/text.tsx');

describe('a window that becomes narrower', () => {
  it.each([
    ['breaks nothing that fits', 'short\nlines', 20, 0],
    ['breaks a line once', 'x'.repeat(30), 20, 1],
    ['breaks each line as often as it has to', `${'x'.repeat(50)}\n${'y'.repeat(20)}\n${'z'.repeat(21)}`, 20, 3],
    ['counts wide letters as two', '漢'.repeat(20), 30, 1],
  ])('%s', (_what, text, columns, expected) => {
    expect(countBroken(Text({ children: text, bold: true }), 80, columns)).toBe(expected);
  });

  it('leaves no line of the question above it', async () => {
    vi.useFakeTimers();
    const screen = new Screen(80, 24);
    const keyboard = new Keyboard();
    const answer = askConfirm('Delete claim ws-dev-home with all that is in it, for good?', {
      stdin: keyboard,
      stream: screen,
      signal: new AbortController().signal,
    });
    await keyboard.type('');
    screen.resize(40);
    await vi.advanceTimersByTimeAsync(100);
    expect(screen.text.match(/Delete claim/g)).toHaveLength(1);
    await keyboard.type('n');
    expect(await answer).toBe(false);
    expect(screen.text).toBe('');
    vi.useRealTimers();
  });
});
