import { describe, expect, it } from 'vitest';
import { logs } from '../../../../src/operations/look/logs.ts';
import type { WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { container, pendingPod, pod, snapshot, waiting } from '../../workspace/snapshots.ts';
import { collect, fakeWorld, NEVER } from '../fake-world.ts';

const PLAIN = { follow: false, previous: false, tailLines: undefined };

function read(found: WorkspaceSnapshot, options: Partial<typeof PLAIN> = {}) {
  const { world } = fakeWorld({
    cluster: {
      findWorkspace: async () => found,
      async *readLog() {
        yield '{"event":"server.ready"}';
      },
    },
  });
  return collect(logs('dev', { ...PLAIN, ...options }, world, NEVER));
}

describe('the log of a workspace', () => {
  it.each<[string, WorkspaceSnapshot, Partial<typeof PLAIN>]>([
    ['runs', snapshot(), {}],
    ['was restarted', snapshot({ pod: pod({ container: container({ restarts: 1 }) }) }), { previous: true }],
    [
      'waits to be started again',
      snapshot({ pod: pod({ container: waiting('CrashLoopBackOff', '', { restarts: 2 }) }) }),
      {},
    ],
  ])('is read where the container %s', async (_what, found, options) => {
    expect(await read(found, options)).toEqual(['{"event":"server.ready"}']);
  });

  it.each<[string, WorkspaceSnapshot, Partial<typeof PLAIN>, string]>([
    ['no pod', snapshot({ pod: undefined }), {}, 'Workspace dev has no pod to read logs from'],
    ['no container yet', snapshot({ pod: pendingPod() }), {}, 'Workspace dev has no log yet'],
    [
      'an image that cannot be pulled',
      snapshot({ pod: pod({ container: waiting('ErrImagePull') }) }),
      {},
      'Workspace dev has no log yet',
    ],
    ['never a restart', snapshot(), { previous: true }, 'Workspace dev has no previous log'],
  ])('is refused in words where there is %s', async (_what, found, options, message) => {
    await expect(read(found, options)).rejects.toMatchObject({ code: 'WORKSPACE_NOT_READY', message });
  });
});
