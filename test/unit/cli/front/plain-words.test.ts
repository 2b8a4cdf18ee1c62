import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../../scripts/command-reference.ts';
import { PLAIN_FLAGS, parsePlainWords } from '../../../../src/cli/front/plain-words.ts';

const parse = (words: string[], environment: NodeJS.ProcessEnv = {}) => parsePlainWords(words, environment);
const manifest = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest;

describe('the command lines that need no parser', () => {
  it('are a command for a workspace, and where it is', () => {
    const words = ['ssh', '-n', 'team', 'dev', '--context', 'kind', '--kubeconfig', 'file', '--', 'make', '-n', 'all'];
    expect(parse(words)).toEqual({
      verb: 'ssh',
      workspace: 'dev',
      context: 'kind',
      namespace: 'team',
      kubeconfig: 'file',
      share: true,
      command: 'make -n all',
    });
    expect(parse(['ssh', '--', 'ls'])).toMatchObject({ workspace: undefined, command: 'ls' });
    expect(parse(['ssh', 'dev', '--no-share', '--', 'true'])).toMatchObject({ share: false, command: 'true' });
  });

  it('are a shell, and the pipe that OpenSSH asks for', () => {
    expect(parse(['ssh'])).toMatchObject({ verb: 'ssh', workspace: undefined, command: undefined });
    expect(parse(['ssh', 'dev'])).toMatchObject({ verb: 'ssh', workspace: 'dev', command: undefined });
    expect(parse(['proxy', 'dev', '--context', 'kind', '--namespace', 'team'])).toMatchObject({
      verb: 'proxy',
      workspace: 'dev',
      context: 'kind',
      namespace: 'team',
    });
  });

  it('keep what follows the first -- as it is', () => {
    expect(parse(['ssh', 'dev', '--', 'git', 'log', '--', 'a file'])?.command).toBe('git log -- a file');
  });

  it.each([
    [['ssh', 'dev', '--']],
    [['ssh', 'dev', '--tty', '--', 'htop']],
    [['ssh', 'dev', '--share', '--', 'true']],
    [['ssh', 'dev', '-A', '--', 'git', 'push']],
    [['ssh', 'dev', '--identity', 'key', '--', 'true']],
    [['ssh', 'dev', 'other', '--', 'true']],
    [['ssh', '--context', '--', 'true']],
    [['ssh', '--context', '--namespace', 'team']],
    [['ssh', '--context=kind', '--', 'true']],
    [['ssh', '', '--', 'true']],
    [['ssh', '--help']],
    [['ssh', 'dev', '-L', '3000']],
    [['proxy', 'dev', '--no-share']],
    [['proxy', 'dev', '--', 'true']],
    [['forward', 'dev', '--', 'true']],
    [['up']],
    [[]],
  ])('are not %j', (words) => {
    expect(parse(words)).toBeUndefined();
  });

  it.each(['WS_PROGRESS', 'WS_IDENTITY', 'WS_WAIT_TIMEOUT'])('are none where %s says more than they do', (name) => {
    expect(parse(['ssh', 'dev'], { [name]: 'x' })).toBeUndefined();
    expect(parse(['ssh', 'dev'], { [name]: '' })).toBeDefined();
  });

  it.each(['ssh', 'proxy'])(
    'know the flags of ws %s as the parser does, and every variable that stands for another',
    (verb) => {
      const flags = Object.entries(manifest.commands[verb]?.flags ?? {});
      for (const [word, name] of Object.entries(PLAIN_FLAGS)) {
        const [, flag] = flags.find(([known, { char }]) => `--${known}` === word || `-${char}` === word) ?? [];
        expect(flag, word).toMatchObject({ name, type: 'option' });
      }
      const variables = flags.flatMap(([name, { env }]) =>
        env && !Object.values<string>(PLAIN_FLAGS).includes(name) ? [env] : [],
      );
      // --debug changes what an error shows, and is asked for there.
      for (const variable of variables.filter((name) => name !== 'WS_DEBUG'))
        expect(parse([verb, 'dev'], { [variable]: 'x' }), variable).toBeUndefined();
    },
  );
});
