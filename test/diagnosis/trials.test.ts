/** Those that are judged as a whole: two causes at once, slow starts, and what the engine was not built for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listGroups } from './made.ts';
import { FOREIGN } from './score/foreign.ts';
import { listHealthy } from './score/healthy.ts';
import type { Trial } from './score/page.ts';
import { listNodePairs, listPairs, type Pair } from './score/pairs.ts';
import { keepTrial, type TrialKind } from './score/results.ts';
import { tryForeign, tryHealthy, tryLeast, tryPair } from './score/trials.ts';
import { type Registry, startRegistry } from './stage/registry.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry?.[Symbol.asyncDispose]());

async function judge(kind: TrialKind, what: string, trying: Promise<Trial>): Promise<void> {
  const trial = await trying.catch((error: unknown) => ({ what, faults: [`could not be made: ${String(error)}`] }));
  keepTrial(kind, trial);
  expect(trial.faults).toEqual([]);
}

const named = (pairs: Pair[]) =>
  pairs.map((pair) => {
    const texts = pair.texts.filter(Boolean).join(', ');
    return { ...pair, what: `${pair.codes.join(' and ')}${texts === '' ? '' : ` (${texts})`}` };
  });

describe.concurrent('two causes are both named', () => {
  it.each(named(listPairs(() => registry.host)))('$what', (pair) => judge('pairs', pair.what, tryPair(pair)));
});

describe.concurrent('an unknown failure is called unknown, with evidence', () => {
  it.each(FOREIGN)('$how', (one) => judge('foreign', one.how, tryForeign(one)));
});

describe.concurrent('a slow start is no trouble', () => {
  it.each(listHealthy(() => registry.host))('$how', (start) => judge('healthy', start.how, tryHealthy(start)));
});

const ofPods = Object.entries(listGroups(() => registry.host))
  .filter(([group]) => /^(?:quota|admission|image|start)$/.test(group))
  .flatMap(([, scenarios]) => scenarios);

describe.concurrent('somebody with the least Role hears the same, or what may not be read', () => {
  it.each(ofPods)('$code: $how', (scenario) => judge('least', `${scenario.code}: ${scenario.how}`, tryLeast(scenario)));
});

describe('two nodes refuse for two causes', () => {
  it.each(named(listNodePairs()))('$what', (pair) => judge('pairs', pair.what, tryPair(pair)));
});
