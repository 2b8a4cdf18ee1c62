/**
 * Two flags that exist and make no sense together are refused while the words are read: nothing has been done by then.
 */
import { describe, expect, it, vi } from 'vitest';
import { SENSELESS_PAIRS } from '../../../../src/cli/words/faults/senseless-pairs.ts';
import { findFlag } from '../../../../src/cli/words/tokens.ts';
import { makeCommand } from '../command/make-command.ts';
import { catalogue, findFault, listProposed, listProposedWords, typeLine } from '../front/type-line.ts';

const VALUES: Record<string, string> = {
  home: 'keep',
  forward: '3000',
  remote: '3000',
  socks: '1080',
  ttl: '8h',
  'storage-class': 'none',
};

/** Both flags as they are typed, each with a value where it takes one. */
function typePair({ command, flags }: (typeof SENSELESS_PAIRS)[number]): string[] {
  const words = flags.flatMap((flag) => {
    const known = findFlag(flag, catalogue.find([command])?.flags ?? []);
    if (known === undefined) throw new Error(`ws ${command} has no ${flag}`);
    return known.type === 'option' ? [flag, VALUES[known.name] ?? '1234'] : [flag];
  });
  return [command, ...words];
}

describe.each(SENSELESS_PAIRS)('ws $command $flags', (pair) => {
  const words = typePair(pair);

  it.each([
    ['in this order', words],
    ['in the other', [pair.command, ...typePair({ ...pair, flags: [pair.flags[1], pair.flags[0]] }).slice(1)]],
  ])('is refused %s', async (_order, line) => {
    expect(await findFault(line)).toMatchObject({
      code: 'CONFLICTING_FLAGS',
      message: `${pair.flags[0]} and ${pair.flags[1]} do not go together`,
      reason: pair.because,
    });
  });

  it('leads to lines that are right, or that say themselves what is missing', async () => {
    const proposed = await listProposedWords(words);
    expect(proposed.length).toBeGreaterThan(1);
    for (const line of proposed) await typeLine(line);
  });

  it('is no question of a variable, which holds for many commands', async () => {
    const [first, second] = pair.flags.map((flag) => findFlag(flag, catalogue.find([pair.command])?.flags ?? []));
    if (second?.env === undefined || first === undefined) return;
    vi.stubEnv(second.env, VALUES[second.name] ?? (second.type === 'boolean' ? 'yes' : '1234'));
    const alone = first.type === 'option' ? [pair.flags[0], VALUES[first.name] ?? '1234'] : [pair.flags[0]];
    await expect(makeCommand(pair.command, alone)).resolves.toBeDefined();
    vi.unstubAllEnvs();
  });
});

it.each<[string, string[]]>([
  ['ssh dev --detach -L 3000', ['ws forward dev 3000', 'ws ssh dev -L 3000']],
  [
    'ssh dev --tmux=job -d -L 3000 -R 80:8080 -n team -- make',
    [
      'ws ssh dev --tmux=job -d -n team -- make',
      'ws forward dev 3000 --remote 80:8080 --namespace team',
      'ws ssh dev --tmux=job -L 3000 -R 80:8080 -n team -- make',
    ],
  ],
  [
    'ssh -w dev -dD1080 --tmux',
    ['ws ssh -w dev -d --tmux', 'ws forward --socks 1080 --workspace dev', 'ws ssh -w dev -D1080 --tmux'],
  ],
  [
    'ssh dev -d -L 3000 -i key --no-resume -A',
    ['ws forward dev 3000 --identity key --no-resume', 'ws ssh dev -L 3000 -i key --no-resume -A'],
  ],
  ['ssh dev -dt --tmux=job -- make', ['ws ssh dev -d --tmux=job -- make', 'ws ssh dev -t --tmux=job -- make']],
  ['logs dev -fp', ['ws logs dev -f', 'ws logs dev -p']],
  ['logs dev --follow --json', ['ws logs dev --follow --raw', 'ws logs dev --json']],
  ['ls -A -n team', ['ws ls -A', 'ws ls -n team']],
  ['up dev --no-shell --local-port 2222', ['ws up dev --no-shell', 'ws up dev --local-port 2222']],
  ['up dev --ttl 8h --storage-class none', ['ws up dev --ttl 8h', 'ws up dev --storage-class none']],
  ['down dev --home delete --keep-home', ['ws down dev --home delete', 'ws down dev --keep-home']],
])('ws %s', async (line, proposed) => {
  expect(await listProposed(line.split(' '))).toEqual(proposed);
});

it('a flag that says what is so anyway is in nobody’s way', async () => {
  await typeLine(['up', 'dev', '--no-shell', '--local-port', '0']);
  await typeLine(['up', 'dev', '--no-shell', '--json']);
  await typeLine(['up', 'dev', '--ttl', 'none', '--storage-class', 'none']);
  await typeLine(['up', 'dev', '--ttl', '8h', '--storage-class', 'fast']);
});
