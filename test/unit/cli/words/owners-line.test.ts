import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { property } from '../../../fuzz/property.ts';
import { catalogue, commandIds, listProposed, typeLine } from '../front/type-line.ts';

const propose = (line: string) => listProposed(line.split(' ').slice(1));

describe('a flag that another command has', () => {
  it.each([
    ['ws status ci --usage --json', 'ws ls --usage --json'],
    ['ws status ci --namespace me --usage', 'ws ls --namespace me --usage'],
    ['ws down dev --storage-class fast', 'ws up dev --storage-class fast'],
    ['ws down dev --storage-class=fast -n me', 'ws up dev --storage-class=fast -n me'],
    ['ws logs dev --delete-home', 'ws down dev --delete-home'],
  ])('%s: leads to %s', async (typed, first) => {
    expect((await propose(typed))[0]).toBe(first);
  });

  it('takes no yes along, which was said to another question', async () => {
    expect(await propose('ws stop dev --delete-home --yes')).toContain('ws down dev --delete-home');
    expect(await propose('ws stop dev -y --delete-home')).toContain('ws down dev --delete-home');
  });

  it.each([
    // The workspace is no claim.
    'ws status dev --older-than 3d',
    // It would be refused there.
    'ws status dev --delete-home --home keep',
  ])('%s: leads to the help alone where no such line works', async (typed) => {
    for (const line of await propose(typed)) expect(line).toBe('ws status --help');
  });

  const flags = commandIds.flatMap((id) => catalogue.find(id.split(':'))?.flags ?? []);
  property(
    'leads to lines that are taken',
    fc.tuple(fc.constantFrom('status', 'stop', 'ls', 'keys:add', 'logs'), fc.constantFrom(...flags)),
    async ([id, { name, type, options = ['x'] }]) => {
      const words = [...id.split(':'), ...(id === 'ls' ? [] : ['dev']), `--${name}`];
      const typed = type === 'option' ? [...words, options[0] ?? 'x'] : words;
      const isTaken = await typeLine(typed).then(
        () => true,
        () => false,
      );
      if (isTaken) return;
      const owners = catalogue.listOwners(name).map((owner) => owner.id.replaceAll(':', ' '));
      for (const line of await listProposed(typed)) {
        if (line.endsWith('--help') || !owners.some((owner) => line.startsWith(`ws ${owner} `))) continue;
        await typeLine(line.split(' ').slice(1));
      }
    },
    200,
  );
});
