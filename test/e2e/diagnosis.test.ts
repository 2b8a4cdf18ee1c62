/** One made cause of each family. `npm run test:diagnosis` makes all of them, each several times. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listGroups } from '../diagnosis/made.ts';
import { tryScenario } from '../diagnosis/score/try-scenario.ts';
import type { Scenario } from '../diagnosis/stage/scenario.ts';
import { DiagnosisStage } from '../diagnosis/stage/stage.ts';

const groups = listGroups(() => '127.0.0.1:9');

function find([group, code]: [string, string]): Scenario {
  const found = groups[group]?.find((scenario) => scenario.code === code);
  if (found === undefined) throw new Error(`nothing in ${group} makes ${code}`);
  return found;
}

describe('in one namespace', () => {
  let stage: DiagnosisStage;
  beforeAll(async () => {
    stage = await DiagnosisStage.open('made-one-of-each');
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  // The last three are about one workspace, and the last one ends it.
  const SCENARIOS: [string, string][] = [
    ['reach', 'API_REFUSED'],
    ['helm', 'HELM_MISSING'],
    ['rights', 'RIGHTS_PORT_FORWARD'],
    ['login', 'KEY_NOT_AUTHORIZED'],
    ['local', 'LOCAL_PORT_TAKEN'],
    ['ending', 'ENDING_FINALIZER'],
  ];
  it.each(SCENARIOS.map(find))('$code: $how', async (scenario) => {
    expect((await tryScenario(scenario, 1, stage)).faults).toEqual([]);
  });
});

describe.concurrent('in a namespace of its own', () => {
  // Not NODE_CPU or NODE_MEMORY: what ws suggests then takes all that the node has left, and others need some of it.
  const SCENARIOS: [string, string][] = [
    ['scheduling', 'NODE_SELECTOR'],
    ['quota', 'QUOTA_MEMORY'],
    ['admission', 'LIMIT_RANGE'],
    ['volume', 'CLASS_UNKNOWN'],
    ['image', 'IMAGE_UNREACHABLE'],
    ['start', 'START_MEMORY'],
  ];
  it.each(SCENARIOS.map(find))('$code: $how', async (scenario) => {
    expect((await tryScenario(scenario, 1)).faults).toEqual([]);
  });
});
