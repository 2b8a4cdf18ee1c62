import { describe, expect, it } from 'vitest';
import { applyBinding, parseBinding } from '../../../../src/workspace/naming/binding.ts';
import type { Place } from '../../../../src/workspace/place.ts';

const place = (given: Partial<Place> = {}): Place => ({
  context: undefined,
  namespace: undefined,
  kubeconfig: undefined,
  ...given,
});
const BOUND = { workspace: 'web', context: 'one', namespace: 'team' };

describe("a directory's binding beside flags and variables", () => {
  it.each<[string, Partial<Place>, Partial<Place>, string | undefined]>([
    ['nothing is typed', {}, { context: 'one', namespace: 'team' }, 'web'],
    ['the same is typed', { context: 'one', namespace: 'team' }, { context: 'one', namespace: 'team' }, 'web'],
    ['the same context is typed', { context: 'one' }, { context: 'one', namespace: 'team' }, 'web'],
    ['another context: its namespace is its own', { context: 'prod' }, { context: 'prod' }, undefined],
    [
      'another context and the same namespace',
      { context: 'prod', namespace: 'team' },
      { context: 'prod', namespace: 'team' },
      undefined,
    ],
    [
      'another namespace: of the bound context',
      { namespace: 'other' },
      { context: 'one', namespace: 'other' },
      undefined,
    ],
    ['another kubeconfig', { kubeconfig: '/k' }, { kubeconfig: '/k' }, undefined],
  ])('%s', (_what, given, meant, workspace) => {
    expect(applyBinding(place(given), BOUND)).toMatchObject({ place: place(meant), workspace });
  });

  it('is a name everywhere where only a name was written', () => {
    for (const given of [{}, { context: 'prod' }, { namespace: 'other' }, { kubeconfig: '/k' }])
      expect(applyBinding(place(given), { workspace: 'dev' })).toMatchObject({ place: place(given), workspace: 'dev' });
  });

  it('keeps the kubeconfig that it was made with, and no other one', () => {
    const bound = { ...BOUND, kubeconfig: '/k' };
    expect(applyBinding(place(), bound).place.kubeconfig).toBe('/k');
    expect(applyBinding(place({ kubeconfig: '/k' }), bound).workspace).toBe('web');
    expect(applyBinding(place({ kubeconfig: '/other' }), bound)).toMatchObject({
      workspace: undefined,
      isBound: false,
    });
  });

  it('says the same when it is asked twice, as both doors do', () => {
    for (const given of [{}, { context: 'prod' }, { namespace: 'other' }, { context: 'one' }]) {
      const once = applyBinding(place(given), BOUND);
      expect(applyBinding(once.place, BOUND)).toEqual(once);
    }
  });

  it('is read from what was written, and from nothing else', () => {
    expect(parseBinding('dev')).toEqual({ workspace: 'dev' });
    expect(parseBinding(BOUND)).toEqual(BOUND);
    for (const wrong of [undefined, null, 3, [], {}, 'a b', 'me@dev', { workspace: 'a', namespace: '' }])
      expect(parseBinding(wrong), JSON.stringify(wrong)).toBeUndefined();
  });
});
