import { describe, expect, it } from 'vitest';
import { describePlan, toPlanDocument } from '../../../src/cli/up/describe-plan.ts';
import { type PlanRequest, planUp } from '../../../src/operations/plan-up.ts';
import type { Choices } from '../../../src/workspace/choices/chosen.ts';
import { type Surroundings, UNASKED } from '../../../src/workspace/diagnosis/scene.ts';
import { failure } from '../../../src/workspace/errors/errors.ts';
import type { WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import { formatSchemaFaults } from '../../json-schema.ts';
import { claim, deployment, endingPod, keptHome, node, pendingPod, snapshot } from '../workspace/snapshots.ts';
import { fakeWorld, makeAnswer, makeIdentity, NEVER, run } from './fake-world.ts';

const template = (cpu: string, image = 'a', memory?: string) => ({
  spec: { containers: [{ name: 'workspace', image, resources: { limits: { cpu, ...(memory && { memory }) } } }] },
});

const OBJECTS = ['Deployment', 'Service', 'Secret', 'Secret', 'ConfigMap', 'PersistentVolumeClaim'];

interface Stage {
  found?: WorkspaceSnapshot;
  choices?: Choices;
  before?: object;
  after?: object;
  hasKey?: boolean;
  mayResize?: boolean;
  refusal?: Error;
  /** What can be seen around the workspace. */
  around?: Partial<Surroundings>;
  /** The values that the release has. */
  deployed?: Record<string, unknown>;
  /** The pod template that Helm makes of a new one. */
  verified?: object;
  /** What is kept of an earlier workspace. */
  kept?: boolean;
}

/** What `ws up --dry-run` says; the world refuses every change. */
async function plan({ found, choices = {}, after = template('2'), mayResize = true, ...stage }: Stage) {
  const { hasKey = true, around = {}, refusal, deployed, before = template('2') } = stage;
  const { world } = fakeWorld({
    releases: {
      getBase: async () => ({ values: {}, deployed, revision: 1 }),
      preview: async (_release, values) => ({ before, after, values: { ...values } }),
      async verify() {
        if (refusal !== undefined) throw refusal;
        return {
          template: stage.verified ?? template('2', 'ws-workspace:0.2.0'),
          objects: OBJECTS.map((kind) => ({ kind })),
        };
      },
    },
    identities: {
      look: async () => ({ identities: hasKey ? [makeIdentity(1)] : [], agent: { kind: 'none' } }),
      findFreePath: () => '/home/alice/.ssh/id_ed25519',
    } as never,
    cluster: {
      findWorkspace: async () => found,
      openPodStream: async () => makeAnswer('ws_session_programs 1\nws_detached_programs 0\n'),
      findClaim: async () => (stage.kept === true ? claim() : undefined),
      listWorkspaces: async () => [],
      findSecret: async () => (stage.kept === true ? new Map() : undefined),
      getVersion: async () => 'v1.37.2',
      findNamespace: async () => 'active',
      findStorageClasses: async () => [],
      lookAround: async () => ({ ...UNASKED, ...around }),
      lookAtNodes: async () => around.nodes ?? { kind: 'refused' },
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
  const { result, error, events } = await run(planUp(request, world, NEVER));
  if (result === undefined) throw error;
  const document = JSON.parse(JSON.stringify({ v: 1, ...toPlanDocument(result) }));
  expect(formatSchemaFaults('up', document)).toEqual([]);
  const warnings = events.flatMap((event) =>
    event.type === 'noticed' && event.level === 'warning' && event.notice.kind === 'text' ? [event.notice.text] : [],
  );
  const describe = (columns: number) =>
    describePlan(result, { context: 'test', namespace: 'team' }, { colorOnStdout: false, stdout: { columns } }, 0);
  expect(
    describe(40)
      .split('\n')
      .filter((line) => line.length > 42),
  ).toEqual([]);
  return [...warnings, ...describe(0).split('\n')];
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
        'Image      ws-workspace:0.2.0',
        'CPU limit  2',
      ],
    ],
    [
      'amounts that a values file has as numbers',
      { verified: template(4 as never, 'ws-workspace:0.2.0', '8Gi') },
      [
        'Would make workspace dev, release ws-dev, in namespace team, context test.',
        '',
        'User          developer, user ID 1000',
        'Home          no volume: it is lost when the pod goes',
        'Key           /home/alice/.ssh/key-1',
        'Image         ws-workspace:0.2.0',
        'CPU limit     4',
        'Memory limit  8Gi',
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
        'Image          ws-workspace:0.2.0',
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
        'Image          ws-workspace:0.2.0',
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
      'what no node has',
      {
        ...{ found: running, choices: { cpu: '64', memory: '512Gi' }, after: template('64') },
        around: {
          nodes: {
            kind: 'seen',
            items: [
              node({ name: 'one', allocatable: { cpu: '3920m', memory: '4Gi' } }),
              node({ name: 'two', allocatable: { cpu: '2', memory: '16345678Ki' } }),
            ],
          },
        },
      },
      [
        'No node has 64 of CPU. The most is 3920m, on one: the workspace gets no more',
        'No node has 512Gi of memory. The most is 15.6Gi, on two: the workspace gets no more',
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

  const QUOTA: Partial<Surroundings> = {
    quotas: {
      kind: 'seen',
      items: [{ name: 'compute', isScoped: false, hard: { 'limits.cpu': '4' }, used: { 'limits.cpu': '3' } }],
    },
  };

  it.each<[string, Stage]>([
    ['in the pod', {}],
    ['without the right', { mayResize: false }],
    ['with another image', { after: template('8', 'b') }],
  ])('amounts that a quota will refuse: %s', async (_what, stage) => {
    const asked = plan({ found: running, choices: { cpu: '8' }, after: template('8'), around: QUOTA, ...stage });
    await expect(asked).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
      reason: expect.stringContaining('requested 8, used by others 1, limit 4'),
    });
  });

  const quota = (hard: Record<string, string>, used: Record<string, string> = {}): Partial<Surroundings> => ({
    quotas: { kind: 'seen', items: [{ name: 'team', isScoped: false, hard, used }] },
  });
  const wants = {
    limits: { cpu: '2' },
    requests: { cpu: '1' },
    nodeSelector: {},
    affinity: [],
    tolerations: [],
    pullSecrets: [],
  };
  const stopped = snapshot({ deployment: deployment({ replicas: 0, wants }), pod: undefined });
  const ending = { ...stopped, endingPods: [endingPod({ wants })] };

  it.each<[string, Stage, string]>([
    ['the pods of a new one', { around: quota({ pods: '0' }) }, 'Quota team allows 0 of pods, 0 is used'],
    ['the objects of a new one', { around: quota({ 'count/deployments.apps': '0' }) }, 'count/deployments.apps'],
    ['its Secrets', { around: quota({ secrets: '5' }, { secrets: '4' }) }, 'asks for 2'],
    ['the CPU of a new one', { around: quota({ 'limits.cpu': '1' }) }, 'requested 2'],
    ['its volume', { choices: { size: '20Gi' }, around: quota({ 'requests.storage': '10Gi' }) }, 'asks for 20Gi'],
    ['the pod of a stopped one', { found: stopped, around: quota({ 'count/pods': '0' }) }, 'count/pods'],
    ['the CPU of a stopped one', { found: stopped, around: quota({ 'limits.cpu': '1' }) }, 'requested 2'],
    [
      'other CPU for a stopped one',
      { found: stopped, choices: { cpu: '8' }, after: template('8'), around: quota({ 'limits.cpu': '4' }) },
      'requested 8',
    ],
  ])('that a quota leaves no room for %s', async (_what, stage, expected) => {
    await expect(plan(stage)).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
      message: expect.stringMatching(/^Namespace \S+ has no room for workspace dev$/),
      reason: expect.stringContaining(expected),
    });
  });

  it.each<[string, Stage]>([
    ['fits', { around: quota({ pods: '1', 'limits.cpu': '2', secrets: '2', 'count/deployments.apps': '1' }) }],
    ['is kept', { kept: true, around: quota({ secrets: '1', persistentvolumeclaims: '0' }) }],
    ['nobody may read', { around: { quotas: { kind: 'refused' } } }],
    [
      'counts other pods only',
      { around: { quotas: { kind: 'seen', items: [{ name: 'x', isScoped: true, hard: { pods: '0' }, used: {} }] } } },
    ],
    [
      'is freed by its own pod that ends',
      { found: ending, around: quota({ pods: '1', 'limits.cpu': '2' }, { pods: '1', 'limits.cpu': '2' }) },
    ],
  ])('nothing of a quota that %s', async (_what, stage) => {
    expect((await plan(stage)).join()).toMatch(/Would (?:make|start)/);
  });

  it('nothing of amounts that stay in a pod that stays', async () => {
    const [before, after] = [template('8', 'a', '1Gi'), template('8', 'a', '2Gi')];
    const told = await plan({ found: running, choices: { memory: '2Gi' }, before, after, around: QUOTA });
    expect(told[0]).toBe('Would write release ws-dev.');
  });

  it('what would be refused', async () => {
    const refusal = failure('HELM_MISSING', { message: 'Helm is not installed' });
    await expect(plan({ refusal })).rejects.toBe(refusal);
  });
});
