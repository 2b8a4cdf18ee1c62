import { expect, it } from 'vitest';
import { findSharingFault } from '../../../../src/operations/checks/find-sharing-fault.ts';
import type { Choices } from '../../../../src/workspace/choices/chosen.ts';
import { failure } from '../../../../src/workspace/errors/errors.ts';
import type { HomeSnapshot, WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { toLines } from '../../../spelling.ts';
import { claim, deployment, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, NEVER } from '../fake-world.ts';

const homeOf = (name: string, subPath?: string): HomeSnapshot => ({
  kind: 'claim',
  claim: { ...claim({}), name },
  subPath,
});
const at = (home: HomeSnapshot, replicas = 1) =>
  snapshot({ name: 'web', home, deployment: deployment({ replicas }), ...(replicas === 0 ? { pod: undefined } : {}) });

interface Stage {
  found?: WorkspaceSnapshot;
  choices?: Choices;
  file?: { claim?: string; subPath?: string };
  other?: WorkspaceSnapshot;
  mayLook?: boolean;
}

async function judge({ found, choices = {}, file, other = at(homeOf('data')), mayLook = true }: Stage) {
  const { world } = fakeWorld({
    cluster: {
      async listWorkspaces() {
        if (!mayLook) throw failure('NOT_PERMITTED', { message: 'm' });
        return [other, ...(found === undefined ? [] : [found])];
      },
    },
    releases: { readHome: async () => file ?? {} },
  });
  const valuesFiles = file === undefined ? [] : ['/f.yaml'];
  return findSharingFault({ workspace: 'dev', choices, valuesFiles, found }, world, NEVER);
}

const stopped = { ...at(homeOf('data'), 0), name: 'dev' };
const running = { ...at(homeOf('data')), name: 'dev' };

it.each<[string, Stage, string[]]>([
  ['a flag', { choices: { home: 'data' } }, ['ws up dev --home data --sub-path dev', 'ws stop web']],
  ['a values file', { file: { claim: 'data' } }, ['ws up dev --home data --sub-path dev', 'ws stop web']],
  ['its kept home', { found: { ...stopped, deployment: undefined } }, ['ws stop web']],
  ['its start', { found: stopped }, ['ws stop web']],
  [
    'a folder',
    { choices: { home: 'data', subPath: 'dev' }, other: at(homeOf('data', 'dev')) },
    ['ws up dev --home data --sub-path dev-2', 'ws stop web'],
  ],
])('a home that another workspace runs with is refused by %s', async (_what, stage, lines) => {
  const error = await judge(stage);
  expect(error).toMatchObject({
    code: 'HOME_CONFLICT',
    message: 'Claim data is the home of workspace web, which runs',
  });
  expect(toLines(error?.suggestions ?? [])).toEqual([...lines, 'ws homes ls']);
});

it.each<[string, Stage]>([
  ['another claim', { choices: { home: 'mine' } }],
  ['another folder of it', { choices: { home: 'data', subPath: 'dev' } }],
  ['no volume', { found: { ...stopped, deployment: undefined }, choices: { storageClass: 'none' } }],
  ['one that is stopped beside it', { choices: { home: 'data' }, other: at(homeOf('data'), 0) }],
  ['what runs already', { found: running }],
  ['nobody who may look', { choices: { home: 'data' }, mayLook: false }],
])('is not refused for %s', async (_what, stage) => {
  expect(await judge(stage)).toBeUndefined();
});
