import { describe, expect, it } from 'vitest';
import { compareRelease } from '../../../../src/operations/release/compare-release.ts';
import { CHOICE_NAMES, type ChoiceName, type Choices, rowOf } from '../../../../src/workspace/choices/chosen.ts';
import { toValues } from '../../../../src/workspace/choices/values.ts';
import type { WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { claimHome, deployment, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, NEVER } from '../fake-world.ts';

type Values = Record<string, unknown>;

/** A release as its maker left it. */
const FIRST: Values = { workspace: 'dev', user: { name: 'alice', uid: 1000 }, home: { type: 'claim', size: '10Gi' } };

interface Stage {
  deployed: Values | undefined;
  values: object;
  found?: WorkspaceSnapshot;
  /** What Helm makes of the values and the files. */
  merged?: Values;
  valuesFiles?: string[];
  /** The template that the cluster has. */
  now?: object;
}

async function compare({ deployed, values, valuesFiles = [], ...stage }: Stage) {
  const { found = snapshot(), merged = values as Values, now = { is: 1 } } = stage;
  const { world, calls } = fakeWorld({
    releases: { preview: async () => ({ before: { is: 1 }, after: { is: 1 }, values: merged }) },
    cluster: { pods: { previewTemplate: async () => ({ now, then: { is: 1 } }) } as never },
  });
  const asked = { release: 'ws-dev', found, values, valuesFiles };
  return { ...(await compareRelease(asked, { deployed }, world, NEVER)), calls };
}

function chosen(name: ChoiceName, text: string): Choices {
  const { read, flag } = rowOf(name);
  return { [name]: flag.multiple === true ? [read(text)] : read(text) };
}

const rows = CHOICE_NAMES.filter((name) => rowOf(name).toValues !== undefined);
const cases = rows.flatMap((name) => rowOf(name).examples.map((text) => [name, text] as const));

describe('a choice that the release has already', () => {
  it.each(cases)('is not written again: %s %s', async (name, text) => {
    const choices = chosen(name, text);
    const deployed = toValues({ workspace: 'dev', choices }, FIRST) as Values;
    const values = toValues({ workspace: 'dev', choices }, deployed);
    expect(await compare({ deployed, values })).toMatchObject({ isWritten: true });
  });

  it.each(cases)('is written the first time: %s %s', async (name, text) => {
    const values = toValues({ workspace: 'dev', choices: chosen(name, text) }, { workspace: 'dev' });
    const { isWritten, calls } = await compare({ deployed: { workspace: 'dev' }, values });
    // Nobody waits for Helm to hear that something changes.
    expect([isWritten, calls]).toEqual([false, []]);
  });

  it('is none beside labels of nodes that are taken away and were not there', async () => {
    const values = toValues({ workspace: 'dev', choices: { nodeSelector: [['', '']] } }, FIRST);
    expect(values).toHaveProperty('nodeSelector');
    expect(await compare({ deployed: FIRST, values })).toMatchObject({ isWritten: true });
  });

  it('is none beside a home that somebody has grown by other means', async () => {
    const values = toValues({ workspace: 'dev', choices: { user: 'alice' } }, FIRST, '20Gi');
    const found = snapshot({ home: claimHome({ requested: '20Gi' }) });
    expect(values).toMatchObject({ home: { size: '20Gi' } });
    expect(await compare({ deployed: FIRST, values, found })).toMatchObject({ isWritten: true });
  });

  it.each<[string, Partial<Stage>]>([
    ['whose last write failed', { deployed: undefined }],
    ['that is stopped', { found: snapshot({ deployment: deployment({ replicas: 0 }) }) }],
    ['that an earlier ws has left held', { found: snapshot({ deployment: deployment({ isHeld: true }) }) }],
    ['that is damaged', { found: snapshot({ deployment: deployment({ damage: 'its image has no name' }) }) }],
    ['whose Service is gone', { found: snapshot({ service: undefined }) }],
    ['whose claim is gone', { found: snapshot({ home: { kind: 'missing-claim', name: 'ws-dev-home' } }) }],
    ['whose Deployment somebody has changed', { now: { is: 2 } }],
  ])('is written again into a release %s', async (_what, stage) => {
    expect(await compare({ deployed: FIRST, values: FIRST, ...stage })).toMatchObject({ isWritten: false });
  });
});

describe('the values of a file', () => {
  const valuesFiles = ['/values.yaml'];

  it('that the release has already are not written again', async () => {
    // Helm drops the release's own below a file, so what is handed to it is less.
    const stage = { deployed: FIRST, values: { workspace: 'dev' }, valuesFiles };
    expect(await compare({ ...stage, merged: FIRST })).toMatchObject({ isWritten: true });
    const other = await compare({ ...stage, merged: { ...FIRST, user: { name: 'bob' } } });
    expect(other).toMatchObject({ isWritten: false, verdict: { kind: 'nothing' } });
  });
});
