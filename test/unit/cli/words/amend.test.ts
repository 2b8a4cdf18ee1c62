import { describe, expect, it } from 'vitest';
import { amend } from '../../../../src/cli/words/amend.ts';
import { TypedLine } from '../../../../src/cli/words/typed-line.ts';
import { spell } from '../../../../src/workspace/errors/spell.ts';
import { amending, correction, ws } from '../../../../src/workspace/errors/suggestion.ts';
import { catalogue } from '../front/type-line.ts';

/** What is proposed for a line, about a workspace that it may not name. */
function propose(typed: string, suggestion: Parameters<typeof spell>[0], workspace?: string): string {
  const [id = '', ...words] = typed.split(' ');
  const line = new TypedLine(id, words);
  const own = words.includes('--') ? words.indexOf('--') : words.length;
  const flags = catalogue.find([id])?.flags ?? [];
  return spell(suggestion, {
    place: { namespace: 'team' },
    amend: (changes) => (changes.length === 0 ? undefined : amend({ line, own, flags, workspace }, changes)),
  }).line;
}

describe('the line that was typed, with another value of a flag or with one more', () => {
  it.each([
    ['up dev --size huge --cpu 2', '--size', '10Gi', 'ws up dev --size 10Gi --cpu 2'],
    ['up dev --size=huge -n team', '--size', '10Gi', 'ws up dev --size=10Gi -n team'],
    ['logs dev --tail x -f', '--tail', '100', 'ws logs dev --tail 100 -f'],
    ['ssh dev -i nope -- ls -i', '--identity', 'key', 'ws ssh dev -i key -- ls -i'],
    ['ssh dev -inope -- ls', '--identity', 'key', 'ws ssh dev -i=key -- ls'],
    ['up dev -k nope', '--identity', 'key', 'ws up dev -k key'],
    ['ssh dev -- make', '--wait-timeout', '10m', 'ws ssh dev --wait-timeout 10m -- make'],
    // Nobody knows which is meant, and that one is of no such command.
    ['up --toleration a --toleration b', '--toleration', 'c', '--toleration c'],
    ['ls', '--size', '10Gi', '--size 10Gi'],
  ])('ws %s with %s %s', (typed, flag, value, line) => {
    expect(propose(typed, correction(flag, value))).toBe(line);
  });

  it('names its workspace where the command takes one', () => {
    expect(propose('down', amending(ws`down --keep-home --yes`), 'dev')).toBe('ws down dev --keep-home --yes');
    expect(propose('down -w dev --yes', amending(ws`down --home keep --yes`), 'dev')).toBe(
      'ws down -w dev --yes --home keep',
    );
    expect(propose('up web', amending(ws`up --yes`), 'web')).toBe('ws up web --yes');
    expect(propose('ls', amending(ws`ls --usage`), 'dev')).toBe('ws ls --usage');
  });

  it('is the command alone, in its place, where nobody typed a line', () => {
    const situation = { place: { namespace: 'team' }, workspace: 'dev' };
    expect(spell(amending(ws`up --yes`), situation).line).toBe('ws up dev --namespace team --yes');
    expect(spell(correction('--tail', '100'), situation).line).toBe('--tail 100');
  });
});
