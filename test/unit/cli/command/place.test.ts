import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../../scripts/command-reference.ts';
import type { Place } from '../../../../src/workspace/place.ts';
import { makeCommand } from './make-command.ts';

const manifest = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest;
const commands = Object.values(manifest.commands).map(({ id, args }): [string, string[]] => [
  id,
  Object.values(args).flatMap(({ required, options }) => (required ? [options?.[0] ?? '1h'] : [])),
]);

afterEach(() => vi.unstubAllEnvs());

/** What a command knows before it runs. */
async function findPlace(id: string, words: string[]): Promise<Place> {
  return (await makeCommand(id, words)).place;
}

describe('the place of every command, before it runs', () => {
  it.each(commands)('ws %s: what flags say', async (id, args) => {
    const words = [...args, '--context', 'work', '-n', 'team', '--kubeconfig', '/k/config'];
    expect(await findPlace(id, words)).toEqual({ context: 'work', namespace: 'team', kubeconfig: '/k/config' });
  });

  it.each(commands)('ws %s: what the environment says', async (id, args) => {
    vi.stubEnv('WS_CONTEXT', 'work');
    vi.stubEnv('WS_NAMESPACE', 'team');
    expect(await findPlace(id, args)).toEqual({ context: 'work', namespace: 'team', kubeconfig: undefined });
    expect(await findPlace(id, [...args, '--namespace', 'mine'])).toMatchObject({ namespace: 'mine' });
  });
});
