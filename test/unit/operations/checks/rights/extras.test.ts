import { describe, expect, it } from 'vitest';
import { preflight } from '../../../../../src/operations/checks/preflight.ts';
import type { Choices } from '../../../../../src/workspace/choices/chosen.ts';
import type { WorkspaceError } from '../../../../../src/workspace/errors/errors.ts';
import type { Extras } from '../../../../../src/workspace/release/releases.ts';
import type { Permission } from '../../../../../src/workspace/world.ts';
import { toLines } from '../../../../spelling.ts';
import { claimHome, snapshot } from '../../../workspace/snapshots.ts';
import { fakeWorld, run } from '../../fake-world.ts';

const NEVER = new AbortController().signal;

const NONE: Extras = { sleeps: false, ends: false, isMonitored: false };

/** What stands against a change of a workspace by somebody who has the rights of a plain workspace. */
async function refuse(choices: Choices, file: Partial<Extras> | undefined) {
  const isLacking = ({ resource, subresource }: Permission) =>
    ['rolebindings', 'podmonitors'].includes(resource) || (subresource ?? '') === 'scale';
  const { world } = fakeWorld({
    cluster: {
      context: 'kind',
      namespace: 'team',
      getVersion: async () => 'v1.37.2',
      findNamespace: async () => 'active',
      findMissingPermissions: async (all) => all.filter(isLacking),
    },
    releases: {
      readAmounts: async () => ({}),
      readHome: async () => ({}),
      readExtras: async () => ({ ...NONE, ...file }),
    },
  });
  const request = {
    ...{ workspace: 'dev', choices, createNamespace: false, found: snapshot({ home: claimHome() }) },
    valuesFiles: file === undefined ? [] : ['/values.yaml'],
  };
  const { error } = await run(preflight(request, world, NEVER));
  if (error === undefined) return undefined;
  const { code, message, reason, suggestions } = error as WorkspaceError;
  expect(code).toBe('NOT_PERMITTED');
  const missing = ['get', 'create', 'patch', 'delete'];
  const all = (resource: string) => missing.map((verb) => `${verb} ${resource}`);
  const isSecondPod = (file?.sleeps ?? false) || /\ban end\b/.test(message);
  const wanted = [
    ...(isSecondPod ? [...all('rolebindings'), 'patch deployments/scale'] : []),
    ...(file?.isMonitored === true ? all('podmonitors') : []),
  ];
  expect(reason).toBe(`Missing: ${wanted.join(', ')}`);
  return [message, ...toLines(suggestions).slice(1)];
}

const END = ['You may not give a workspace an end in namespace team', 'ws up dev --ttl none'];
const SLEEP = ['You may not let a workspace sleep in namespace team', 'Take idle out of the values file'];
const MONITOR = ['You may not have a workspace monitored in namespace team', 'Take podMonitor out of the values file'];
const SLEEP_AND_MONITOR = [
  'You may neither let a workspace sleep nor have it monitored in namespace team',
  ...[SLEEP[1] ?? '', MONITOR[1] ?? ''],
];

describe('the rights for what a workspace has beside itself', () => {
  it.each<[string, Choices, Partial<Extras> | undefined, string[] | undefined]>([
    ['an end by its flag', { ttl: '8h' }, undefined, END],
    ['an end in a values file', {}, { ends: true }, END],
    ['sleep in a values file', {}, { sleeps: true }, SLEEP],
    ['both', {}, { sleeps: true, ends: true }, [END[0] ?? '', SLEEP[1] ?? '']],
    ['metrics in a values file', {}, { isMonitored: true }, MONITOR],
    ['metrics of one that sleeps', {}, { sleeps: true, isMonitored: true }, SLEEP_AND_MONITOR],
  ])('are asked for before a change to %s', async (_what, choices, file, expected) => {
    expect(await refuse(choices, file)).toEqual(expected);
  });

  it.each<[string, Choices, Partial<Extras> | undefined]>([
    ['nothing of that', {}, undefined],
    ['a values file that wants none', {}, {}],
    ['no end, whatever a file says', { ttl: 'none' }, { ends: true }],
  ])('are not asked for with %s', async (_what, choices, file) => {
    expect(await refuse(choices, file)).toBeUndefined();
  });
});
