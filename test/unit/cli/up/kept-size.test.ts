import { describe, expect, it } from 'vitest';
import { withKept } from '../../../../src/cli/up/up-answers.ts';
import { keptHome } from '../../workspace/snapshots.ts';

describe('a kept home that is taken up', () => {
  const kept = keptHome({ requested: '20Gi' });

  it('keeps its size when only its class is named', () => {
    const choices = { home: { kind: 'claim' as const, storageClass: 'fast', size: undefined } };
    expect(withKept(choices, kept).home).toEqual({ kind: 'claim', storageClass: 'fast', size: '20Gi' });
  });

  it('gets the size that is asked for', () => {
    const choices = { home: { kind: 'claim' as const, storageClass: undefined, size: '30Gi' } };
    expect(withKept(choices, kept).home).toMatchObject({ size: '30Gi' });
  });

  it('is not asked for when the flags name another kind of home, or none', () => {
    expect(withKept({ home: { kind: 'emptyDir' } }, kept)).toEqual({ home: { kind: 'emptyDir' } });
    expect(withKept({}, kept)).not.toHaveProperty('home');
  });
});
