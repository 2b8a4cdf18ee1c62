import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Config } from '@oclif/core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../../scripts/command-reference.ts';
import type { BaseCommand } from '../../../../src/cli/command/base-command.ts';
import type { Place } from '../../../../src/workspace/place.ts';

const ROOT = process.cwd();
const manifest = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest;
const commands = Object.values(manifest.commands).map(({ id, args }): [string, string[]] => [
  id,
  Object.values(args).flatMap(({ required, options }) => (required ? [options?.[0] ?? 'x'] : [])),
]);

let config: Config;
beforeAll(async () => {
  config = await Config.load(ROOT);
});
afterEach(() => vi.unstubAllEnvs());

/** What a command knows before it runs. */
async function findPlace(id: string, words: string[]): Promise<Place> {
  const folder = path.join(ROOT, 'src', 'commands');
  const file = `${id.replaceAll(':', '/')}.ts`;
  const found = [path.join(folder, file), path.join(folder, 'hidden', file)].find(existsSync) ?? file;
  const { default: Class } = (await import(found)) as {
    default: new (words: string[], config: Config) => BaseCommand<never>;
  };
  const command = new Class(words, config);
  await command.init();
  return command.place;
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
