import { describe, expect, it } from 'vitest';
import { findRevision, parseHistory, parseRevisions, parseValues } from '../../../src/adapters/helm/helm-answers.ts';

describe("Helm's JSON", () => {
  it('is read of history, list and values', () => {
    const row = { revision: 2, updated: '2026-01-01', status: 'deployed', chart: 'ws-workspace-0.2.0' };
    const history = JSON.stringify([row, { ...row, revision: 1, status: 'superseded' }]);
    expect(parseHistory(history)).toEqual([
      { revision: 1, status: 'superseded', chart: 'ws-workspace-0.2.0', updatedAt: '2026-01-01' },
      { revision: 2, status: 'deployed', chart: 'ws-workspace-0.2.0', updatedAt: '2026-01-01' },
    ]);
    expect(parseRevisions('[{"revision":"3"},{"revision":4}]')).toEqual([3, 4]);
    expect(parseRevisions('[]')).toEqual([]);
    expect(parseValues('null\n')).toEqual({});
    expect(parseValues('{"workspace":"dev"}')).toEqual({ workspace: 'dev' });
    expect(findRevision('{"version":7}')).toBe(7);
  });

  it.each([
    ['', 'It printed nothing'],
    ['Using helm 4.3.1\n[]', 'It printed "Using helm 4.3.1 []"'],
    ['x'.repeat(200), `It printed "${'x'.repeat(100)}"…`],
    ['{"revision":1}', 'It printed "{\\"revision\\":1}"'],
    ['[null]', 'It printed "[null]"'],
    ['[{"revision":"one"}]', 'It printed "[{\\"revision\\":\\"one\\"}]"'],
  ])('that is none, %j, is told in words', (text, reason) => {
    expect(() => parseHistory(text)).toThrow(
      expect.objectContaining({
        code: 'HELM_FAILED',
        message: 'The answer of helm history cannot be read',
        reason: expect.stringContaining(reason),
      }),
    );
    expect(findRevision(text)).toBeUndefined();
  });
});
