import { describe, expect, it } from 'vitest';
import { toSessionCommand } from '../../../src/cli/session-flags.ts';
import type { Terminal } from '../../../src/workspace/world.ts';

function on(input: boolean, output: boolean): Pick<Terminal, 'stdin' | 'stdout'> {
  return { stdin: { isTTY: input } as Terminal['stdin'], stdout: { isTTY: output } as Terminal['stdout'] };
}

describe('what a session runs', () => {
  it.each([
    [undefined, undefined, undefined],
    [undefined, [], undefined],
    [undefined, ['make', 'a b'], 'make a b'],
    ['main', undefined, 'exec tmux new-session -A -s main'],
    ['main', [], 'exec tmux new-session -A -s main'],
  ])('with --tmux %j and the words %j is %j', (tmux, words, command) => {
    expect(toSessionCommand(tmux, words, on(true, true))).toBe(command);
  });

  it('is a command wherever it is run', () => {
    expect(toSessionCommand(undefined, ['make'], on(false, false))).toBe('make');
  });

  it.each([
    [true, false, 'the output is none'],
    [false, true, 'the input is none'],
    [false, false, 'the input is none'],
  ])('is no tmux with a terminal in: %s, out: %s', (input, output, reason) => {
    expect(() => toSessionCommand('main', undefined, on(input, output))).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', reason }),
    );
  });

  it('is not tmux and a command', () => {
    expect(() => toSessionCommand('main', ['make'], on(true, true))).toThrow(
      expect.objectContaining({ code: 'CONFLICTING_FLAGS' }),
    );
  });

  it.each(['a.b', 'a:b', 'a b', '-x', '', "a'b"])('is no tmux session called %j', (name) => {
    expect(() => toSessionCommand(name, undefined, on(true, true))).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE' }),
    );
  });
});
