/** What is in flight outlives restarts of what carries it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IS_LONG, keepFigure, times } from '../figures/figures.ts';
import { restart } from './stage/cluster.ts';
import { spellTimes } from './stage/figures.ts';
import { Fleet } from './stage/fleet.ts';
import { openScene, type Scene } from './stage/scene.ts';

const TIMES = times(50, 2);
const MIB = 2 ** 20;
const SIZE_MIB = IS_LONG ? 1024 : 128;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ prefix: 'restarts', bytes: SIZE_MIB * MIB });
});
afterAll(() => scene?.[Symbol.dispose]());

it.each([
  ['apiserver', 'the API server'],
  ['kubelet', 'the kubelet'],
  ['containerd', 'containerd'],
  ['etcd', 'etcd'],
])('every load outlives restarts of %s', async (program, what) => {
  const fleet = new Fleet(scene);
  for (let n = 0; n < TIMES; n += 1) await fleet.meet(() => restart(program));
  const counts = await fleet.land();
  const lost = counts.flatMap((count) => count.lost.map((fault) => `${count.load}: ${fault}`));
  for (const { load, lost: faults } of counts)
    keepFigure('faults', {
      what: `restart of ${what}: ${load}`,
      goal: '0 lost, all bytes equal',
      figure: `${faults.length} of ${TIMES} lost`,
      isMet: faults.length === 0,
    });
  keepFigure('faults', {
    what: `restart of ${what}: all five move again`,
    goal: 'none set',
    figure: spellTimes(fleet.movedMs),
    isMet: true,
  });
  expect(lost).toEqual([]);
});
