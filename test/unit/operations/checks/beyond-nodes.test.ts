import { expect, it } from 'vitest';
import { findChosenAmounts, lookForAmounts, tellBeyondNodes } from '../../../../src/operations/checks/beyond-nodes.ts';
import type { Amounts } from '../../../../src/workspace/state/cluster-pods.ts';
import { node } from '../../workspace/snapshots.ts';
import { fakeWorld, NEVER } from '../fake-world.ts';

const nodes = { kind: 'seen' as const, items: [node({ name: 'one', allocatable: { cpu: '4', memory: '8Gi' } })] };
const MORE = 'The most is 4, on one: the workspace gets no more';
const NONE = 'The most is 4, on one: no node takes the workspace, which asks for so much at least';

it.each<[string, { cpu?: string; memory?: string }, Amounts, string[]]>([
  ['a flag', { cpu: '64' }, {}, [`No node has 64 of CPU. ${MORE}`]],
  ['a file', {}, { limits: { cpu: '64' } }, [`No node has 64 of CPU. ${MORE}`]],
  ['a flag above a file', { cpu: '2' }, { limits: { cpu: '64' } }, []],
  [
    'both amounts of a file',
    {},
    { limits: { cpu: '64', memory: '99Gi' } },
    [
      `No node has 64 of CPU. ${MORE}`,
      'No node has 99Gi of memory. The most is 8Gi, on one: the workspace gets no more',
    ],
  ],
  ['a request', {}, { limits: { cpu: '64' }, requests: { cpu: '32' } }, [`No node has 32 of CPU. ${NONE}`]],
  ['a request that its limit lowers', { cpu: '2' }, { requests: { cpu: '32' } }, []],
  ['a request below a limit of before', {}, { requests: { cpu: '32' } }, []],
  ['what fits', {}, { limits: { cpu: '4', memory: '8Gi' }, requests: { cpu: '4' } }, []],
  ['nothing', {}, {}, []],
])('what no node has is told of %s', async (_what, choices, said, expected) => {
  const { world, calls } = fakeWorld({
    releases: { readAmounts: async () => said },
    cluster: { lookAtNodes: async () => nodes },
  });
  const amounts = await findChosenAmounts({ choices, valuesFiles: ['my.yaml'] }, world);
  const told = [...tellBeyondNodes(amounts, await lookForAmounts(amounts, world, NEVER))];
  expect(
    told.map((event) => (event.type === 'noticed' && event.notice.kind === 'text' ? event.notice.text : '')),
  ).toEqual(expected);
  const isSaid = Object.keys({ ...choices, ...said }).length > 0;
  expect(calls.includes('cluster.lookAtNodes')).toBe(isSaid);
});

it('reads no file where there is none', async () => {
  const { world, calls } = fakeWorld({});
  expect(await findChosenAmounts({ choices: { cpu: '2' }, valuesFiles: [] }, world)).toEqual({
    limits: { cpu: '2' },
    requests: {},
  });
  expect(calls).toEqual([]);
});
