/** Each cause is made for real, with other names and numbers each time; what `ws` suggests first is run as printed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listGroups } from './made.ts';
import { keepVerdict } from './score/results.ts';
import { tryScenario } from './score/try-scenario.ts';
import { type Registry, startRegistry } from './stage/registry.ts';
import type { Scenario } from './stage/scenario.ts';

const TIMES = process.env['WS_LONG'] ? 3 : 1;

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry?.[Symbol.asyncDispose]());

async function judge(scenario: Scenario, n: number): Promise<void> {
  const verdict = await tryScenario(scenario, n).catch((error: unknown) => ({
    // What could not be made says nothing of `ws`, and is not counted as right.
    ...{ code: scenario.code, how: scenario.how, n, verdict: 'not' as const, seconds: undefined, named: [] },
    ...{ faults: [`could not be made: ${String(error)}`], mended: undefined, looks: 0, scene: undefined, said: '' },
  }));
  keepVerdict(verdict);
  expect(verdict.faults).toEqual([]);
}

const rounds = Array.from({ length: TIMES }, (_, at) => at + 1);
const { scheduling = [], ...others } = listGroups(() => registry.host);
const toRows = (group: string, scenarios: Scenario[]) =>
  rounds.flatMap((n) => scenarios.map((scenario) => ({ group, n, scenario })));

/** One after the other: each would see the nodes of the next one. */
describe('no node', () => {
  it.each(toRows('scheduling', scheduling))('$scenario.code $n: $scenario.how', ({ scenario, n }) =>
    judge(scenario, n),
  );
});

/** They wait more than they compute. */
describe.concurrent('all others', () => {
  it.each(Object.entries(others).flatMap(([group, scenarios]) => toRows(group, scenarios)))(
    '$group: $scenario.code $n: $scenario.how',
    ({ scenario, n }) => judge(scenario, n),
  );
});
