import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../../scripts/command-reference.ts';
import { parsePlainWords } from '../../../../src/cli/front/plain-words.ts';
import { readLine } from '../../../../src/cli/front/read-line.ts';
import type Proxy from '../../../../src/commands/hidden/proxy.ts';
import type Ssh from '../../../../src/commands/ssh.ts';
import { property } from '../../../fuzz/property.ts';
import { makeCommand } from '../command/make-command.ts';
import { catalogue } from './type-line.ts';

const manifest = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest;
const request = (words: string[], environment: NodeJS.ProcessEnv = {}) => parsePlainWords(words, environment)?.request;

afterEach(() => vi.unstubAllEnvs());

/** What the parser makes of a whole line; undefined when it refuses it, or shows help. */
async function parse(words: string[]): Promise<object | undefined> {
  try {
    const reading = readLine(words, catalogue);
    if (reading.kind !== 'command') return undefined;
    return (await makeCommand<Ssh | Proxy>(reading.id, reading.words)).toRequest();
  } catch {
    return undefined;
  }
}

describe('the command lines that need no parser', () => {
  it('are a command for a workspace, and where it is', () => {
    const words = ['ssh', '-n', 'team', 'dev', '--context', 'kind', '--kubeconfig', 'file', '--', 'make', '-n', 'all'];
    expect(request(words)).toMatchObject({
      place: { context: 'kind', namespace: 'team', kubeconfig: 'file' },
      workspace: 'dev',
      share: true,
      command: 'make -n all',
      progress: 'sparing',
      waitTimeoutMs: 600_000,
    });
  });

  it.each<[string[], object]>([
    [['ssh'], { workspace: undefined, command: undefined }],
    [['ssh', 'dev'], { workspace: 'dev', command: undefined }],
    [['ssh', '--', 'ls'], { workspace: undefined, command: 'ls' }],
    [['ssh', '-w', 'dev', '--', 'ls'], { workspace: 'dev', command: 'ls' }],
    [['ssh', 'dev', '--workspace', 'dev'], { workspace: 'dev' }],
    [['ssh', 'dev', '--no-share', '--', 'true'], { share: false, command: 'true' }],
    [['-n', 'x', '--context', 'kind', 'ssh', 'dev'], { workspace: 'dev' }],
    [['-w', 'dev', 'ssh', '--', 'ls'], { workspace: 'dev', command: 'ls' }],
    [['--kubeconfig', 'file', 'proxy', 'dev'], { workspace: 'dev' }],
    // As with ssh: what follows the command's first word is its own.
    [['ssh', 'dev', 'make', 'test'], { workspace: 'dev', command: 'make test' }],
    [['ssh', 'webapp', 'ls', '-la'], { workspace: 'webapp', command: 'ls -la' }],
    [['ssh', '-w', 'dev', 'make', 'test'], { workspace: 'dev', command: 'make test' }],
    [['ssh', 'dev', '-n', 'team', 'git', 'log', '-n', '1'], { workspace: 'dev', command: 'git log -n 1' }],
    [['ssh', 'dev', 'npm', 'run', 'x', '--', '--help'], { command: 'npm run x -- --help' }],
    [['ssh', 'dev', 'make', '-w', 'web'], { workspace: 'dev', command: 'make -w web' }],
    [['ssh', 'make', 'test'], { workspace: 'make', command: 'test', meant: { words: ['make', 'test'], flags: [] } }],
    [['ssh', 'make', '--', 'test'], { workspace: 'make', command: 'test', meant: undefined }],
    [['ssh', 'dev', '--keep-words', 'echo', "it's", 'a  b'], { command: "echo 'it'\\''s' 'a  b'" }],
    // What follows the first -- stays as it is.
    [['ssh', 'dev', '--', 'git', 'log', '--', 'a file'], { command: 'git log -- a file' }],
    [
      ['proxy', 'dev', '--context', 'kind', '-n', 'team'],
      { workspace: 'dev', place: { context: 'kind', namespace: 'team', kubeconfig: undefined } },
    ],
  ])('%j, which the parser reads alike', async (words, expected) => {
    expect(request(words)).toMatchObject(expected);
    expect(request(words)).toEqual(await parse(words));
  });

  it.each<[NodeJS.ProcessEnv, object]>([
    [{ WS_WORKSPACE: '' }, { workspace: undefined }],
    [{ WS_WORKSPACE: 'web' }, { workspace: 'web' }],
    [{ WS_CONTEXT: 'kind', WS_NAMESPACE: '' }, { place: { context: 'kind', namespace: undefined } }],
    [{ WS_SHARE: 'off' }, { share: false }],
    [{ WS_SHARE: '' }, { share: true }],
    [{ WS_SHARE: 'On' }, { share: true }],
    [{ WS_SHARE: 'n' }, { share: false }],
  ])('mean what %j says of them, to the parser as well', async (environment, expected) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    expect(request(['ssh'], environment)).toMatchObject(expected);
    expect(request(['ssh'], environment)).toEqual((await makeCommand<Ssh>('ssh', [])).toRequest());
  });

  it.each([
    [['ssh', 'dev', '--']],
    [['ssh', 'dev', '--tty', '--', 'top']],
    [['ssh', 'dev', '--share', '--', 'true']],
    [['ssh', 'dev', '-A', '--', 'git', 'push']],
    [['ssh', 'dev', '--identity', 'key', '--', 'true']],
    [['ssh', 'dev', '-w', 'web']],
    [['ssh', 'dev', '--tmux=job', 'make']],
    [['ssh', 'dev', '-t', 'htop']],
    [['ssh', '-w', 'dev', '-w', 'dev']],
    [['ssh', 'me@dev']],
    [['ssh', '--context', '--', 'true']],
    [['ssh', '--context', '--namespace', 'team']],
    [['ssh', '--context=kind', '--', 'true']],
    [['ssh', '', '--', 'true']],
    [['ssh', '--help']],
    [['ssh', '-h']],
    [['ssh', '-namespace', 'dev']],
    [['-n', 'ssh', 'dev']],
    [['-n', '--', 'ssh', 'dev']],
    [['-n', 'a', 'ssh', '-n', 'b']],
    [['-n']],
    [['--debug', 'ssh', 'dev']],
    [['ssh', 'dev', '-L', '3000']],
    [['proxy', 'dev', '--no-share']],
    [['proxy', 'dev', '--', 'true']],
    [['forward', 'dev', '--', 'true']],
    [['up']],
    [[]],
  ])('are not %j', (words) => {
    expect(parsePlainWords(words, {})).toBeUndefined();
  });

  it('nor what a variable says in a word that is neither yes nor no', () => {
    expect(request(['ssh'], { WS_SHARE: 'maybe' })).toBeUndefined();
    expect(request(['proxy'], { WS_DEBUG: 'maybe' })).toBeUndefined();
  });

  const flags = ['--context', '--namespace', '-n', '--kubeconfig', '--workspace', '-w', '--no-share', '--tty', '-h'];
  const word = fc.constantFrom('ssh', 'proxy', 'dev', 'x', 'me@dev', '', '-', '--', ...flags);
  const line = fc.tuple(
    fc.array(word, { maxLength: 3 }),
    fc.constantFrom('ssh', 'proxy'),
    fc.array(word, { maxLength: 5 }),
  );

  property('are for the parser what they are here, whatever is typed', line, async ([before, verb, behind]) => {
    const words = [...before, verb, ...behind];
    const plain = request(words);
    if (plain !== undefined) expect(plain, words.join(' ')).toEqual(await parse(words));
  });

  it.each(['ssh', 'proxy'])('are none of ws %s where a variable says more than they do', (verb) => {
    const own = ['WS_CONTEXT', 'WS_NAMESPACE', 'WS_WORKSPACE'];
    const variables = Object.values(manifest.commands[verb]?.flags ?? {}).flatMap(({ env = '' }) =>
      env === '' || own.includes(env) ? [] : [env],
    );
    expect(variables).toContain('WS_WAIT_TIMEOUT');
    for (const variable of variables) {
      expect(parsePlainWords([verb, 'dev'], { [variable]: 'x' }), variable).toBeUndefined();
      expect(parsePlainWords([verb, 'dev'], { [variable]: '' }), variable).toBeDefined();
    }
  });
});
