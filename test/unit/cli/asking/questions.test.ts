/**
 * Every command that asks before it deletes or restarts: the same keys, the same words, the same without a terminal.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../../scripts/command-reference.ts';
import type { BaseCommand } from '../../../../src/cli/command/base-command.ts';
import type { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import type { Spell } from '../../../../src/workspace/errors/spell.ts';
import type { World } from '../../../../src/workspace/world.ts';
import { CTRL_C, DOWN, ENTER, ESCAPE, Keyboard, Screen } from '../../report/screen.ts';
import { claim, claimHome } from '../../workspace/snapshots.ts';
import { makeCommand } from '../command/make-command.ts';
import { IN_USE, makeWorld, UNUSED, type WillingPlace } from '../willing-world.ts';

vi.hoisted(() => {
  for (const name of Object.keys(process.env))
    if (/^(CI|CONTINUOUS_INTEGRATION|CI_.*)$/.test(name)) delete process.env[name];
});

let world: World;
vi.mock('../../../../src/cli/wiring/world.ts', async (load) => ({
  ...(await load<object>()),
  openWorld: async () => world,
}));

interface Question {
  what: string;
  id: string;
  words: string[];
  place?: WillingPlace;
  /** The question as a person sees it. */
  asks: RegExp;
  /** What is said after anything but a yes. */
  undone: RegExp;
  again: string;
}

const QUESTIONS: Question[] = [
  {
    what: 'the end of a home',
    id: 'down',
    words: ['dev', '--delete-home'],
    asks: /^Lost for good: all files in claim ws-dev-home \(12Gi\) and host key ws-dev-host-key\nTake down workspace dev and delete its home and its host key\?/,
    undone: /^Workspace dev stays as it is; nothing was changed$/,
    again: 'ws down dev --delete-home --yes',
  },
  {
    what: 'the end of a home on no volume',
    id: 'down',
    words: ['dev', '--home=lose'],
    place: { home: { kind: 'emptyDir' } },
    asks: /^Lost for good: all files of its home, which goes with its pod\nTake down workspace dev and lose its home\?/,
    undone: /^Workspace dev stays as it is; nothing was changed$/,
    again: 'ws down dev --home=lose --yes',
  },
  {
    what: 'the end of a home beside one of an earlier time',
    id: 'down',
    words: ['dev', '--delete-home'],
    place: { home: { kind: 'emptyDir', unused: claim() } },
    asks: /^Lost for good: all files of its home, which goes with its pod\nClaim ws-dev-home, a home of an earlier time, and host key ws-dev-host-key stay\nTake down workspace dev and delete its home\?/,
    undone: /^Workspace dev stays as it is; nothing was changed$/,
    again: 'ws down dev --delete-home --yes',
  },
  {
    what: 'the end of sessions',
    id: 'down',
    words: ['-w', 'dev', '--keep-home'],
    place: { metrics: IN_USE },
    asks: /^In workspace dev, 2 sessions are open, the oldest since .*\(2h ago\); 1 program runs[\s\S]*\nTake down workspace dev/,
    undone: /^Workspace dev stays as it is; nothing was changed$/,
    again: 'ws down -w dev --keep-home --yes',
  },
  {
    what: 'a kept home',
    id: 'homes:rm',
    words: ['old', '-n', 'team'],
    asks: /^Lost for good: all files in claim ws-old-home\nDelete the kept home of workspace old\?/,
    undone: /^Nothing was deleted$/,
    again: 'ws homes rm old -n team --yes',
  },
  {
    what: "somebody's key",
    id: 'keys:rm',
    words: ['dev', 'key-2'],
    asks: /^Remove key-2 SHA256:\S+ from workspace dev\?/,
    undone: /^key-2 SHA256:\S+ still opens workspace dev$/,
    again: 'ws keys rm dev key-2 --yes',
  },
  {
    what: 'a key that is called as the only workspace',
    id: 'keys:rm',
    words: ['dev'],
    asks: /^Remove dev SHA256:\S+ from workspace dev\?/,
    undone: /^dev SHA256:\S+ still opens workspace dev$/,
    again: 'ws keys rm dev --yes',
  },
  {
    what: "this machine's own key",
    id: 'keys:rm',
    words: ['key-1', '--workspace', 'dev'],
    asks: /^key-1 SHA256:\S+ is the only key of this machine there[\s\S]*\nRemove it from workspace dev\?/,
    undone: /^key-1 SHA256:\S+ still opens workspace dev$/,
    again: 'ws keys rm key-1 --workspace dev --yes',
  },
  {
    what: 'the end of what runs there, at a stop',
    id: 'stop',
    words: ['dev', '--until-login'],
    place: { metrics: IN_USE },
    asks: /^In workspace dev, 2 sessions are open, the oldest since [\s\S]*\nStop workspace dev, which ends what runs in it\?/,
    undone: /^Nothing was changed, and workspace dev goes on as it is$/,
    again: 'ws stop dev --until-login --yes',
  },
  {
    what: 'a home that goes with the pod, at a stop',
    id: 'stop',
    words: ['dev', '--home=lose'],
    place: { home: { kind: 'emptyDir' } },
    asks: /^Stop workspace dev, which ends what runs in it, and lose its home, which goes with its pod\?/,
    undone: /^Nothing was changed, and workspace dev goes on as it is$/,
    again: 'ws stop dev --home=lose --yes',
  },
  {
    what: 'a restart',
    id: 'up',
    words: ['dev', '--cpu=1', '--no-shell'],
    place: { metrics: IN_USE },
    asks: /^In workspace dev, 2 sessions are open[\s\S]*\nRestart workspace dev, which ends what runs in it\?/m,
    undone: /^Nothing was changed, and workspace dev goes on as it is$/,
    again: 'ws up dev --cpu=1 --no-shell --yes',
  },
];

let folder: string;

// What draws is loaded by the first question, and takes longer than the tests' clock.
beforeAll(() => import('../../../../src/report/asking/prompts.tsx'));

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-asking-'));
  vi.stubEnv('WS_CONFIG_DIR', path.join(folder, 'config'));
  vi.stubEnv('HOME', folder);
  for (const name of ['WS_YES', 'WS_WORKSPACE', 'WS_NAMESPACE', 'WS_CONTEXT']) vi.stubEnv(name, '');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Runs a command on a terminal, or without one: what it threw, what it changed, and what is on its screen. */
async function start({ id, words, place = {} }: Question, { isInteractive = true, more = [] as string[] } = {}) {
  const made = makeWorld(place);
  world = made.world;
  const [screen, keyboard] = [new Screen(100, 24), new Keyboard()];
  const command = await makeCommand<BaseCommand<never> & { run(): Promise<unknown> }>(id, [...words, ...more]);
  const log = vi.fn();
  const terminal = { stdin: keyboard, stdout: new PassThrough(), stderr: screen, isInteractive, canDraw: false };
  Object.assign(command, { id, terminal: { ...terminal, columns: 100, termName: 'xterm' }, log });
  const end = command.run().then(
    () => undefined,
    (error: WorkspaceError) => error,
  );
  return { end, screen, keyboard, changes: made.changes, calls: made.calls, command, log };
}

async function see(screen: Screen, pattern: RegExp): Promise<void> {
  for (let look = 0; look < 200 && !pattern.test(screen.text); look += 1) await vi.advanceTimersByTimeAsync(10);
  expect(screen.text).toMatch(pattern);
}

describe.each(QUESTIONS)('$what, by ws $id', (question) => {
  it.each([
    ['n', 'n'],
    ['N', 'N'],
    ['Enter', ENTER],
    ['Esc', ESCAPE],
    ['Ctrl-C', CTRL_C],
  ])('is as it was after %s, and that is said', async (_name, key) => {
    const { end, screen, keyboard, changes } = await start(question);
    await see(screen, /y\/N$/);
    expect(screen.text).toMatch(question.asks);
    await keyboard.type('', key);
    expect(await end).toMatchObject({ code: 'INTERRUPTED', reason: expect.stringMatching(question.undone) });
    expect(changes).toEqual([]);
    expect(screen.text, 'the question is gone').not.toMatch(/\?|y\/N/);
  });

  it('is asked on after any other key, and after a paste', async () => {
    const { end, screen, keyboard, changes } = await start(question);
    await see(screen, /y\/N$/);
    await keyboard.type('', 'x', 'yo', '\x1b[200~y\r\x1b[201~', ' ');
    expect(screen.text).toMatch(/y\/N$/);
    await keyboard.type('y');
    expect(await end).toBeUndefined();
    expect(changes.length).toBeGreaterThan(0);
  });

  it.each([[['--yes']], [['-y']]])('is done without a question after %j', async (more) => {
    for (const isInteractive of [true, false]) {
      const { end, screen, changes } = await start(question, { more, isInteractive });
      await vi.advanceTimersByTimeAsync(100);
      expect([await end, screen.text.includes('y/N')]).toEqual([undefined, false]);
      expect(changes.length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['without a terminal', { isInteractive: false }, 'There is no terminal to ask on'],
    ['with --json', { more: ['--json'] }, 'With --json nobody is asked'],
  ])('is refused %s, with the line to type', async (_name, how, why) => {
    const { end, changes, command } = await start(question, how);
    const error = await end;
    expect(error).toMatchObject({ code: 'ANSWER_MISSING', kind: 'usage' });
    expect(error?.message).toMatch(new RegExp(`^[A-Z].*\\? ${why}$`));
    const again = 'more' in how ? question.again.replace(/ --yes$/, ' --json --yes') : question.again;
    const { spell } = command as unknown as { spell: Spell };
    expect(error?.suggestions.map((suggestion) => spell(suggestion).line)).toEqual([again]);
    expect(changes).toEqual([]);
  });
});

describe('the menu of ws down', () => {
  it.each<[string, WillingPlace, RegExp]>([
    ['a home for good', {}, /^Lost for good: all files in claim ws-dev-home \(12Gi\)[\s\S]*y\/N$/m],
    ['a host key for good', { home: { kind: 'emptyDir' } }, /^Take down workspace dev and delete [\s\S]*y\/N$/m],
  ])('wants a yes besides for %s', async (_name, place, asks) => {
    for (const key of ['n', ENTER]) {
      const { end, screen, keyboard, changes } = await start(pick('down', ['dev'], place));
      await see(screen, /for good|nothing stays/);
      await keyboard.type('', DOWN, ENTER);
      await see(screen, asks);
      await keyboard.type(key);
      expect(await end).toMatchObject({ code: 'INTERRUPTED', reason: expect.stringMatching(/nothing was changed$/) });
      expect(changes).toEqual([]);
    }
    const { end, screen, keyboard, changes } = await start(pick('down', ['dev'], place));
    await see(screen, /for good|nothing stays/);
    await keyboard.type('', DOWN, ENTER);
    await see(screen, asks);
    await keyboard.type('y');
    expect(await end).toBeUndefined();
    expect(changes.length).toBeGreaterThan(0);
  });

  it('wants no other yes for a home that stays', async () => {
    const { end, screen, keyboard, changes } = await start(pick('down', ['dev'], {}));
    await see(screen, /Keep the home/);
    await keyboard.type('', ENTER);
    expect(await end).toBeUndefined();
    expect(changes).toContain('uninstall');
  });
});

describe('nothing is asked', () => {
  it.each<[string, Question]>([
    ['where nobody works: ws down --keep-home', pick('down', ['dev', '--keep-home'], { metrics: UNUSED })],
    ['where nobody works: ws up', pick('up', ['dev', '--cpu', '1', '--no-shell'], { metrics: UNUSED })],
    ['where nothing restarts', pick('up', ['dev', '--cpu', '1', '--no-shell'], { metrics: IN_USE, restarts: false })],
  ])('%s', async (_name, question) => {
    const { end, changes } = await start(question, { isInteractive: false });
    expect(await end).toBeUndefined();
    expect(changes).not.toEqual([]);
  });
});

describe('of a workspace that Helm did not install', () => {
  it.each([
    ['whatever its home', [], { kind: 'emptyDir' as const }],
    ['nor what becomes of it', [], claimHome()],
    ['nor whether it may be kept', ['--keep-home'], { kind: 'emptyDir' as const }],
  ])('ws down asks nothing, %s', async (_what, more, home) => {
    for (const isInteractive of [false, true]) {
      const question = pick('down', ['dev', ...more], { home, isForeign: true });
      const { end, changes } = await start(question, { isInteractive });
      expect([(await end)?.code, changes]).toEqual(['RELEASE_FOREIGN', []]);
    }
  });

  it('ws stop names what starts it again, and asks as for others before its home goes', async () => {
    const question = pick('stop', ['dev', '--yes'], { isForeign: true });
    const { end, log } = await start(question);
    expect(await end).toBeUndefined();
    expect(log).toHaveBeenLastCalledWith(
      expect.stringMatching(/^Start it again: kubectl scale deployment\/ws-dev --replicas=1\b/),
    );
    const lost = await start({ ...question, place: { isForeign: true, home: { kind: 'emptyDir' } } });
    expect([(await lost.end)?.code, lost.changes]).toEqual(['HOME_CONFLICT', []]);
  });
});

function pick(id: string, words: string[], place: WillingPlace): Question {
  return { what: id, id, words, place, asks: /x/, undone: /x/, again: '' };
}

it('each command that asks has --yes, in one wording, and stands above', () => {
  const manifest = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest;
  const folderOf = path.resolve('src/commands');
  const asking = readdirSync(folderOf, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => /requireConsent|askConsent|createAsker/.test(readFileSync(path.join(folderOf, file), 'utf8')))
    .map((file) => file.replace(/\.ts$/, '').replaceAll(path.sep, ':'));
  const withYes = Object.values(manifest.commands).filter(({ flags }) => 'yes' in flags);
  expect(withYes.map(({ id }) => id).toSorted()).toEqual(asking.toSorted());
  for (const { id, flags } of withYes) {
    expect(flags['yes'], id).toMatchObject({ char: 'y', env: 'WS_YES', type: 'boolean' });
    if (id !== 'up') expect(flags['yes']?.description, id).toBe('do it without asking');
  }
  expect([...new Set(QUESTIONS.map(({ id }) => id)), 'config-ssh'].toSorted()).toEqual(asking.toSorted());
});
