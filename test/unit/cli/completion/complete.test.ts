import { describe, expect, it } from 'vitest';
import {
  type CompletableCommand,
  type CompletableFlag,
  completeWords,
} from '../../../../src/cli/completion/completion.ts';

const flag = (name: string, parts: Partial<CompletableFlag> = {}): CompletableFlag => ({
  name,
  char: undefined,
  takesValue: false,
  about: `about ${name}`,
  options: [],
  allowNo: false,
  multiple: false,
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
const argument = (name: string) => ({ name, options: [] });

function command(words: string, args: CompletableCommand['args'], flags: CompletableFlag[] = [], isOpen = false) {
  return { words: words.split(' '), about: `about ${words}`, args, flags: [...globals, ...flags], isOpen };
}

const commands: CompletableCommand[] = [
  command('completion', [{ name: 'shell', options: ['bash', 'zsh'] }]),
  command('config-ssh', [], [flag('wake', { takesValue: true, multiple: true })]),
  command('config get', [argument('key')]),
  command('config set', [argument('key'), argument('value')]),
  command('forward', [...workspace, argument('forwards')], [named, flag('auto')], true),
  command('help', [argument('about')], [], true),
  command('homes rm', [argument('home')], [flag('yes')]),
  command('keys add', [...workspace, argument('key')], [named]),
  command('keys ls', workspace),
  command('keys rm', [...workspace, argument('key')], [named]),
  command('logs', workspace, [flag('follow', { char: 'f' })]),
  command('ls', []),
  command('ssh', workspace, [named, flag('escapes', { allowNo: true })], true),
  command(
    'up',
    workspace,
    [
      flag('storage-class', { takesValue: true }),
      flag('identity', { takesValue: true, char: 'i' }),
      flag('toleration', { takesValue: true, multiple: true }),
    ],
    false,
  ),
];

/** Words, then sources in angle brackets, then what files there may be. */
function offered(...typed: string[]): string[] {
  const { words, sources, files } = completeWords(typed, commands);
  const mark = files === undefined ? [] : [`*${files.ending ?? ''}`];
  return [...words.map(({ word }) => word), ...sources.map((source) => `<${source}>`), ...mark];
}

const FIRST_WORDS = [
  'completion',
  'config-ssh',
  'config',
  'forward',
  'help',
  'homes',
  'keys',
  'logs',
  'ls',
  'ssh',
  'up',
];
const SETTINGS = ['user', 'uid', 'gid', 'storage-class', 'size', 'identity', 'image', 'cpu', 'memory', 'wake'];

describe('what follows the words', () => {
  it.each<[string, string[]]>([
    ['', FIRST_WORDS],
    ['l', ['logs', 'ls']],
    ['keys ', ['add', 'ls', 'rm']],
    ['keys a', ['add']],
    ['nothing ', []],
    ['ls ', []],
    ['completion ', ['bash', 'zsh']],
    ['completion z', ['zsh']],
    ['completion zsh ', []],
    ['logs --f', ['--follow']],
    ['ssh --no', ['--no-escapes']],
    ['ls --progress ', ['auto', 'live', 'plain']],
    ['ls --progress p', ['plain']],
    ['ls --progress=p', ['--progress=plain']],
    // bash takes it apart, and the scripts of old versions hand it over so.
    ['ls --progress =', ['auto', 'live', 'plain']],
    ['ls --progress = l', ['live']],
    ['ls --unknown=x', []],
    ['logs d', ['<workspaces>']],
    ['logs --follow ', ['<workspaces>']],
    ['logs dev ', []],
    ['keys add -w ', ['<workspaces>']],
    ['keys add ', ['<workspaces>', '*.pub']],
    ['keys add dev ', ['*.pub']],
    ['keys add -w dev ', ['*.pub']],
    ['keys add -w dev x ', []],
    ['keys rm ', ['<workspaces>', '<authorized-keys>']],
    ['keys rm dev ', ['<authorized-keys>']],
    ['keys rm dev SHA', ['<authorized-keys>']],
    ['help ', FIRST_WORDS],
    ['help keys ', ['add', 'ls', 'rm']],
    ['help HELM_M', ['HELM_MISSING']],
    ['homes rm ', ['<kept-homes>']],
    ['forward ', ['<workspaces>', '<listening-ports>']],
    ['forward dev ', ['<listening-ports>']],
    ['forward dev 3000 ', ['<listening-ports>']],
    ['forward -w dev 3000 ', ['<listening-ports>']],
    ['ssh ', ['<workspaces>']],
    // As with ssh: what stands behind the workspace is a command, and no flag in it is ours.
    ['ssh dev ', ['*']],
    ['ssh dev make ', ['*']],
    ['ssh dev make --no', ['*']],
    ['ssh -w dev ', ['*']],
    ['ssh dev --no', ['--no-escapes']],
    ['ssh dev -- ma', ['*']],
    ['ssh -- ', ['*']],
    ['ls --kubeconfig ', ['*']],
    ['ls --context ', ['<contexts>']],
    ['ls --context=k', ['<contexts>']],
    ['ls -n ', ['<namespaces>']],
    ['up -i ', ['*']],
    ['up --storage-class ', ['default', 'none', '<storage-classes>']],
    ['up --storage-class=n', ['--storage-class=none', '<storage-classes>']],
    ['config get ', SETTINGS],
    ['config set s', ['storage-class', 'size']],
    ['config set storage-class ', ['default', 'none', '<storage-classes>']],
    ['config set identity ', ['*']],
    ['config set user ', []],
    ['config set wake ', ['human', 'always', 'never']],
  ])('%j is %j', (line, expected) => {
    expect(offered(...line.split(' '))).toEqual(expected);
  });

  it('is any command when nothing was typed', () => {
    expect(offered()).toEqual(FIRST_WORDS);
  });

  it('is no flag that stands there already, unless it may be repeated', () => {
    const flags = (line: string) => offered(...line.split(' '));
    expect(flags('logs --follow --')).not.toContain('--follow');
    expect(flags('logs -f --')).not.toContain('--follow');
    expect(flags('logs --context=x --c')).toEqual([]);
    expect(flags('logs -n x --n')).toEqual([]);
    expect(flags('ssh --no-escapes --')).not.toContain('--escapes');
    expect(flags('up --toleration x --t')).toEqual(['--toleration']);
    expect(flags('logs --help --h')).toEqual([]);
  });

  it('is no value that a repeated flag has already', () => {
    expect(offered('config-ssh', '--wake', 'human', '--wake', '')).toEqual(['always', 'never']);
    expect(offered('config-ssh', '--wake', 'human', '--wake=')).toEqual(['--wake=always', '--wake=never']);
  });

  it('knows what a line has already of an argument that repeats, and of no other', () => {
    const takenIn = (line: string) => completeWords(line.split(' '), commands).taken;
    expect(takenIn('forward dev 3000 8080:80 ')).toEqual(['3000', '8080:80']);
    expect(takenIn('forward 3000 ')).toEqual(['3000']);
    expect(takenIn('forward -w dev 3000 ')).toEqual(['3000']);
    expect(takenIn('keys rm dev ')).toEqual([]);
  });

  it('is looked for where the line says, however the flag is written', () => {
    const typed = ['keys', 'rm', '-n', 'team', '--context=work', '--kubeconfig', '=', '/k', 'dev', 'me'];
    expect(completeWords(typed, commands)).toMatchObject({
      place: { namespace: 'team', context: 'work', kubeconfig: '/k' },
      workspace: 'dev',
      prefix: '',
    });
    expect(completeWords(['keys', 'add', 'x', '--workspace=d'], commands)).toMatchObject({ prefix: '--workspace=' });
    expect(completeWords(['forward', '3000', ''], commands).workspace).toBeUndefined();
  });

  it('has a description', () => {
    expect(completeWords(['ss'], commands).words).toEqual([{ word: 'ssh', about: 'about ssh' }]);
    expect(completeWords(['ke'], commands).words).toEqual([{ word: 'keys', about: 'keys …' }]);
  });
});
