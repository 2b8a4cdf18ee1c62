import { readFileSync } from 'node:fs';
import { Config } from '@oclif/core';
import { describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../../scripts/command-reference.ts';
import { AppHelp } from '../../../../src/cli/front/help.ts';

const { commands } = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest;
const withArguments = Object.values(commands).filter(({ args, hidden }) => Object.keys(args).length > 0 && !hidden);

async function readHelp(id: string): Promise<string> {
  const said: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((text) => void said.push(String(text)));
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  try {
    await new AppHelp(await Config.load(process.cwd()), { stripAnsi: true }).showAbout(id.split(':'));
  } finally {
    log.mockRestore();
    write.mockRestore();
  }
  return said.join('\n');
}

describe.each(withArguments.map(({ id, args, strict }) => ({ id, names: Object.keys(args), strict })))(
  'the help of $id',
  ({ id, names, strict }) => {
    it('says of each argument how many it takes', async () => {
      const help = await readHelp(id);
      const [, shown = ''] = /^ARGUMENTS\n((?: .*\n?)+)/m.exec(help) ?? [];
      const several = shown.match(/[A-Z]+\.\.\./g) ?? [];
      expect(shown).toContain(names[0]?.toUpperCase());
      expect(several).toEqual(strict ? [] : [`${names.at(-1)?.toUpperCase()}...`]);
      const [, usage = ''] = /^USAGE\n(.*)/m.exec(help) ?? [];
      for (const name of several) expect(usage).toContain(name);
    });
  },
);
