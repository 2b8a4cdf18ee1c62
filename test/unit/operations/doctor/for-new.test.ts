import { expect, it } from 'vitest';
import { warning } from '../../../../src/operations/doctor/examine.ts';
import { forNew } from '../../../../src/operations/doctor/for-new.ts';
import { spell } from '../../../../src/workspace/errors/spell.ts';
import { kubectl, ws } from '../../../../src/workspace/errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { keptHome, snapshot } from '../../workspace/snapshots.ts';

const line = (workspaces: WorkspaceSnapshot[] | undefined, command = ws`up --cpu 1`) => {
  const { suggestion } = forNew(warning('too little', command), workspaces);
  return suggestion === undefined ? undefined : spell(suggestion, { place: {}, isUnattended: true }).line;
};

it('agrees to the defaults of a new workspace, and never changes one that is there', () => {
  expect(line([])).toBe('ws up --cpu 1 --yes');
  expect(line([keptHome({ name: 'ws-old-home', workspace: 'old' })])).toBe('ws up --cpu 1 --yes');
  expect(line([snapshot({ name: 'dev' })])).toBe('ws up OTHER-NAME --cpu 1 --yes');
  expect(line(undefined)).toBe('ws up OTHER-NAME --cpu 1 --yes');
});

it('leaves other commands as they are', () => {
  expect(line([snapshot({ name: 'dev' })], kubectl`describe quota`)).toBe('kubectl describe quota');
  expect(line([], ws`status`)).toBe('ws status');
});
