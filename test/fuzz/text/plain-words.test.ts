import fc from 'fast-check';
import { afterEach, describe, expect, vi } from 'vitest';
import { parsePlainWords } from '../../../src/cli/front/plain-words.ts';
import type Proxy from '../../../src/commands/hidden/proxy.ts';
import type Ssh from '../../../src/commands/ssh.ts';
import { makeCommand } from '../../unit/cli/command/make-command.ts';
import { hostileText, property, RUNS } from '../property.ts';

afterEach(() => vi.unstubAllEnvs());

const VARIABLES = [
  'WS_WORKSPACE',
  'WS_CONTEXT',
  'WS_NAMESPACE',
  'WS_SHARE',
  'WS_IDENTITY',
  'WS_PROGRESS',
  'WS_DEBUG',
  'WS_WAIT_TIMEOUT',
  'WS_KEEP_PASSPHRASE',
];

const name = fc.constantFrom('dev', 'web');
const junk = fc.oneof(
  fc.constantFrom('', '-', 'Dev', 'a b', '/k/config', 'constructor', '__proto__', 'hasOwnProperty'),
  hostileText,
);
const flag = fc.constantFrom(
  '--context',
  '--namespace',
  '-n',
  '--kubeconfig',
  '--workspace',
  '-w',
  '--no-share',
  '--keep-words',
);
const other = fc.constantFrom(
  '--share',
  '-t',
  '--tmux',
  '--identity',
  '-nteam',
  '--context=a',
  '-A',
  '--json',
  '--debug',
);
const part = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(flag, name) },
  { weight: 4, arbitrary: fc.tuple(name) },
  { weight: 1, arbitrary: fc.tuple(fc.oneof(junk, flag, other)) },
);
const before = fc.array(part, { maxLength: 4 }).map((parts) => parts.flat());
const command = fc.array(
  fc.oneof(name, fc.constantFrom('make', 'ls', '-la', '--help', 'a b'), junk, flag, fc.constant('--')),
  {
    maxLength: 3,
  },
);
// As with ssh, a command needs no `--` before it.
const rest = fc.oneof(
  fc.constant([]),
  command,
  command.map((words) => ['--', ...words]),
);
const line = fc.record({
  verb: fc.constantFrom('ssh', 'proxy'),
  words: fc.tuple(before, rest).map((parts) => parts.flat()),
  environment: fc.oneof(
    fc.constant({}),
    fc.dictionary(fc.constantFrom(...VARIABLES), fc.constantFrom('', 'dev', 'web', 'no', 'on', '1', 'a b'), {
      maxKeys: 2,
    }),
  ),
});

/** The request that oclif's parser makes of the same line. */
async function readByParser(verb: string, words: string[], environment: Record<string, string>): Promise<unknown> {
  vi.unstubAllEnvs();
  for (const name of VARIABLES) vi.stubEnv(name, environment[name]);
  return (await makeCommand<Ssh | Proxy>(verb, words)).toRequest();
}

describe('a line at the quick door', () => {
  property(
    'means what it means to the parser, or is left to it',
    line,
    async ({ verb, words, environment }) => {
      const typed = [...words];
      const plain = parsePlainWords([verb, ...words], environment);
      expect(words).toEqual(typed);
      if (plain === undefined) return;
      expect(plain.verb).toBe(verb);
      expect(plain.request).toEqual(await readByParser(verb, words, environment));
    },
    // Two thirds are left, and each way to be taken is to be among the rest many times.
    Math.max(5000, RUNS),
  );
});
