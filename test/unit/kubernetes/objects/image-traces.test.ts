import { expect, it } from 'vitest';
import type { ApiRequest, RestClient } from '../../../../src/adapters/kubernetes/api/rest.ts';
import { ApiRefusal } from '../../../../src/adapters/kubernetes/api/translate.ts';
import { readImageTraces } from '../../../../src/adapters/kubernetes/objects/image-traces.ts';
import { failure } from '../../../../src/workspace/errors/errors.ts';

const NEVER = new AbortController().signal;

/** An API server with these answers; without one, it forbids the list. */
function read(answers: Partial<Record<string, object[]>>, image = 'ws-workspace:1') {
  const rest = {
    call: async ({ resource }: ApiRequest) => {
      const items = answers[resource];
      if (items !== undefined) return { items };
      throw failure('NOT_PERMITTED', {
        message: 'no',
        cause: new ApiRefusal(403, {}),
      });
    },
  };
  return readImageTraces(rest as unknown as RestClient, 'team', image, NEVER);
}

const node = (name: string, ...names: string[]) => ({ metadata: { name }, status: { images: [{ names }, {}] } });
const event = (message: string, lastTimestamp: string) => ({ message, lastTimestamp });

it('finds the nodes that report an image, by any of its names', async () => {
  const nodes = [
    node('a', 'docker.io/library/ws-workspace:1'),
    node('b', 'docker.io/library/other:1'),
    { metadata: {} },
  ];
  expect((await read({ nodes, events: [] })).nodes).toEqual({ all: 3, having: ['a'] });
});

it('finds the newest refusal of this image, and of no other', async () => {
  const events = [
    event('Failed to pull image "ws-workspace:1": second', '2026-01-02T00:00:00Z'),
    event('Failed to pull image "ws-workspace:1": first', '2026-01-01T00:00:00Z'),
    event('Failed to pull image "other:1": third', '2026-01-03T00:00:00Z'),
    event('Error: ErrImagePull', '2026-01-04T00:00:00Z'),
    {},
  ];
  expect((await read({ nodes: [], events })).refusal).toEqual({ said: 'second', at: '2026-01-02T00:00:00Z' });
});

it('knows nothing of what may not be listed', async () => {
  expect(await read({})).toEqual({ nodes: undefined, refusal: undefined });
});
