import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../../scripts/command-reference.ts';
import { spell } from '../../../../src/workspace/errors/spell.ts';
import { again, correction, type Suggestion, ws } from '../../../../src/workspace/errors/suggestion.ts';
import { type FlagShape, readTyped, type TypedCommand } from '../../../../src/workspace/errors/typed-command.ts';
import type { Place } from '../../../../src/workspace/place.ts';

const manifest = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest;

/** A line as the command of this name reads it. A forward has a colon, or is a port. */
function type(line: string): TypedCommand {
  const words = line.split(' ').slice(1);
  const length = ['keys', 'homes', 'config'].includes(words[0] ?? '') ? 2 : 1;
  const { flags = {}, args = {} } = manifest.commands[words.slice(0, length).join(':')] ?? {};
  const isNamed = (positions: string[]) =>
    'workspace' in args &&
    (words[0] === 'forward' ? /^[a-z]/.test(positions[0] ?? '') : positions.length >= Object.keys(args).length);
  return readTyped(words.slice(0, length).join(' '), words.slice(length), Object.values(flags) as FlagShape[], isNamed);
}

interface Situation {
  place?: Partial<Place>;
  workspace?: string;
}

/** What is suggested to somebody who typed this. */
function suggest(line: string, suggestion: Suggestion, { place = {}, workspace }: Situation = {}): string {
  return spell(suggestion, { place, workspace, typed: type(line) }).line;
}

describe('a suggestion of the verb that was typed', () => {
  it.each<[typed: string, Suggestion, line: string]>([
    ['ws up dev --size 5Gi --yes', ws`up --storage-class fast`, 'ws up dev --size 5Gi --yes --storage-class fast'],
    ['ws up --storage-class=fsat -y', ws`up --storage-class fast`, 'ws up --storage-class=fast -y'],
    ['ws up dev --cpu 64', ws`up --cpu 500m --memory 1Gi`, 'ws up dev --cpu 500m --memory 1Gi'],
    ['ws ssh dev --tmux=job', ws`ssh`, 'ws ssh dev --tmux=job'],
    ['ws up -- --yes', { ...ws`up`, workspace: 'yes' }, 'ws up yes'],
    ['ws keys ls -- DEV', { ...ws`keys ls`, workspace: 'dev' }, 'ws keys ls dev'],
    ['ws ssh dev -- make -j4', ws`ssh`, 'ws ssh dev -- make -j4'],
    ['ws ssh dev -- make', ws`ssh -- bash -s`, 'ws ssh dev -- bash -s'],
    ['ws ssh -i key dev', ws`ssh --identity FILE`, 'ws ssh -i FILE dev'],
    ['ws up dev -k key', ws`up --identity FILE`, 'ws up dev -k FILE'],
    ['ws down dev --delete-home', ws`down --keep-home`, 'ws down dev --keep-home'],
    [
      'ws down dev --home keep -n team',
      { ...ws`down --home lose`, again: { without: ['home'] } },
      'ws down dev -n team --home lose',
    ],
    ['ws logs dev --previous --tail 5', { ...ws`logs`, again: { without: ['previous'] } }, 'ws logs dev --tail 5'],
    [
      'ws ssh dev -L 3000 -L 4000 --tmux=main',
      { ...ws`ssh -L 3001:3000`, again: { instead: ['3000:3000', '3000'] } },
      'ws ssh dev -L 3001:3000 -L 4000 --tmux=main',
    ],
    [
      'ws forward dev 3000 8080:80 --address 0.0.0.0',
      { ...ws`forward 3001:3000`, again: { instead: ['3000'] } },
      'ws forward dev 3001:3000 8080:80 --address 0.0.0.0',
    ],
    ['ws forward --auto', ws`forward 3000`, 'ws forward 3000 --auto'],
    ['ws keys rm me@old --yes', ws`keys rm SHA256:x`, 'ws keys rm SHA256:x --yes'],
    ['ws keys add dev nothing', ws`keys add ~/.ssh/id.pub`, 'ws keys add dev ~/.ssh/id.pub'],
    ['ws config set size lots', ws`config set size 10Gi`, 'ws config set size 10Gi'],
    ['ws ssh dev -R 80 -- x', { ...ws`ssh -- ss -ltn`, again: { verb: 'other' } }, 'ws ssh -- ss -ltn'],
    ['ws up dev --yes', ws`up --help`, 'ws up --help'],
  ])('%s → %o', (typed, suggestion, line) => {
    expect(suggest(typed, suggestion)).toBe(line);
  });
});

describe('what was typed, whatever it was', () => {
  it.each<[typed: string, Suggestion, Situation, line: string]>([
    ['ws status', again({ ...ws`ssh`, workspace: 'web' }), {}, 'ws status web'],
    ['ws keys rm me@old', again({ ...ws`ssh`, workspace: 'web' }), {}, 'ws keys rm web me@old'],
    ['ws forward 3000 --strict', again({ ...ws`ssh`, workspace: 'web' }), {}, 'ws forward web 3000 --strict'],
    ['ws ssh --tmux=job -n team', again({ ...ws`up`, workspace: 'web' }), {}, 'ws ssh web --tmux=job -n team'],
    ['ws logs wbe -f', again({ ...ws`ssh`, workspace: 'web' }), { workspace: 'wbe' }, 'ws logs web -f'],
    ['ws logs -w wbe -f', again({ ...ws`ssh`, workspace: 'web' }), {}, 'ws logs -w web -f'],
    ['ws logs -f --workspace=wbe', again({ ...ws`ssh`, workspace: 'web' }), {}, 'ws logs -f --workspace=web'],
    ['ws ls --context prdo', again({ ...ws`up`, place: { context: 'prod' } }), {}, 'ws ls --context prod'],
    ['ws ls -n tema --json', again({ ...ws`up`, place: { namespace: 'team' } }), {}, 'ws ls -n team --json'],
    ['ws ls --json', again({ ...ws`up`, place: { namespace: 'team' } }), {}, 'ws ls --json --namespace team'],
    [
      'ws forward 3000',
      again(ws`up --accept-host-key SHA256:x`),
      { workspace: 'dev' },
      'ws forward dev 3000 --accept-host-key SHA256:x',
    ],
    ['ws down dev --keep-home', again(ws`ls`), {}, 'ws down dev --keep-home'],
    // Of a flag that the typed verb does not have it is the command itself.
    [
      'ws keys ls dev',
      again(ws`up --accept-host-key SHA256:x`),
      { workspace: 'dev' },
      'ws up dev --accept-host-key SHA256:x',
    ],
  ])('%s → %o', (typed, suggestion, situation, line) => {
    expect(suggest(typed, suggestion, situation)).toBe(line);
  });

  it('is the command itself where nothing is known of what was typed', () => {
    expect(spell(again({ ...ws`status`, workspace: 'web' }), { place: {} }).line).toBe('ws status web');
  });

  it('is not repeated where it is a script', () => {
    const typed = readTyped('ssh', ['dev', '--', 'x'.repeat(2000)], []);
    expect(spell(ws`ssh`, { place: {}, workspace: 'dev', typed }).line).toBe('ws ssh dev');
  });
});

describe('another value of a flag, whichever command has it', () => {
  it.each([
    ['ws logs dev --tail x -f', '--tail', '100', 'ws logs dev --tail 100 -f'],
    ['ws ssh dev -i nope -- ls -i', '--identity', 'key', 'ws ssh dev -i key -- ls -i'],
    ['ws ssh dev -- make', '--wait-timeout', '10m', 'ws ssh dev --wait-timeout 10m -- make'],
    ['ws forward 3000 --auto --ignore x', '--ignore', '1080', 'ws forward dev 3000 --auto --ignore 1080'],
    ['ws forward 3000 --auto --ignore a,b', '--ignore', '1080', '--ignore 1080'],
    ['ws up dev --size huge --cpu 2', '--size', '10Gi', 'ws up dev --size 10Gi --cpu 2'],
    ['ws up dev', '--size', '10Gi', 'ws up dev --size 10Gi'],
    ['ws ls', '--size', '10Gi', '--size 10Gi'],
  ])('%s with %s %s', (typed, flag, value, line) => {
    expect(suggest(typed, correction(flag, value, 'x'), { workspace: 'dev' })).toBe(line);
  });

  it('is a sentence where nothing is known of what was typed', () => {
    expect(spell(correction('--tail', '100', 'x'), { place: {} }).line).toBe('--tail 100');
  });
});

it('another verb has the place and the workspace, and nothing else of what was typed', () => {
  const situation = { place: { namespace: 'team' }, workspace: 'dev' };
  expect(suggest('ws ssh dev -n team --tmux=job', ws`status`, situation)).toBe('ws status dev --namespace team');
});
