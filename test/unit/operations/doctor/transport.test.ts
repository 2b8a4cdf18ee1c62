import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { judgeTransport } from '../../../../src/operations/doctor/transport.ts';
import { snapshot } from '../../workspace/snapshots.ts';
import { NEVER } from '../fake-world.ts';

async function judge(workspaces: Parameters<typeof judgeTransport>[1], greeting: string | undefined) {
  const stream = new PassThrough();
  if (greeting === undefined) stream.destroy();
  else stream.write(greeting);
  const judged = await judgeTransport({ openPodStream: async () => stream }, workspaces, NEVER);
  return { ...judged, isClosed: stream.destroyed };
}

it('tries the stream of a workspace that is ready, and closes it', async () => {
  expect(await judge([snapshot({})], 'SSH-2.0-x\r\n')).toMatchObject({
    verdict: 'good',
    detail: expect.stringContaining('WebSocket through the API server to dev'),
    isClosed: true,
  });
  expect(await judge([snapshot({})], undefined)).toMatchObject({ verdict: 'bad', isClosed: true });
});

it('says that nothing could be tried', async () => {
  expect(await judge([], '')).toMatchObject({ verdict: 'good', detail: expect.stringContaining('not tried') });
});
