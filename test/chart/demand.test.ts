import { expect, test } from 'vitest';
import { DEFAULT_DEMAND } from '../../src/operations/doctor/head-room.ts';
import { countObjects } from '../../src/workspace/diagnosis/words/counts.ts';
import { kinds, render } from './helm.ts';

test('ws doctor counts the objects of a new workspace as the chart makes them', async () => {
  const made = kinds(await render({ home: { type: 'claim' } }));
  // Helm keeps each revision in a Secret, and the Deployment makes the rest.
  const counts = countObjects([...made, 'Secret', 'ReplicaSet', 'Pod']);
  expect(Object.keys(counts).length).toBeGreaterThan(6);
  expect(DEFAULT_DEMAND).toMatchObject(counts);
});
