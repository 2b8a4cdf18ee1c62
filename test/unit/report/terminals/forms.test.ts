import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toSaid } from '../../../../src/report/leaving.ts';
import { chooseSigns } from '../../../../src/report/signs.ts';
import type { Field } from '../../../../src/workspace/choices/form.ts';
import { CTRL_C, ENTER, Keyboard, Screen } from '../screen.ts';

// Ink looks at these when it is loaded: in CI it would write nothing but its last frame.
vi.hoisted(() => {
  for (const name of Object.keys(process.env))
    if (/^(CI|CONTINUOUS_INTEGRATION|CI_.*|NO_COLOR)$/.test(name)) delete process.env[name];
});
const { askChoice, askForm } = await import('../../../../src/report/asking/prompts.tsx');

beforeEach(() => {
  chooseSigns(false);
  vi.useFakeTimers();
});
afterEach(() => {
  chooseSigns(true);
  vi.useRealTimers();
});

const LONG = 'a-value-that-is-longer-than-any-narrow-terminal-is-wide';

const FIELDS: Field[] = [
  {
    kind: 'text',
    id: 'user',
    label: 'Username',
    value: LONG,
    cursor: 0,
    origin: 'default',
    findFault: () => undefined,
    isAsked: () => true,
  },
  {
    kind: 'list',
    id: 'class',
    label: 'Home',
    index: 0,
    options: ['fast', LONG].map((value) => ({
      value,
      label: value,
      detail: 'csi.example.com · can grow · as last time',
    })),
    isAsked: () => true,
  },
];

const ASCII = /^[\x0a\x1b\x20-\x7e]*$/;

describe.each([40, 60, 80])('a terminal of %i columns without signs', (columns) => {
  const settle = () => vi.advanceTimersByTimeAsync(100);
  const open = () => {
    const [screen, keyboard] = [new Screen(columns, 24), new Keyboard()];
    return { screen, keyboard, streams: { stdin: keyboard, stream: screen, signal: new AbortController().signal } };
  };

  it('gets a form in ASCII, from its first field to its review', async () => {
    const { screen, keyboard, streams } = open();
    const toCommands = (values: Record<string, string>) => [
      ['ws', 'up', 'dev', '--storage-class', values['class'] ?? ''],
    ];
    const form = {
      title: 'New workspace dev',
      subtitle: 'in namespace team',
      fields: FIELDS,
      toCommands,
      color: false,
    };
    const answers = askForm(form, streams).catch(() => undefined);
    await settle();
    for (const step of ['first', 'second', 'review']) {
      expect(screen.text, step).toMatch(ASCII);
      expect(Math.max(...screen.text.split('\n').map((line) => line.length)), step).toBeLessThanOrEqual(columns);
      keyboard.type(step === 'review' ? CTRL_C : ENTER);
      await settle();
    }
    await answers;
  });

  it('gets a choice in ASCII', async () => {
    const { screen, keyboard, streams } = open();
    const options = [{ value: 'a', label: 'Keep → it', hint: 'so · it is' }];
    const answer = askChoice({ question: 'Which…', options }, streams).catch(() => undefined);
    await settle();
    expect(screen.text).toContain('> Keep -> it');
    expect(toSaid(screen.text)).toMatch(ASCII);
    keyboard.type(CTRL_C);
    await answer;
  });
});
