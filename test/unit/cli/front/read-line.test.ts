import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLine } from '../../../../src/cli/front/read-line.ts';
import { property } from '../../../fuzz/property.ts';
import { catalogue, commandIds, listProposed, typeLine } from './type-line.ts';

const read = (words: string[]) => readLine(words, catalogue);

describe('a command is found', () => {
  it.each<[string[], string, string[]]>([
    [['ls'], 'ls', []],
    [['--context', 'prod', 'ls'], 'ls', ['--context', 'prod']],
    [['--context=prod', '-nteam', 'ls', '--usage'], 'ls', ['--context=prod', '-nteam', '--usage']],
    [['-n', 'x', 'ssh', 'dev', '--', 'ls', '-n'], 'ssh', ['-n', 'x', 'dev', '--', 'ls', '-n']],
    [['-w', 'dev', 'ssh'], 'ssh', ['-w', 'dev']],
    [['--json', 'keys', '-n', 'x', 'ls', 'dev'], 'keys:ls', ['--json', '-n', 'x', 'dev']],
    [['keys', '--debug', 'add', 'FILE'], 'keys:add', ['--debug', 'FILE']],
    [['config-ssh', '--remove'], 'config-ssh', ['--remove']],
    [['-V', '--json'], 'version', ['--json']],
    [['--json', '--version'], 'version', ['--json']],
    [['up', 'help'], 'up', ['help']],
    [['ssh', 'dev', '--', '--help'], 'ssh', ['dev', '--', '--help']],
    [['up', '--image', '-h'], 'up', ['--image', '-h']],
  ])('ws %j is %s with %j', (words, id, rest) => {
    expect(read(words)).toEqual({ kind: 'command', id, words: rest });
  });

  it.each<[string[], string[]]>([
    [[], []],
    [['-h'], []],
    [['--help'], []],
    [['-n', 'x', '--help'], []],
    [['keys'], ['keys']],
    [['keys', '-n', 'x'], ['keys']],
    [['keys', '-h'], ['keys']],
    [['keys', 'help'], ['keys']],
    [
      ['keys', 'help', 'add'],
      ['keys', 'add'],
    ],
    [['-h', 'up'], ['up']],
    [['up', '-h'], ['up']],
    [['up', 'dev', '--yes', '--help'], ['up']],
    [
      ['--context', 'prod', 'keys', 'add', '--help'],
      ['keys', 'add'],
    ],
    [['help', '-h'], ['help']],
    [['ls', '--json', '--help'], ['ls']],
  ])('ws %j asks for help about %j', (words, of) => {
    expect(read(words)).toEqual({ kind: 'help', of });
  });

  it.each(commandIds)('-h and --help are for help wherever they stand: %s', (id) => {
    for (const flag of ['-h', '--help']) {
      const of = id.split(':');
      expect(read([...of, flag])).toEqual({ kind: 'help', of });
      expect(read([flag, ...of])).toEqual({ kind: 'help', of });
      expect(read(['--context', 'prod', ...of, flag])).toEqual({ kind: 'help', of });
    }
  });
});

describe('flags before the command mean what they mean behind it', () => {
  const flag = fc.constantFrom(
    ['--context', 'prod'],
    ['-n', 'x'],
    ['--namespace=x'],
    ['--debug'],
    ['-nx'],
    ['-w', 'a'],
  );

  const line = fc.tuple(fc.constantFrom(...commandIds), fc.array(flag, { maxLength: 3 }));

  property('for every command', line, ([id, flags]) => {
    const words = id.split(':');
    expect(read([...flags.flat(), ...words, 'x'])).toEqual(read([...words, ...flags.flat(), 'x']));
  });
});

describe('what names no command', () => {
  it.each<[string[], string[]]>([
    [['sssh', 'dev'], ['ws ssh dev']],
    [['key', 'ls'], ['ws keys ls']],
    [['key', 'list', '-n', 'x'], ['ws keys ls -n x']],
    [['key'], ['ws keys ls']],
    [['home'], ['ws homes ls']],
    [['homes', 'lst'], ['ws homes ls']],
    [['keys', 'ad', 'FILE', '-w', 'dev'], ['ws keys add FILE -w dev']],
    [['stauts', 'dev', '--jsn'], ['ws status dev --json']],
    [['-n', 'x', 'lss'], ['ws ls -n x']],
    [['dwon', 'dev', '--keep-hom'], ['ws down dev --keep-home']],
    [['ws', 'up', 'dev'], ['ws up dev']],
    [['forwrd', '3000', '-n', "it's"], ["ws forward 3000 -n 'it'\\''s'"]],
    [['upp', '--help'], ['ws up --help']],
    [['pu', 'dev'], ['ws up dev']],
    [['nonsense'], ['ws ssh nonsense', 'ws --help']],
    [['dev'], ['ws ssh dev', 'ws --help']],
    [
      ['-n', 'x', 'dev'],
      ['ws ssh dev -n x', 'ws --help'],
    ],
    [
      ['dev', 'make', '-j4'],
      ['ws ssh dev -- make -j4', 'ws --help'],
    ],
    [
      ['dev', 'up', '--yes'],
      ['ws up dev --yes', 'ws --help'],
    ],
    [
      ['-n', 'x', 'dev', 'up', '--yes'],
      ['ws up dev -n x --yes', 'ws --help'],
    ],
    [
      ['dev', '--nonsense'],
      ['ws ssh --help', 'ws --help'],
    ],
    [['Not/a/name'], ['ws --help']],
    [
      ['keys', 'nonsense'],
      ['ws keys ls nonsense', 'ws keys --help'],
    ],
    [
      ['keys', 'dev', '-n', 'x'],
      ['ws keys ls dev -n x', 'ws keys --help'],
    ],
    [['keys', 'nonsense', 'more'], ['ws keys --help']],
    [
      ['config', 'user'],
      ['ws config get user', 'ws config --help'],
    ],
    [
      ['config', 'user', 'me'],
      ['ws config set user me', 'ws config --help'],
    ],
    [['homes', 'dev'], ['ws homes --help']],
    [['--', 'ls'], ['ws ls']],
    [['--', 'make', '-j', '2'], ['ws ssh -- make -j 2']],
    [
      ['--tmux', 'ssh', 'dev'],
      ['ws ssh --tmux dev', 'ws ssh --help'],
    ],
    [
      ['-A', 'ls'],
      ['ws ls -A', 'ws ls --help'],
    ],
    [
      ['--contxt', 'prod', 'ls'],
      ['ws --context prod ls', 'ws --help'],
    ],
    [
      ['-context', 'prod', 'ls'],
      ['ws --context prod ls', 'ws --help'],
    ],
    [['--verson'], ['ws --version', 'ws --help']],
    [['--context'], ['ws --help']],
    [['--json'], ['ws --help']],
    [
      ['keys', '--json', '-n', 'x'],
      ['ws keys ls --json -n x', 'ws keys --help'],
    ],
    [['constructor'], ['ws ssh constructor', 'ws --help']],
    [['__proto__', 'toString'], ['ws --help']],
    [[''], ['ws --help']],
  ])('ws %j leads to %j', async (words, lines) => {
    expect(await listProposed(words)).toEqual(lines);
  });

  const word = fc.oneof(
    fc.constantFrom(...commandIds.flatMap((id) => id.split(':')), '--', '-', '', '-h', '--json', '-n', '--tmux'),
    fc.string({ maxLength: 6 }),
  );

  property(
    'never ends in anything else than a usage error, whatever is typed',
    fc.array(word, { maxLength: 4 }),
    async (words) => {
      const error = await typeLine(words).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error === undefined || (error as { kind?: string }).kind === 'usage', String(error)).toBe(true);
    },
  );
});
