import { describe, expect, test } from 'vitest';
import { HELMS, kinds, render } from './helm.ts';
import { PERMUTATIONS } from './permutations.ts';

describe.each(HELMS)('%s renders', (helm) => {
  test.each(PERMUTATIONS)('$name', async ({ values }) => {
    const objects = await render(values, { helm });
    expect(kinds(objects)).toContain('Deployment');
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { metadata } of objects) {
      const texts = [metadata.name, ...Object.values(metadata.labels), ...Object.values(metadata.annotations ?? {})];
      expect(texts.filter((text) => typeof text !== 'string')).toEqual([]);
    }
  });

  // YAML reads each of these as something else than text when it is not quoted.
  test.each(['on', 'ws-n', 'ws-1', 'ws-1e3', 'ws-null'])('a release called %s', async (release) => {
    const objects = await render({}, { helm, release });
    for (const { metadata } of objects) {
      expect(metadata.name.startsWith(release)).toBe(true);
      expect(metadata.labels['app.kubernetes.io/instance']).toBe(release);
    }
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    expect(deployment?.metadata.labels['ws.dev/workspace']).toBe(release.replace(/^ws-/, ''));
  });
});

test('helm 3 and helm 4 render the same, but for the key that each rendering makes', async () => {
  for (const { values } of PERMUTATIONS) {
    const withKey = { hostKey: { existingSecret: 'identity' }, ...values };
    expect(await render(withKey, { helm: 'helm3' })).toEqual(await render(withKey, { helm: 'helm' }));
  }
});
