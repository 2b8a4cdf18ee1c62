import { describe, expect, it } from 'vitest';
import { preflight } from '../../../../src/operations/checks/preflight.ts';
import type { Choices } from '../../../../src/workspace/choices/chosen.ts';
import type { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import type { SecondPodUse } from '../../../../src/workspace/state/releases.ts';
import type { Permission } from '../../../../src/workspace/world.ts';
import { toLines } from '../../../spelling.ts';
import { claimHome, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, run } from '../fake-world.ts';

const NEVER = new AbortController().signal;

/** What stands against a change of a workspace by somebody who may do all but for a second pod. */
async function refuse(choices: Choices, file: SecondPodUse | undefined) {
  const isLacking = ({ resource, subresource }: Permission) =>
    resource === 'rolebindings' || (subresource ?? '') === 'scale';
  const { world } = fakeWorld({
    cluster: {
      context: 'kind',
      namespace: 'team',
      getVersion: async () => 'v1.37.2',
      findNamespace: async () => 'active',
      findMissingPermissions: async (all) => all.filter(isLacking),
    },
    releases: { readAmounts: async () => ({}), readHome: async () => ({}), readIdle: async () => file as SecondPodUse },
  });
  const request = {
    ...{ workspace: 'dev', choices, createNamespace: false, found: snapshot({ home: claimHome() }) },
    valuesFiles: file === undefined ? [] : ['/values.yaml'],
  };
  const { error } = await run(preflight(request, world, NEVER));
  if (error === undefined) return undefined;
  const { code, message, reason, suggestions } = error as WorkspaceError;
  expect([code, reason]).toEqual([
    'NOT_PERMITTED',
    'Missing: get rolebindings, create rolebindings, patch rolebindings, delete rolebindings, patch deployments/scale',
  ]);
  return [message, toLines(suggestions).at(-1)];
}

const END = ['You may not give a workspace an end in namespace team', 'ws up dev --ttl none'];
const SLEEP = ['You may not let a workspace sleep in namespace team', 'Take idle out of the values file'];

describe('the rights that a second pod needs', () => {
  it.each<[string, Choices, SecondPodUse | undefined, string[] | undefined]>([
    ['an end by its flag', { ttl: '8h' }, undefined, END],
    ['an end in a values file', {}, { sleeps: false, ends: true }, END],
    ['sleep in a values file', {}, { sleeps: true, ends: false }, SLEEP],
    ['both', {}, { sleeps: true, ends: true }, [END[0] ?? '', SLEEP[1] ?? '']],
  ])('are asked for before a change to %s', async (_what, choices, file, expected) => {
    expect(await refuse(choices, file)).toEqual(expected);
  });

  it.each<[string, Choices, SecondPodUse | undefined]>([
    ['nothing of that', {}, undefined],
    ['a values file that wants none', {}, { sleeps: false, ends: false }],
    ['no end, whatever a file says', { ttl: 'none' }, { sleeps: false, ends: true }],
  ])('are not asked for with %s', async (_what, choices, file) => {
    expect(await refuse(choices, file)).toBeUndefined();
  });
});
