import { describe, expect, it } from 'vitest';
import { ERROR_CODES, failure, hasCode, interrupted, WorkspaceError } from '../../../src/workspace/errors/errors.ts';

describe('an error that people see', () => {
  it('says what, why and what next, and where to read more', () => {
    const cause = new Error('x');
    const error = failure('HELM_MISSING', {
      message: 'No helm',
      reason: 'PATH',
      suggestions: [{ text: 'install it' }],
      cause,
    });
    expect(error).toMatchObject({
      name: 'WorkspaceError',
      code: 'HELM_MISSING',
      kind: 'environment',
      message: 'No helm',
      reason: 'PATH',
      suggestions: [{ text: 'install it' }],
      more: { program: 'ws', words: ['help', 'HELM_MISSING'] },
      cause,
    });
  });

  it('has no reason, suggestion or cause that nobody gave', () => {
    const error = failure('BAD_VALUE', { message: 'no' });
    expect([error.reason, error.suggestions, 'cause' in error]).toEqual([undefined, [], false]);
  });

  it('is told apart by its code and by nothing else', () => {
    expect(hasCode(interrupted(), 'BAD_VALUE', 'INTERRUPTED')).toBe(true);
    expect(hasCode(interrupted(), 'BAD_VALUE')).toBe(false);
    expect(hasCode(Object.assign(new Error('x'), { code: 'INTERRUPTED' }), 'INTERRUPTED')).toBe(false);
    expect(hasCode(undefined, 'INTERRUPTED')).toBe(false);
  });

  it.each(ERROR_CODES)('%s has a kind, and with it an exit code', (code) => {
    expect(new WorkspaceError(code, { message: 'x' }).kind).toMatch(
      /^(usage|environment|refused|workspace|unreachable|interrupted)$/,
    );
  });
});
