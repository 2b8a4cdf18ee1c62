import { describe, expect, it } from 'vitest';
import {
  type CompletableCommand,
  type CompletableFlag,
  type Completion,
  completeWords,
} from '../../../../src/cli/completion/completion.ts';

const flag = (name: string, parts: Partial<CompletableFlag> = {}): CompletableFlag => ({
  name,
  char: undefined,
  takesValue: false,
  about: `about ${name}`,
  options: [],
  allowNo: false,
  ...parts,
});

const globals = [
  flag('context', { takesValue: true }),
  flag('namespace', { takesValue: true, char: 'n' }),
  flag('kubeconfig', { takesValue: true }),
  flag('progress', { takesValue: true, options: ['auto', 'live', 'plain'] }),
];
const workspace = [{ name: 'workspace', options: [] }];
const named = flag('workspace', { takesValue: true, char: 'w' });

const commands: CompletableCommand[] = [
  {
    words: ['keys', 'add'],
    about: 'Add',
    args: [...workspace, { name: 'key', options: [] }],
    flags: [...globals, named],
  },
  { words: ['forward'], about: 'Forward', args: [...workspace, { name: 'forwards', options: [] }], flags: globals },
  { words: ['keys', 'ls'], about: 'List', args: workspace, flags: globals },
  { words: ['ls'], about: 'All', args: [], flags: globals },
  { words: ['logs'], about: 'Log', args: workspace, flags: [...globals, flag('follow', { char: 'f' })] },
  { words: ['ssh'], about: 'Shell', args: workspace, flags: [...globals, flag('escapes', { allowNo: true })] },
  { words: ['completion'], about: 'Script', args: [{ name: 'shell', options: ['bash', 'zsh'] }], flags: globals },
];

function words(...typed: string[]): string[] {
  const completion = completeWords(typed, commands);
  const listed = (one: Completion): string[] => {
    if (one.kind === 'words') return one.candidates.map(({ word }) => word);
    return one.kind === 'workspaces' && one.others ? [one.kind, ...listed(one.others)] : [one.kind];
  };
  return listed(completion);
}

describe('what follows the words', () => {
  it.each<[string[], string[]]>([
    [[''], ['keys', 'forward', 'ls', 'logs', 'ssh', 'completion']],
    [['l'], ['ls', 'logs']],
    [
      ['keys', ''],
      ['add', 'ls'],
    ],
    [['keys', 'a'], ['add']],
    [['nothing', ''], []],
    [['ls', ''], []],
    [
      ['completion', ''],
      ['bash', 'zsh'],
    ],
    [['completion', 'z'], ['zsh']],
    [['completion', 'zsh', ''], []],
    [['logs', '--f'], ['--follow']],
    [['ssh', '--no'], ['--no-escapes']],
    [
      ['ls', '--progress', ''],
      ['auto', 'live', 'plain'],
    ],
    [['ls', '--progress', 'p'], ['plain']],
    [['ls', '--progress=p'], ['--progress=plain']],
    // bash takes it apart.
    [
      ['ls', '--progress', '='],
      ['auto', 'live', 'plain'],
    ],
    [['ls', '--progress', '=', 'l'], ['live']],
    [['ls', '--unknown=x'], []],
    [['logs', 'd'], ['workspaces']],
    [['logs', '--follow', ''], ['workspaces']],
    [['logs', 'dev', ''], []],
    [['keys', 'add', '-w', ''], ['workspaces']],
    // A workspace or, where none is named, the key.
    [
      ['keys', 'add', ''],
      ['workspaces', 'files'],
    ],
    [['keys', 'add', 'dev', ''], ['files']],
    [['keys', 'add', '-w', 'dev', ''], ['files']],
    [['keys', 'add', '-w', 'dev', 'x', ''], []],
    [['forward', ''], ['workspaces']],
    [['forward', 'dev', ''], []],
    [['ls', '--kubeconfig', ''], ['files']],
    [['ssh', 'dev', '--', 'ma'], ['files']],
    [[], ['keys', 'forward', 'ls', 'logs', 'ssh', 'completion']],
  ])('%j', (typed, expected) => {
    expect(words(...typed).filter((word) => word !== '--namespace')).toEqual(expected);
  });

  it('says where the workspaces are to be looked for, however the flag is written', () => {
    expect(completeWords(['ssh', '-n', 'team', '--context=work', '--kubeconfig', '=', '/k', 'd'], commands)).toEqual({
      kind: 'workspaces',
      place: { namespace: 'team', context: 'work', kubeconfig: '/k' },
      prefix: '',
      others: undefined,
    });
    expect(completeWords(['keys', 'add', 'x', '--workspace=d'], commands)).toMatchObject({ prefix: '--workspace=' });
  });

  it('describes each', () => {
    expect(completeWords(['ss'], commands)).toEqual({ kind: 'words', candidates: [{ word: 'ssh', about: 'Shell' }] });
    expect(completeWords(['ke'], commands)).toEqual({ kind: 'words', candidates: [{ word: 'keys', about: 'keys …' }] });
  });
});
