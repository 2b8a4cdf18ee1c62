/** Amounts as the chart judges them. `test/unit/workspace/names.test.ts` holds the app against the same table. */
import { describe, expect, test } from 'vitest';
import { LEAST_BYTES, LEAST_CORES, NO_QUANTITIES, QUANTITIES } from '../../quantities.ts';
import { containerOf, HELMS, pick, podOf, Refusal, render, share } from '../helm.ts';

/** A request of that much is lowered to a limit that is less, which tells how much the chart takes the limit for. */
const REQUESTS = { cpu: '100m', memory: '256Mi' };

const limitsOf = (resource: 'cpu' | 'memory', text: string) => ({
  resources: { requests: REQUESTS, limits: { [resource]: text } },
});

describe.each(HELMS)('%s', (helm) => {
  test.each(share(QUANTITIES, helm))('counts %s as %d', async (text, worth) => {
    for (const { resource, least, request } of [
      { resource: 'memory', least: LEAST_BYTES, request: 2 ** 28 },
      { resource: 'cpu', least: LEAST_CORES, request: 0.1 },
    ] as const) {
      const objects = await render(limitsOf(resource, text), { helm }).catch((error: unknown) => error);
      if (worth < least) {
        expect([resource, text, objects]).toEqual([resource, text, expect.any(Refusal)]);
        const sentence = text.startsWith('-')
          ? / is no amount of /
          : / is less than (1Mi|1m); write | has no unit; write /;
        expect((objects as Refusal).message).toMatch(sentence);
      } else {
        const { limits, requests } = containerOf(objects as never).resources;
        expect([limits[resource], requests[resource]]).toEqual([text, worth < request ? text : REQUESTS[resource]]);
      }
    }
  });

  test.each(share(NO_QUANTITIES, helm))('takes "%s" for no amount', async (text) => {
    for (const resource of ['memory', 'cpu'] as const)
      await expect(render(limitsOf(resource, text), { helm })).rejects.toThrow(/ is no amount of (bytes|CPU); write /);
  });

  test('hands on what devices the container may use, and gives none to the pod of helm test', async () => {
    const limits = { 'nvidia.com/gpu': 1, 'example.com/fpga': '2', 'hugepages-2Mi': '100Mi' };
    const objects = await render({ resources: { limits, requests: { 'nvidia.com/gpu': '1' } } }, { helm });
    expect(containerOf(objects).resources).toMatchObject({ limits: { cpu: '2', ...limits } });
    expect(containerOf(objects).resources.requests).toMatchObject({ cpu: '100m', 'nvidia.com/gpu': '1' });
    expect(JSON.stringify(pick(objects, 'Pod').spec)).not.toMatch(/gpu|fpga|hugepages/);
    const none = await render({ resources: { limits: { 'nvidia.com/gpu': null } } }, { helm });
    expect(JSON.stringify(podOf(none))).not.toContain('gpu');
  });
});
