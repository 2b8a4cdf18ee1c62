import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WAY_MEMORY } from '../../../src/cli/wiring/way-memory.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-ways-'));
  vi.stubEnv('WS_CONFIG_DIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it('remembers a way of a cluster with why it is taken, until it is forgotten', async () => {
  const way = { way: 'exec' as const, instead: [{ way: 'websocket' as const, why: 'it opens, and nothing comes' }] };
  WAY_MEMORY.keep('a', way);
  await expect.poll(() => WAY_MEMORY.find('a')).toEqual(way);
  expect(WAY_MEMORY.find('b')).toBeUndefined();
  WAY_MEMORY.forget('a');
  expect(WAY_MEMORY.find('a')).toBeUndefined();
});

it.each([
  ['no JSON', '{'],
  ['no object', 'null'],
  ['the first way, which needs no memory', '{"way":"websocket","instead":[]}'],
  ['an address', '{"way":"direct","instead":[]}'],
  ['no reasons', '{"way":"exec"}'],
  ['control characters', '{"way":"exec","instead":[{"way":"websocket","why":"\\u001b[2J"}]}'],
])('takes a file with %s for none', (_what, text) => {
  mkdirSync(path.join(folder, 'ways'));
  writeFileSync(path.join(folder, 'ways', 'a'), text);
  expect(WAY_MEMORY.find('a')).toBeUndefined();
});
