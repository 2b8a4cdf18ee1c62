import { describe, expect, it } from 'vitest';
import { describePlan, toPlanDocument } from '../../../src/cli/up/describe-plan.ts';
import { type PlanRequest, planUp } from '../../../src/operations/plan-up.ts';
import type { Choices } from '../../../src/workspace/choices/chosen.ts';
import { failure } from '../../../src/workspace/errors/errors.ts';
import type { WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import { formatSchemaFaults } from '../../json-schema.ts';
import { deployment, keptHome, pendingPod, snapshot } from '../workspace/snapshots.ts';
import { fakeWorld, makeAnswer, makeIdentity, NEVER, run } from './fake-world.ts';

const template = (cpu: string, image = 'a', memory?: string) => ({
  spec: { containers: [{ name: 'workspace', image, resources: { limits: { cpu, ...(memory && { memory }) } } }] },
});

interface Stage {
  found?: WorkspaceSnapshot;
  choices?: Choices;
  before?: object;
  after?: object;
  hasKey?: boolean;
  mayResize?: boolean;
  refusal?: Error;
  /** The values that the release has. */
  deployed?: Record<string, unknown>;
}

/** What `ws up --dry-run` says; the world refuses every change. */
async function plan({ found, choices = {}, after = template('2'), mayResize = true, ...stage }: Stage) {
  const { hasKey = true, refusal, deployed, before = template('2') } = stage;
  const { world } = fakeWorld({
    releases: {
      getBase: async () => ({ values: {}, deployed, revision: 1 }),
      preview: async (_release, values) => ({ before, after, values: { ...values } }),
      async verify() {
        if (refusal !== undefined) throw refusal;
        return template('2', 'ws-workspace:0.1.0');
      },
    },
    identities: {
      look: async () => ({ identities: hasKey ? [makeIdentity(1)] : [], agent: { kind: 'none' } }),
      findFreePath: () => '/home/alice/.ssh/id_ed25519',
    } as never,
    cluster: {
      findWorkspace: async () => found,
      openPodStream: async () => makeAnswer('ws_session_programs 1\nws_detached_programs 0\n'),
      getVersion: async () => 'v1.37.2',
      findNamespace: async () => 'active',
      findStorageClasses: async () => [],
      findMissingPermissions: async (wanted) =>
        wanted.filter(({ subresource }) => subresource === 'resize' && !mayResize),
      pods: { previewTemplate: async () => ({ now: before, then: after }) } as never,
    },
  });
  const asker = {
    who: 'defaults' as const,
    silence: '',
    readSettings: async () => ({}),
    ask: async () => ({}),
    agreeToRestart: async () => undefined,
    remember: async () => undefined,
  };
  const request: PlanRequest = {
    ...{ workspace: 'dev', choices, createNamespace: false, asker, keyComment: 'me', valuesFiles: [], repair: false },
  };
  const { result, error } = await run(planUp(request, world, NEVER));
  if (result === undefined) throw error;
  const document = JSON.parse(JSON.stringify({ v: 1, ...toPlanDocument(result) }));
  expect(formatSchemaFaults('up', document)).toEqual([]);
  const describe = (columns: number) =>
    describePlan(result, { context: 'test', namespace: 'team' }, { colorOnStdout: false, stdout: { columns } }, 0);
  expect(
    describe(40)
      .split('\n')
      .filter((line) => line.length > 42),
  ).toEqual([]);
  return describe(0).split('\n');
}

const SOMEBODY = 'In workspace dev, 1 session is open.';
const running = snapshot();

describe('ws up --dry-run changes nothing, and says', () => {
  it.each<[string, Stage, string[]]>([
    ['that nothing would change', { found: running }, ['Nothing would change: workspace dev is there.']],
    [
      'what would be made',
      {},
      [
        'Would make workspace dev, release ws-dev, in namespace team, context test.',
        '',
        'User       developer, user ID 1000',
        'Home       no volume: it is lost when the pod goes',
        'Key        /home/alice/.ssh/key-1',
        'Image      ws-workspace:0.1.0',
        'CPU limit  2',
      ],
    ],
    [
      'which key and which volume would be made',
      { hasKey: false, choices: { size: '20Gi', subPath: 'alice' } },
      [
        'Would make the key /home/alice/.ssh/id_ed25519.',
        'Would make workspace dev, release ws-dev, in namespace team, context test.',
        '',
        'User           developer, user ID 1000',
        'Home           a new volume, folder alice of claim ws-dev-home',
        'Home size      20Gi',
        "Storage class  the cluster's default",
        'Key            /home/alice/.ssh/id_ed25519',
        'Image          ws-workspace:0.1.0',
        'CPU limit      2',
      ],
    ],
    [
      'which kept home would be taken up',
      { found: keptHome({ requested: '20Gi' }) },
      [
        'Would make workspace dev, release ws-dev, in namespace team, context test.',
        '',
        'User           alice, user ID 1000',
        'Home           the kept one, claim ws-dev-home',
        'Home size      20Gi',
        'Storage class  fast',
        'Key            /home/alice/.ssh/key-1',
        'Image          ws-workspace:0.1.0',
        'CPU limit      2',
      ],
    ],
    [
      'that it restarts, and who works there',
      { found: running, choices: { user: 'bob' }, after: template('2', 'b') },
      ['Would write release ws-dev.', 'This restarts workspace dev.', SOMEBODY],
    ],
    [
      'that CPU changes in the pod',
      { found: running, choices: { cpu: '1' }, after: template('1') },
      [
        'Would write release ws-dev.',
        'CPU and memory change in the running pod: nothing restarts if its node has room.',
      ],
    ],
    [
      'that less memory may restart it, and who works there',
      {
        ...{ found: running, choices: { memory: '96Mi' } },
        ...{ before: template('2', 'a', '1Gi'), after: template('2', 'a', '96Mi') },
      },
      [
        'Would write release ws-dev.',
        'CPU and memory change in the running pod. If more memory is in use than the new limit, file cache included, this restarts workspace dev.',
        SOMEBODY,
      ],
    ],
    [
      'that more memory needs room alone',
      {
        ...{ found: running, choices: { memory: '2Gi' } },
        ...{ before: template('2', 'a', '1Gi'), after: template('2', 'a', '2Gi') },
      },
      [
        'Would write release ws-dev.',
        'CPU and memory change in the running pod: nothing restarts if its node has room.',
      ],
    ],
    [
      'that it does not without the right',
      { found: running, choices: { cpu: '1' }, after: template('1'), mayResize: false },
      ['Would write release ws-dev.', 'This restarts workspace dev.', SOMEBODY],
    ],
    [
      'that what is chosen is so already, though the release does not say it',
      { found: running, choices: { cpu: '2' }, deployed: { workspace: 'dev' } },
      ['Would write release ws-dev.', 'Nothing restarts.'],
    ],
    [
      'that the release has it already',
      { found: running, choices: { cpu: '2' }, deployed: { workspace: 'dev', resources: { limits: { cpu: '2' } } } },
      ['Nothing would change: workspace dev is there.'],
    ],
    [
      'that a stopped one would start',
      { found: snapshot({ deployment: deployment({ replicas: 0 }), pod: undefined }) },
      ['Would start workspace dev, and write release ws-dev.'],
    ],
    [
      'that no pod runs yet',
      { found: snapshot({ pod: pendingPod() }), choices: { cpu: '1' }, after: template('1') },
      ['Would write release ws-dev.', 'No pod of workspace dev runs that could restart.'],
    ],
  ])('%s', async (_what, stage, expected) => {
    expect(await plan(stage)).toEqual(expected);
  });

  it('what would be refused', async () => {
    const refusal = failure('HELM_MISSING', { message: 'Helm is not installed' });
    await expect(plan({ refusal })).rejects.toBe(refusal);
  });
});
