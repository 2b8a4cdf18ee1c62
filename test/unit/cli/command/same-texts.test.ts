import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { BaseCommand } from '../../../../src/cli/command/base-command.ts';
import { catalogue, commandIds } from '../front/type-line.ts';
import { makeCommand } from './make-command.ts';

/** Commands whose arguments have an order: several, or any number. */
const ORDERED = commandIds.filter((id) => {
  const command = catalogue.find(id.split(':'));
  return command !== undefined && !command.hidden && (command.args.length > 1 || !command.strict);
});

beforeEach(() => void vi.stubEnv('WS_WORKSPACE', ''));
afterEach(() => vi.unstubAllEnvs());

interface Parts {
  positions: string[];
  workspace: string | undefined;
  args: Record<string, string | undefined>;
}

async function read(id: string, words: string[]): Promise<Parts> {
  const { positions, workspace, args } = (await makeCommand<BaseCommand<never>>(id, words)) as unknown as Parts;
  return { positions, workspace, args };
}

it('there are such commands', () => {
  expect(ORDERED).toEqual(expect.arrayContaining(['config:set', 'forward', 'keep', 'keys:add', 'keys:rm']));
});

it.each(ORDERED)('ws %s reads its words alike, whatever text a flag has as its value', async (id) => {
  const names = catalogue.find(id.split(':'))?.args.map(({ name }) => name) ?? [];
  const typed = [...(names.includes('workspace') ? ['dev'] : []), '2h', '1h'].slice(0, Math.max(2, names.length));
  const plain = await read(id, ['-n', 'team', ...typed]);
  for (const text of typed) {
    expect(await read(id, ['-n', text, ...typed]), text).toEqual(plain);
    expect(await read(id, ['--context', text, ...typed]), text).toEqual(plain);
    expect(await read(id, [...typed, '-n', text]), text).toEqual(plain);
  }
});

it('ws forward keeps the order of what is forwarded, where one is named twice', async () => {
  const { positions } = await read('forward', ['-n', '8080', 'dev', '3000', '8080', '3000']);
  expect(positions).toEqual(['3000', '8080', '3000']);
});
