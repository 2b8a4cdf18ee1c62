import { describe, expect, it } from 'vitest';
import { parseSharedWords } from '../../../src/cli/shared-words.ts';

describe('the command lines that need no parser', () => {
  it('are a command for a workspace, and where it is', () => {
    const words = ['ssh', '-n', 'team', 'dev', '--context', 'kind', '--kubeconfig', 'file', '--', 'make', '-n', 'all'];
    expect(parseSharedWords(words)).toEqual({
      workspace: 'dev',
      context: 'kind',
      namespace: 'team',
      kubeconfig: 'file',
      command: 'make -n all',
    });
    expect(parseSharedWords(['ssh', '--', 'ls'])).toMatchObject({ workspace: undefined, command: 'ls' });
  });

  it('keep what follows the first -- as it is', () => {
    expect(parseSharedWords(['ssh', 'dev', '--', 'git', 'log', '--', 'a file'])?.command).toBe('git log -- a file');
  });

  it.each([
    [['ssh']],
    [['ssh', 'dev']],
    [['ssh', 'dev', '--']],
    [['ssh', 'dev', '--tty', '--', 'htop']],
    [['ssh', 'dev', '--no-share', '--', 'true']],
    [['ssh', 'dev', '-A', '--', 'git', 'push']],
    [['ssh', 'dev', '--identity', 'key', '--', 'true']],
    [['ssh', 'dev', 'other', '--', 'true']],
    [['ssh', '--context', '--', 'true']],
    [['ssh', '--context=kind', '--', 'true']],
    [['ssh', '', '--', 'true']],
    [['forward', 'dev', '--', 'true']],
  ])('are not %j', (words) => {
    expect(parseSharedWords(words)).toBeUndefined();
  });
});
