import { afterEach, expect, it, vi } from 'vitest';
import { readTerminal } from '../../../../src/cli/terminal/terminal.ts';

afterEach(() => vi.unstubAllEnvs());

it.each(['xterm-256color', 'xterm-ghostty', 'dumb', 'screen.xterm-256color', 'rxvt+pcfkeys'])(
  'TERM %s is sent',
  (name) => {
    vi.stubEnv('TERM', name);
    expect(readTerminal().termName).toBe(name);
  },
);

it.each([undefined, '', ' ', '../../etc/x', '/etc/x', 'a b', 'x\n', '\u001b[2J', '-x', 'x'.repeat(65)])(
  'TERM %j is not',
  (name) => {
    vi.stubEnv('TERM', name);
    expect(readTerminal().termName).toBeUndefined();
  },
);

it.each([
  ['truecolor', 'truecolor'],
  ['24bit', '24bit'],
  [undefined, undefined],
  ['', undefined],
  ['\u001b[2J', undefined],
  ['a b', undefined],
])('COLORTERM %j is sent as %j', (value, sent) => {
  vi.stubEnv('COLORTERM', value);
  expect(readTerminal().colorTerm).toBe(sent);
});
