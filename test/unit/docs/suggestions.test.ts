/** Every suggestion that the program can make, through a real shell and the real parser of `ws`. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Config } from '@oclif/core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BaseCommand } from '../../../src/cli/command/base-command.ts';
import { CHOICE_NAMES, rowOf, suggestFlags } from '../../../src/workspace/choices/chosen.ts';
import { isChanging, NAMED_FIRST, type Situation, spell, WITHOUT_JSON } from '../../../src/workspace/errors/spell.ts';
import type { Command } from '../../../src/workspace/errors/suggestion.ts';
import { readByShell } from '../../spelling.ts';
import { type Hole, KNOWN, listMakings, type Making } from '../../suggestions.ts';
import { listCommandIds } from './command-lines.ts';
import { ROOT } from './pages.ts';

const { makings: written, sentences, unknown, prose } = listMakings();
/** What stands in for a choice of `ws up` that was refused, or is missing. */
const examples = CHOICE_NAMES.flatMap((name) =>
  rowOf(name).examples.map(
    (example): Making => ({
      ...{ at: `the choice ${name}`, source: example, program: 'ws', holes: [], workspace: undefined },
      make: () => suggestFlags([[name, example]]),
    }),
  ),
);
const makings = [...written, ...examples];

/** A place whose names are as bad as names can be, and a workspace beside another one. */
const SITUATION: Situation = {
  place: { context: "w'rk & $(x)", namespace: 'the team', kubeconfig: '/k/my "config' },
  workspace: 'here-1',
};

/** What could be put in: nothing of it may become a flag, a command or a second word. What is absent is left out. */
const HOSTILE = [
  'x1',
  'a b',
  "it's",
  '"',
  '\\',
  '$(touch x)',
  '`x`',
  '; ls',
  '&& ls',
  '| ls',
  '> x',
  '*',
  '~/x',
  'ü',
  'a\u001b[2J',
  '--context=evil',
  '-n',
  '--',
];

/**
 * The values for the holes of a suggestion, one hostile value at a time. A word of its own never begins with a dash: it
 * is a name of Kubernetes, a path or a fingerprint.
 */
function listValues({ holes }: Making): string[][] {
  const plain = holes.map((_, index) => `x${index}`);
  const list = ({ kind }: Hole) => HOSTILE.filter((value) => kind !== 'word' || !value.startsWith('-'));
  return [plain, ...holes.flatMap((hole, index) => list(hole).map((value) => plain.with(index, value)))];
}

interface Made {
  making: Making;
  values: string[];
  command: Command;
  /** As a shell hands them to the program, its name first. */
  words: string[];
}

function listMade(): Made[] {
  const made = makings.flatMap((making) =>
    listValues(making).map((values) => ({ making, values, command: making.make(values) })),
  );
  // Where the output goes is not for the program to read.
  const lines = made.map(
    ({ command: { into: _into, ...rest } }) => spell({ ...rest, workspace: toName(rest.workspace) }, SITUATION).line,
  );
  const read = readByShell(lines);
  return made.map((one, index) => ({ ...one, words: read[index] ?? [] }));
}

/** A name for one that its reader is to choose, as NAME. */
function toName(workspace: string | undefined): string | undefined {
  return workspace?.toLowerCase();
}

let made: Made[];
let config: Config;
beforeAll(async () => {
  made = listMade();
  config = await Config.load(ROOT);
});

interface Parsed {
  id: string;
  place: unknown;
  args: Record<string, unknown>;
  flags: Record<string, unknown>;
}

/** What the command itself makes of its words, before it runs. Throws what it would refuse. */
async function parse(words: string[]): Promise<Parsed> {
  const id = [words.slice(0, 2).join('/'), words[0] ?? ''].find(findCommand);
  if (id === undefined) throw new Error(`there is no command ws ${words.join(' ')}`);
  const { default: Class } = (await import(findCommand(id) ?? '')) as {
    default: new (words: string[], config: Config) => BaseCommand<never>;
  };
  const rest = words.slice(id.split('/').length).filter((word) => word !== '--help');
  const command = new Class(rest, config);
  await command.init();
  const { args, flags } = command as unknown as Parsed;
  return { id: id.replace('/', ' '), place: command.place, args, flags };
}

function findCommand(id: string): string | undefined {
  const folder = path.join(ROOT, 'src', 'commands');
  return ['', 'look', 'hidden'].map((group) => path.join(folder, group, `${id}.ts`)).find(existsSync);
}

describe('what the program suggests', () => {
  it('is found, all of it', () => {
    expect(makings.length).toBeGreaterThan(200);
    // Made of words by a function: the tests of these functions hold them.
    expect(unknown.map((one) => one.replace(/:\d+ .*/, ''))).toEqual([
      'cli/command/base-command.ts',
      'cli/session/words/accepted-lines.ts',
      'cli/session/words/ssh-line.ts',
      'cli/up/up-flags.ts',
      'cli/words/usage.ts',
      'workspace/choices/chosen.ts',
      'workspace/errors/spell.ts',
      'workspace/forwards/kubectl-target.ts',
      'workspace/state/resume.ts',
    ]);
  });

  it('is no part of another text, where it would have no place', () => {
    // The launcher is a script: it knows no place.
    expect(prose.filter(({ at }) => !at.includes('ssh-launcher'))).toEqual([]);
  });

  it('has no flag whose name is known only then', () => {
    expect(makings.filter(({ holes }) => holes.some(({ kind }) => kind === 'flag')).map(({ at }) => at)).toEqual([]);
  });

  it.each(sentences)('is a sentence, an address or a flag without a command in it: $text ($at)', ({ text }) => {
    expect(text).toMatch(/^(?:[A-Z][a-z ]|--[a-z]|https:\/\/)(?!.*\b(?:ws|kubectl|helm) [a-z])/);
    expect(text).not.toMatch(/&&|[|`]|\$\(/);
  });

  it.each(makings)('is one command of plain words: $source ($at)', ({ source, make, holes }) => {
    const { words, note = 'a note' } = make(holes.map(() => 'x1'));
    for (const word of words) expect(typeof word === 'string' ? word : word.inHome, source).toMatch(/^[\w@+=:,./?-]+$/);
    expect(note).toMatch(/^[^\s()][^()]*$/);
  });

  it('is read by a shell as the words that it is made of', () => {
    for (const { command, words, values, making } of made) {
      const said = [...command.words].map((word) => (typeof word === 'string' ? word : `/home/me/${word.inHome}`));
      expect(words[0], making.source).toBe(command.program);
      expect(without(words.slice(1), said), `${making.at} ${making.source} with ${values}`).toBeDefined();
    }
  });
});

/** What is left of a list without another one's members, in their order; undefined where one is not there. */
function without(list: string[], members: string[]): string[] | undefined {
  let at = 0;
  const rest: string[] = [];
  for (const word of list) {
    if (at < members.length && word === members[at]) at += 1;
    else rest.push(word);
  }
  return at === members.length ? rest : undefined;
}

describe('a suggested command of ws', () => {
  it.each(makings.filter(({ program }) => program === 'ws'))(
    'is parsed as it is meant: $source ($at)',
    async (making) => {
      let given: number | undefined;
      for (const { words, values, command } of made.filter((one) => one.making === making)) {
        const what = `${words.join(' ')} with ${JSON.stringify(values)}`;
        if (words.includes('--help')) {
          expect(words.at(-1), what).toBe('--help');
          if (words.length > 2) await parse(words.slice(1));
          continue;
        }
        const parsed = await parse(words.slice(1)).catch((error: Error) => error);
        if (parsed instanceof Error) {
          // oclif takes no value that looks like a flag: such a command is refused, and does nothing.
          expect(
            values.some((value) => value.startsWith('-')),
            `${what}: ${parsed.message}`,
          ).toBe(true);
          expect(parsed.message).toMatch(/needs a value/);
          continue;
        }
        const { id, place, args, flags } = parsed;
        given ??= Object.keys(flags).length;
        expect(Object.keys(flags).length, `${what}: flags that nobody wrote`).toBe(given);
        const isOfMachine = /^(?:config |completion$|help$|version$)/.test(id);
        const none = { context: undefined, namespace: undefined, kubeconfig: undefined };
        const everywhere = words.includes('--all-namespaces') ? { namespace: undefined } : {};
        expect(place, what).toEqual(isOfMachine ? none : { ...SITUATION.place, ...everywhere, ...command.place });
        if (NAMED_FIRST.includes(id))
          expect(args['workspace'], what).toBe(toName(making.workspace) ?? SITUATION.workspace);
        const heard = JSON.stringify([args, flags]);
        for (const [index, value] of values.entries())
          if (making.holes[index]?.kind !== 'behind')
            expect(heard.includes(JSON.stringify(value).slice(1, -1)), `${what}: ${value}`).toBe(true);
      }
    },
  );

  it('names a workspace by its grammar alone, never among its words', () => {
    // What stands behind the workspace of the others is parsed above.
    const alone = listCommandIds(({ args }) => args.join() === 'workspace').filter((id) => NAMED_FIRST.includes(id));
    const wrong = makings.filter(({ program, holes, make }) => {
      const words = make(holes.map(() => 'x1')).words.map(String);
      const first = alone.find((verb) => words.join(' ').startsWith(verb));
      const next = first === undefined ? undefined : words[first.split(' ').length];
      return program === 'ws' && ((next !== undefined && !next.startsWith('-')) || words.includes('--workspace'));
    });
    expect(wrong.map(({ at, source }) => `${at} ${source}`)).toEqual([]);
  });

  it('keeps the name that whoever suggests it knows', () => {
    expect(makings.filter(({ workspace }) => workspace === KNOWN).length).toBeGreaterThan(40);
  });
});

/**
 * Files whose `ws up` may be about a workspace that is there: a yes could agree to its restart. Of one of the choices
 * nobody knows yet; a home's size is of both.
 */
const OF_WHAT_IS_THERE =
  /^(?:workspace\/diagnosis\/|workspace\/sleep\/|operations\/(?:authorized-keys|keep|up|checks\/(?:preflight|rights\/extras|verify-undamaged)|login\/|release\/)|operations\/doctor\/cluster|report\/progress\/wording|the choice |workspace\/choices\/chosen|adapters\/helm\/translate|operations\/checks\/verify-home-size)/;

describe('a suggested ws up, to a script', () => {
  const ups = makings.filter(
    ({ program, holes, make }) => program === 'ws' && make(holes.map(() => 'x')).words[0] === 'up',
  );
  const toWords = (command: Command) =>
    spell(command, { place: {}, isUnattended: true })
      .line.split(' ')
      .filter((word) => word === '--yes');

  it.each(ups.filter(({ source }) => /workspace: '(?:OTHER-)?NAME'|isNew: true|--create-namespace/.test(source)))(
    'says yes where it makes a workspace, once: $source ($at)',
    ({ holes, make }) => {
      const command = make(holes.map(() => 'x1'));
      expect(toWords(command)).toEqual(['--yes']);
      // Whatever the typed line said besides.
      expect(toWords({ ...command, words: [...command.words, '--cpu', '2', '--values', 'x'] })).toEqual(['--yes']);
      expect(toWords({ ...command, words: [...command.words, '--yes'] })).toEqual(['--yes']);
    },
  );

  it('has none only where something that is there may restart', () => {
    const without = ups.filter(({ holes, make }) => toWords(make(holes.map(() => 'x1'))).length === 0);
    const wrong = without.filter(({ at, source }) => !OF_WHAT_IS_THERE.test(at) && !source.includes('--help'));
    expect(wrong.map(({ at, source }) => `${at.replace(/:.*/, '')} ${source}`)).toEqual([]);
  });
});

it('no suggestion agrees to what a command asks before it ends or deletes something', () => {
  const asking = /^ws (?:down|stop|homes rm|keys rm)\b/;
  const lines = makings.flatMap(({ program, at, holes, make }) =>
    program === 'ws' ? [{ at, line: spell(make(holes.map(() => 'x')), { place: {}, isUnattended: true }).line }] : [],
  );
  const asked = lines.filter(({ line }) => asking.test(line));
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter(({ line }) => / --yes\b| -y\b/.test(line))).toEqual([]);
});

it('the commands about one workspace are those of the manifest, by position and by flag', () => {
  const list = (kind: 'args' | 'flags') =>
    listCommandIds((command) => command.hidden !== true && command[kind].includes('workspace'));
  // Of `ws use` a workspace is the value, not what it is about.
  const named = 'these take a workspace: NAMED_FIRST of src/workspace/errors/spell.ts lists them';
  expect(
    list('args').filter((id) => id !== 'use'),
    named,
  ).toEqual(NAMED_FIRST);
  expect(list('flags')).toEqual(list('args'));
});

it('the commands that change a workspace are those that say so, and each says it or not', () => {
  const { commands } = JSON.parse(readFileSync(path.join(ROOT, 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, { hidden?: boolean; changesWorkspace?: boolean }>;
  };
  const shown = Object.entries(commands).filter(([, { hidden }]) => hidden !== true);
  const told = shown.map(([id, { changesWorkspace }]) => [id, changesWorkspace]);
  const listed =
    'each command has a static changesWorkspace, and isChanging of src/workspace/errors/spell.ts lists them';
  expect(told, listed).toEqual(shown.map(([id]) => [id, isChanging(id)]));
  expect(told.filter(([, changes]) => changes === true).length).toBeGreaterThan(5);
});

it('the commands without --json are those of the manifest', () => {
  const without = listCommandIds(({ hidden, flags }) => hidden !== true && !flags.includes('json'));
  expect(without).toEqual(WITHOUT_JSON);
});
