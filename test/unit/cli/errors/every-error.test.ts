/**
 * Each error that words can cause, by words: through the parser and the commands as they are, with files, keys, Helm
 * and kubeconfigs of a person's own. The cluster alone is a fake, unless the row names a kubeconfig.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { EXIT_CODES, toExitCode } from '../../../../src/cli/command/exit-codes.ts';
import type { FailureOptions } from '../../../../src/cli/command/report-error.ts';
import { toSpell } from '../../../../src/cli/command/spelling.ts';
import { readLine } from '../../../../src/cli/front/read-line.ts';
import { nameSources } from '../../../../src/cli/here/sources.ts';
import { AUTHORIZED_KEYS_FILE, HOST_KEY_FILE } from '../../../../src/contract/paths.ts';
import { ERROR_CODES, failure, WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { toSystemFailure } from '../../../../src/workspace/errors/foreign/system-failure.ts';
import { WITHOUT_JSON } from '../../../../src/workspace/errors/spell.ts';
import type { Place } from '../../../../src/workspace/place.ts';
import type { World } from '../../../../src/workspace/world.ts';
import { readByShell } from '../../../spelling.ts';
import { changeable } from '../../operations/changeable.ts';
import { fakeWorld, makeHostKey, makeIdentity, makeStream } from '../../operations/fake-world.ts';
import { claimHome, deployment, keptHome, snapshot } from '../../workspace/snapshots.ts';
import { findCommand } from '../command/make-command.ts';
import { catalogue, typeLine } from '../front/type-line.ts';
import { NOT_BY_WORDS, ROWS } from './rows.ts';

interface Shown {
  error: WorkspaceError;
  exit: number;
  lines: string[];
  /** What says more. */
  more: string;
}

const seen = vi.hoisted(() => ({ shown: [] as unknown[], changes: [] as string[] }));

vi.mock('../../../../src/cli/command/report-error.ts', async (load) => ({
  ...(await load<object>()),
  reportFailure: async (thrown: Error, options: FailureOptions) => void seen.shown.push(toShown(thrown, options)),
}));

vi.mock('../../../../src/cli/wiring/world.ts', async (load) => {
  const real = await load<typeof import('../../../../src/cli/wiring/world.ts')>();
  const openWorld: typeof real.openWorld = async (place, options) =>
    place.kubeconfig === undefined
      ? { ...real.openMachineParts(place), ...openFake(place) }
      : real.openWorld(place, options);
  return { ...real, openWorld };
});

function toShown(
  thrown: Error,
  { spell, toExitCode: findExit, sources = [] }: Pick<FailureOptions, 'spell' | 'toExitCode' | 'sources'>,
): Shown {
  const error = nameSources(toSystemFailure(thrown), sources);
  if (!(error instanceof WorkspaceError)) throw thrown;
  const lines = error.suggestions.map((suggestion) => spell(suggestion).line);
  return { error, exit: findExit(error), lines, more: spell(error.more).line };
}

const HOST_KEY = makeHostKey().pem;
const FAST = { name: 'fast', isDefault: true, provisioner: 'x', canGrow: true, bindingMode: 'Immediate' } as const;
const KEYS = Buffer.from(`ssh-ed25519 ${makeIdentity(7).blob} only@key\n`);

/** A namespace `team` with a workspace in each state that people leave them in. */
function openFake({ context = 'kind', namespace = 'team' }: Place): Pick<World, 'cluster' | 'recent'> {
  const called = (name: string) => ({ name, release: `ws-${name}` });
  const all = [
    snapshot({ ...called('dev'), home: claimHome() }),
    snapshot({ ...called('web'), deployment: deployment({ replicas: 0 }), pod: undefined }),
    snapshot({ ...called('bare') }),
    snapshot({ ...called('odd'), deployment: deployment({ user: undefined, damage: 'its user is none' }) }),
    { ...keptHome({ name: 'ws-old-home', workspace: 'old' }), ...called('old') },
  ];
  const there = namespace === 'team' ? all : [];
  const secrets = new Map([
    ['ws-dev-host-key', new Map([[HOST_KEY_FILE, HOST_KEY]])],
    ['ws-dev-authorized-keys', new Map([[AUTHORIZED_KEYS_FILE, KEYS]])],
  ]);
  const note = (what: string) => async () => void seen.changes.push(what);
  const { world } = fakeWorld({
    cluster: {
      ...changeable(KEYS, note),
      context,
      namespace,
      isTlsPostQuantum: true,
      trust: context === 'unchecked' ? { kind: 'none', reason: 'skipped' } : { kind: 'system', serverName: 'api.test' },
      listWorkspaces: async () => there,
      findWorkspace: async (name) => there.find((one) => one.name === name),
      findEndpoint: async () => undefined,
      findNamespace: async () => (['default', 'team'].includes(namespace) ? 'active' : undefined),
      findNamespaces: async () => ['default', 'team'],
      findStorageClasses: async () => [FAST],
      findSecret: async (name) => secrets.get(name),
      getClusterId: async () => 'cluster-1',
      openPodStream: async (_pod, port) => {
        if (port === 9222) throw failure('CONNECTION_FAILED', { message: 'x' });
        return makeStream();
      },
      listVolumeUsers: async () => [
        { kind: 'Deployment', name: 'ws-dev', workspace: 'dev', claims: ['ws-dev-home'], secrets: [] },
      ],
    },
  });
  return { cluster: world.cluster, recent: world.recent };
}

let folder: string;
let taken: Server;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-words-'));
  const file = (name: string, text: string, mode = 0o600) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true, mode: 0o700 });
    writeFileSync(path.join(folder, name), text, { mode });
  };
  for (const name of ['id', 'home/.ssh/id_ed25519']) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true, mode: 0o700 });
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, name)]);
  }
  file('broken', '-----BEGIN OPENSSH PRIVATE KEY-----\nbm90aGluZw==\n-----END OPENSSH PRIVATE KEY-----\n');
  file('text', 'hello\n');
  const old = [
    '#!/bin/sh',
    '[ "$1" = version ] && echo v3.9.0 && exit',
    'echo "Error: unknown flag: --hide-notes" >&2',
  ];
  file('helm-3.9', `${old.join('\n')}\nexit 1\n`, 0o755);
  file(
    'helm-odd',
    '#!/bin/sh\n[ "$1" = version ] && echo v3.18.0 && exit\necho "what nobody knows" >&2\nexit 9\n',
    0o755,
  );
  for (const name of ['empty', 'odd-home/.ssh/config'])
    mkdirSync(path.join(folder, name), { recursive: true, mode: 0o700 });
  file('odd-home/.config/ws/ssh_config', '');
  file('kubeconfig', JSON.stringify(toKubeconfig()));
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  port = (taken.address() as AddressInfo).port;
});

afterAll(() => {
  taken.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A line may pin a host key or remember a login: the next one finds neither. */
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(path.join(folder, 'home/.config'), { recursive: true, force: true });
});

function toKubeconfig(): object {
  const context = (user: string) => ({ cluster: 'nowhere', user, namespace: 'team' });
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'false', interactiveMode: 'Never' };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    clusters: [{ name: 'nowhere', cluster: { server: 'https://127.0.0.1:1' } }],
    contexts: ['here', 'plugin'].map((name) => ({ name, context: context(name) })),
    users: [
      { name: 'here', user: { token: 'x' } },
      { name: 'plugin', user: { exec } },
    ],
  };
}

/** As it is typed by a person whose home, settings and directory say nothing. */
async function type(line: string): Promise<Shown> {
  const own = { HOME: '@/home', WS_CONFIG_DIR: '', KUBECONFIG: '', SSH_AUTH_SOCK: '', WS_SHARE: 'no', WS_HELM: '' };
  const names = Object.keys(process.env).filter((name) => name.startsWith('WS_') || name.startsWith('XDG_'));
  const words = fill(line).split(' ');
  const start = words.indexOf('ws');
  const said = words.slice(0, start).map((word) => word.split('=') as [string, string]);
  const settings = { ...Object.fromEntries(names.map((name) => [name, ''])), ...own, ...Object.fromEntries(said) };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value === '' ? undefined : fill(value));
  seen.shown.length = 0;
  seen.changes.length = 0;
  await run(words.slice(start + 1));
  expect(seen.shown.length, 'errors').toBe(1);
  return seen.shown[0] as Shown;
}

function fill(text: string): string {
  return text.replaceAll('@/', `${folder}/`).replaceAll('PORT:', `${port}:`);
}

async function run(words: string[]): Promise<void> {
  try {
    const reading = readLine(words, catalogue);
    if (reading.kind === 'help') throw new Error(`help is no error: ${words}`);
    const command = await findCommand(reading.id, reading.words);
    try {
      await command.init();
      await command.run();
    } catch (error) {
      await command.catch(error as Error);
    }
  } catch (error) {
    seen.shown.push(toShown(error as Error, { spell: toSpell({}), toExitCode }));
  }
}

describe('the table of errors', () => {
  it('has a row for each code, or says why words do not cause it', () => {
    const typed = new Set(ROWS.map(({ code }) => code));
    const rest = ERROR_CODES.filter((code) => !typed.has(code));
    expect(rest.toSorted(), 'a code stands in ROWS or in NOT_BY_WORDS of rows.ts').toEqual(
      Object.keys(NOT_BY_WORDS).toSorted(),
    );
  });

  it.each(Object.entries(NOT_BY_WORDS))('%s is tried where it says: %s', (_code, reason) => {
    const place = reason.slice(reason.lastIndexOf(' ') + 1);
    expect(existsSync(place), place).toBe(true);
  });
});

describe.each(ROWS)('$code: $line', ({ code, line, exit, message, first }) => {
  it('is what it says, before anything was changed, and leads to lines that can be typed', async () => {
    const { error, exit: found, lines, more } = await type(line);
    expect(more).toBe(`ws help ${code}`);
    const text = error.message.replaceAll(String(port), 'PORT');
    expect([error.code, found, text]).toEqual([code, exit, expect.stringMatching(message)]);
    expect([EXIT_CODES[error.kind], 255]).toContain(found);
    expect(error.message).not.toMatch(/[.\n]$/);
    expect(seen.changes).toEqual([]);
    const [top = ''] = lines.map((one) => one.replaceAll(`${folder}/`, '@/'));
    expect(top, lines.join('\n')).toEqual(typeof first === 'string' ? first : expect.stringMatching(first));
    const isDeleting = /\b(?:rm|delete|uninstall)\b|--delete-home|--home[ =](?:delete|lose)/;
    if (!isDeleting.test(line)) expect(top, 'a deletion that nobody asked for').not.toMatch(isDeleting);
    for (const proposed of lines.filter((one) => one.startsWith('ws '))) {
      // A file would be made by reading it.
      const [[, ...words] = []] = readByShell([proposed.replace(/ > \S+$/, '').replace('OTHER-NAME', 'other')]);
      const fault = await typeLine(words).then(
        () => 'needs nothing',
        (thrown: Error) => thrown.message,
      );
      expect(fault, proposed).toMatch(/\bneeds /);
    }
  });
});

describe.each(ROWS)('$line', ({ line }) => {
  it('leads to no ssh-keygen that asks where nobody answers, and from a new key to the line that takes it', async () => {
    const { lines } = await type(line);
    const at = lines.findIndex((one) => /^ssh-keygen .*-t /.test(one));
    if (at < 0) return;
    expect(lines[at]).toMatch(/^ssh-keygen -q .*-N ''/);
    expect(lines.filter((one) => /^ws (?:up .*--identity|keys add)/.test(one))).not.toEqual([]);
  });
});

/** Lines that say by a variable what a row says by a flag. */
const BY_VARIABLE = ROWS.flatMap(({ line }) => {
  const words = line.split(' ');
  const flags = catalogue.find(readVerb(words))?.flags ?? [];
  return flags.flatMap(({ name, env, type }) => {
    const at = words.indexOf(`--${name}`);
    const value = words[at + 1];
    if (at < 0 || env === undefined || type !== 'option' || value === undefined) return [];
    return [{ line: `${env}=${value} ${words.toSpliced(at, 2).join(' ')}`, variable: env, value }];
  });
});

/** Lines of commands that have `--json`, with it. */
const AS_JSON = ROWS.flatMap(({ line }) => {
  const verb = readVerb(line.split(' '));
  const takesIt = catalogue.find(verb)?.flags.some(({ name }) => name === 'json') === true;
  return takesIt && !/ --(?:json|follow|raw|shell)\b/.test(line) ? [line.replace(/(?= -- |$)/, ' --json')] : [];
});

/** The words of a line that name a command. */
function readVerb(words: readonly string[]): string[] {
  const start = words.indexOf('ws') + 1;
  const long = words.slice(start, start + 2);
  return catalogue.find(long) === undefined ? words.slice(start, start + 1) : long;
}

describe.each(BY_VARIABLE)('$line', ({ line, variable, value }) => {
  it('names the variable where it names the value, and no flag that nobody typed', async () => {
    const { error } = await type(line);
    const text = `${error.message}\n${error.reason ?? ''}`;
    if (new RegExp(`(?<![\\w/])${value.replaceAll(/\W/g, '\\$&')}(?!\\w)`).test(text)) expect(text).toContain(variable);
    const flag = variable.slice('WS_'.length).toLowerCase().replaceAll('_', '-');
    expect(error.message).not.toContain(`--${flag} `);
  });
});

describe.each(AS_JSON)('%s', (line) => {
  it('leads to lines that print JSON as well, as far as they can', async () => {
    const { lines } = await type(line);
    for (const proposed of lines.filter((one) => one.startsWith('ws '))) {
      const words = proposed.split(' -- ')[0]?.split(' ') ?? [];
      const isWithout = WITHOUT_JSON.includes(words[1] ?? '') || words.includes('--help') || words.includes('--raw');
      expect(words.includes('--json'), proposed).toBe(!isWithout);
    }
  });

  it('leads to no ws up that would ask for more, once the cluster was asked', async () => {
    const { error, lines } = await type(line);
    if (error.kind === 'usage') return;
    for (const proposed of lines.filter((one) => /^ws up (?!dev|web|bare|odd)/.test(one) && !one.includes('--help')))
      expect(proposed.split(' ')).toContain('--yes');
  });
});
