/** With `--json` every command prints one document on stdout, however it ends, and says by it how it has ended. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../../scripts/command-reference.ts';
import { failure, interrupted } from '../../../../src/workspace/errors/errors.ts';
import type { World } from '../../../../src/workspace/world.ts';
import { formatSchemaFaults } from '../../../json-schema.ts';
import { makeIdentity } from '../../operations/fake-world.ts';
import { makeWorld } from '../willing-world.ts';
import { findCommand } from './make-command.ts';

/** How the world answers, and what its parts throw where it does not. */
const ENDS: Record<string, (() => Error) | undefined> = {
  'does what it is told': undefined,
  'cannot be reached': () => failure('CLUSTER_UNREACHABLE', { message: 'The cluster does not answer' }),
  'is left by Ctrl-C': () => interrupted(),
  'has a bug': () => new TypeError('x is not a function'),
};

/** Undefined where there is no kubeconfig. */
let world: World | undefined;
vi.mock('../../../../src/cli/wiring/world.ts', async (load) => ({
  ...(await load<object>()),
  openWorld: async () => {
    if (world === undefined) throw failure('KUBECONFIG_MISSING', { message: 'There is no kubeconfig' });
    return world;
  },
}));

/** Words with which each command does something; those of `--json` stand behind them. */
const LINES: Record<string, string[][]> = {
  completion: [['bash']],
  'config-ssh': [[], ['--dry-run'], ['--yes']],
  'config:get': [['image'], ['nothing']],
  'config:ls': [[]],
  'config:path': [[]],
  'config:set': [
    ['image', 'a/b:1'],
    ['image', ''],
  ],
  'config:unset': [['image']],
  doctor: [[], ['--all'], ['--bundle', 'bundle.json'], ['--bundle', 'no/such/folder']],
  down: [['dev'], ['dev', '--keep-home'], ['dev', '--delete-home', '--yes'], ['dev', '--home', 'lose']],
  // One that carries goes on until it is stopped: test/e2e/app/sessions/forward.test.ts has it.
  forward: [['dev'], ['nope', '3000'], ['dev', '3000:']],
  'homes:ls': [[]],
  'homes:rm': [['old', '--yes'], ['old'], ['dev']],
  'keys:add': [
    ['dev', `ssh-ed25519 ${makeIdentity(9).blob} new`],
    ['dev', 'nothing.pub'],
  ],
  keep: [
    ['dev', '2h'],
    ['dev', 'soon'],
    ['nope', '2h'],
  ],
  'keys:ls': [[], ['dev']],
  'keys:rm': [
    ['dev', 'key-2', '--yes'],
    ['dev', 'key-2'],
    ['dev', 'nobody'],
  ],
  logs: [['dev'], ['dev', '--tail', '0'], ['dev', '--previous'], ['dev', '--follow'], ['dev', '--raw']],
  ls: [[], ['--usage'], ['--all-namespaces']],
  status: [['dev'], []],
  stop: [
    ['dev', '--yes'],
    ['dev', '--home', 'lose'],
  ],
  up: [
    ['dev', '--yes'],
    ['dev', '--dry-run'],
    ['dev', '--cpu', '2'],
    ['dev', '--cpu', 'many'],
  ],
  use: [[], ['dev'], ['']],
  version: [[]],
};

/** Those whose first line is refused. */
const REFUSED = ['config-ssh', 'down', 'forward'];

/** Those that have a result without a cluster. */
const WITHOUT_CLUSTER = /^(?:completion|config:.*|doctor|use|version)$/;

const { commands } = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest;
const withJson = Object.values(commands).filter(({ enableJsonFlag }) => enableJsonFlag);

let folder: string;
let before: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-document-'));
  mkdirSync(path.join(folder, 'here'));
  before = process.cwd();
  process.chdir(path.join(folder, 'here'));
  for (const name of Object.keys(process.env).filter((one) => one.startsWith('WS_'))) vi.stubEnv(name, undefined);
  const own = { HOME: folder, KUBECONFIG: path.join(folder, 'none'), WS_CONFIG_DIR: path.join(folder, 'config') };
  vi.stubGlobal('WS_APP_VERSION', '0.1.0');
  for (const [name, value] of Object.entries({ ...own, SSH_AUTH_SOCK: '' })) vi.stubEnv(name, value);
});
afterEach(() => {
  process.chdir(before);
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Whatever is asked of it fails in this way; what it is stays. */
function failing(parts: object, thrown: () => Error): never {
  return new Proxy(parts, {
    get(target, name) {
      const part: unknown = Reflect.get(target, name);
      if (typeof part === 'function' && !['nowMs', 'prepare'].includes(String(name)))
        return () => Promise.reject(thrown());
      return typeof part === 'object' && part !== null && name !== 'trust' ? failing(part, thrown) : part;
    },
  }) as never;
}

/** What a line prints on stdout, and its exit code, as oclif runs it. */
async function type(id: string, words: string[]): Promise<{ stdout: string; exit: number }> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  // oclif warns of commands that are run from their source and end before they have parsed.
  vi.spyOn(process, 'emitWarning').mockReturnValue();
  process.exitCode = undefined;
  const command = await findCommand<{ _run(): Promise<unknown> }>(id, words);
  await command._run();
  vi.mocked(process.stdout.write).mockRestore();
  vi.mocked(process.stderr.write).mockRestore();
  return { stdout: written.join(''), exit: Number(process.exitCode ?? 0) };
}

async function expectDocument(id: string, words: string[]): Promise<{ error?: unknown }> {
  const { stdout, exit } = await type(id, words);
  const document = JSON.parse(stdout) as { error?: unknown };
  const isFailed = document.error !== undefined;
  // What `ws doctor` finds is its result, however bad it is.
  if (id !== 'doctor' || isFailed) expect(exit !== 0, stdout).toBe(isFailed);
  expect(formatSchemaFaults(isFailed ? 'error' : id.replaceAll(':', ' '), document)).toEqual([]);
  return document;
}

it('has lines for every command with --json', () => {
  expect(Object.keys(LINES).toSorted()).toEqual(withJson.map(({ id }) => id).toSorted());
});

describe.each(Object.entries(ENDS))('a world that %s', (_what, thrown) => {
  beforeEach(() => {
    const willing = makeWorld().world;
    world = thrown === undefined ? willing : (failing(willing, thrown) as World);
  });

  it.each(Object.entries(LINES).flatMap(([id, all]) => all.map((words) => ({ id, words }))))(
    '$id $words: one document',
    async ({ id, words }) => {
      // It looks at all of the machine, and a cluster is not what it needs here.
      if (id === 'doctor') world = undefined;
      const document = await expectDocument(id, [...words, '--json']);
      if (thrown === undefined && words === LINES[id]?.[0] && !REFUSED.includes(id))
        expect(document.error).toBeUndefined();
      if (thrown !== undefined && !WITHOUT_CLUSTER.test(id)) expect(document.error).toBeDefined();
    },
  );
});

describe('words that are wrong', () => {
  it.each(withJson.map(({ id }) => id))('%s: one document with the error', async (id) => {
    world = undefined;
    for (const words of [['--nonsense'], ['a', 'b', 'c', 'd', 'e'], ['--namespace'], ['--progress', 'loud']]) {
      const document = await expectDocument(id, ['--json', ...words]);
      if (id !== 'doctor' || words.length !== 5) expect(document.error, words.join(' ')).toBeDefined();
    }
  });
});

describe('settings that cannot be used', () => {
  it.each([
    ['are no JSON', (file: string) => writeFileSync(file, '{"image": ')],
    ['are a folder', (file: string) => mkdirSync(file)],
    ['hold what nobody can mean', (file: string) => writeFileSync(file, '{"size": 7, "more": {}}')],
  ])('%s: one document of each command', async (_what, spoil) => {
    mkdirSync(path.join(folder, 'config'));
    spoil(path.join(folder, 'config', 'config.json'));
    world = undefined;
    for (const [id, [words = []]] of Object.entries(LINES)) await expectDocument(id, [...words, '--json']);
  });
});
