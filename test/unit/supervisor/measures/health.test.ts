import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import type { Lifecycle } from '../../../../src/supervisor/lifecycle.ts';
import { Health } from '../../../../src/supervisor/measures/health.ts';
import { Metrics } from '../../../../src/supervisor/measures/metrics.ts';

const opened: Health[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});

async function listen() {
  const health = new Health(0);
  opened.push(health);
  await health.listening;
  return health;
}

async function serve(state: Lifecycle, fault?: string) {
  const health = await listen();
  start(health, state, fault);
  return asker(health);
}

function start(health: Health, state: Lifecycle, fault?: string) {
  const metrics = new Metrics({ version: '1', home: tmpdir(), cgroupRoot: '/nowhere', startedAtMs: 0, restarts: 0 });
  health.serve({ lifecycle: () => state, greet: async () => fault, metrics });
}

function asker(health: Health) {
  const base = `http://127.0.0.1:${health.port}`;
  return async (path: string, method = 'GET') => {
    const response = await fetch(`${base}${path}`, { method });
    return { status: response.status, text: await response.text() };
  };
}

describe('health', () => {
  it('Q1P4-HEALTH: is ready when SSH greets', async () => {
    const get = await serve('ready');
    expect(await get('/readyz')).toEqual({ status: 200, text: 'ok\n' });
    expect((await get('/metrics?x')).text).toContain('ws_sessions 0');
    expect((await get('/')).status).toBe(404);
    expect((await get('/readyz', 'POST')).status).toBe(405);
  });

  it('Q1P4-HEALTH: is alive but not ready when SSH does not greet, and says why', async () => {
    const silent = await serve('ready', 'SSH closed without greeting');
    expect(await silent('/readyz')).toEqual({ status: 503, text: 'SSH closed without greeting\n' });
    expect((await silent('/healthz')).status).toBe(200);
  });

  it('Q1P4-HEALTH: holds an answer back until the start is over, and is alive meanwhile', async () => {
    const health = await listen();
    const get = asker(health);
    const early = get('/readyz');
    expect((await get('/healthz')).status).toBe(200);
    start(health, 'ready');
    expect(await early).toEqual({ status: 200, text: 'ok\n' });
  });

  it('Q1P4-HEALTH: says that it is booting to who has waited long enough', async () => {
    const get = asker(await listen());
    expect(await Promise.all([get('/readyz'), get('/metrics')])).toEqual([
      { status: 503, text: 'booting\n' },
      { status: 503, text: 'booting\n' },
    ]);
  });

  it('names the port that it cannot have', async () => {
    const taken = await listen();
    await expect(new Health(taken.port).listening).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it.each(['booting', 'draining', 'stopped'] as const)(
    'Q1P4-HEALTH: is alive but not ready while %s',
    async (state) => {
      const get = await serve(state);
      expect(await get('/readyz')).toEqual({ status: 503, text: `${state}\n` });
      expect((await get('/healthz')).status).toBe(200);
    },
  );
});
