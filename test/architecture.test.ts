import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** The house as CONTRIBUTING.md draws it: which room may import which. */
const ARROWS: Record<string, string[]> = {
  commands: ['cli', 'operations', 'report', 'workspace'],
  cli: ['report', 'adapters', 'operations', 'workspace'],
  operations: ['workspace', 'contract'],
  report: ['workspace'],
  adapters: ['workspace', 'contract'],
  workspace: ['contract'],
  supervisor: ['contract'],
  contract: [],
};

const ROOT = path.resolve(import.meta.dirname, '..');
const SOURCE = path.join(ROOT, 'src');

interface SourceFile {
  /** `workspace/names.ts` */
  path: string;
  room: string;
  text: string;
  /** Local imports, resolved the same way. */
  imports: string[];
  packages: string[];
}

const files = listFiles(SOURCE).map(readSource);

describe('architecture', () => {
  it('has no file outside the rooms, and no room that the drawing does not know', () => {
    const loose = files.filter((file) => !(file.room in ARROWS)).map((file) => file.path);
    expect(loose).toEqual([]);
  });

  it('has arrows one way only, type imports included', () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .map((target) => ({ from: file, to: roomOf(target) }))
        .filter(({ from, to }) => from.room !== to && !ARROWS[from.room]?.includes(to)),
    );
    expect(wrong.map(({ from, to }) => `${from.path} -> ${to}`)).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(findCircle()).toBeUndefined();
  });

  it('has no barrel and no room for everything', () => {
    const names = files.filter((file) => /(^|\/)index\.tsx?$|\/(utils|helpers|common|shared|lib)\//.test(file.path));
    expect(names.map((file) => file.path)).toEqual([]);
  });

  it('has walls: no folder of the source or the tests with more than 12 files of its own', () => {
    const crowded = ['src', 'test'].flatMap((top) => listCrowded(path.join(ROOT, top), 12));
    expect(
      crowded,
      'sort a crowded folder into folders of its own, one a subject: see "The house" in CONTRIBUTING.md',
    ).toEqual([]);
  });

  it('keeps adapters apart from each other', () => {
    const folder = (file: string) => file.split('/')[1];
    const wrong = files.flatMap((file) =>
      file.room === 'adapters'
        ? file.imports
            .filter((target) => roomOf(target) === 'adapters' && folder(target) !== folder(file.path))
            .map((target) => `${file.path} -> ${target}`)
        : [],
    );
    expect(wrong).toEqual([]);
  });

  it('joins adapters to the world in cli/wiring/ alone', () => {
    const wrong = files.flatMap((file) =>
      file.room === 'adapters' || file.path.startsWith('cli/wiring/')
        ? []
        : file.imports.filter((target) => roomOf(target) === 'adapters').map((target) => `${file.path} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no operation that imports an operation, and no command that imports a command', () => {
    // What verbs of `look/` share is there too, and begins with `read-`.
    const isVerb = (file: string) =>
      /^operations\/(?:look\/(?!read-))?[^/]+$/.test(file) || file.startsWith('commands/');
    const wrong = files.flatMap((file) =>
      isVerb(file.path)
        ? file.imports
            .filter((target) => isVerb(target) && roomOf(target) === file.room)
            .map((target) => `${file.path} -> ${target}`)
        : [],
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    [/^(ink|react)(\/|$)/, ['report']],
    [/^@oclif\/core/, ['commands', 'cli']],
    [/^(@kubernetes\/client-node|ssh2|conf|ws|proper-lockfile)(\/|$)/, ['adapters']],
    [/^@napi-rs\/keyring/, ['adapters']],
    [/^(pino|prom-client)(\/|$)/, ['supervisor']],
    [/^node:child_process$/, ['adapters', 'supervisor']],
  ])('keeps %s in its rooms', (pattern, rooms) => {
    const wrong = files.filter(
      (file) => file.packages.some((name) => pattern.test(name)) && !rooms.includes(file.room),
    );
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  it('touches the process only at the edges', () => {
    const allowed = (file: SourceFile) =>
      ['cli', 'commands'].includes(file.room) || /^supervisor\/(main|run)\.ts$/.test(file.path);
    const wrong = files.filter(
      (file) =>
        !allowed(file) &&
        /\bprocess\.(exit|exitCode|env|stdin|stdout|stderr|argv)\b|\bconsole\./.test(withoutComments(file.text)),
    );
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  it('asks in one place for what a machine may not know: the user, the home, XDG folders', () => {
    const wrong = files.filter(
      (file) =>
        file.room !== 'supervisor' &&
        // The second is handed the environment after `settleEnvironment`, and the third asks the API server.
        ![
          'cli/terminal/machine.ts',
          'adapters/kubernetes/kubeconfig/kubeconfig-files.ts',
          'adapters/kubernetes/changes/scale.ts',
        ].includes(file.path) &&
        /\b(?:userInfo|homedir|tmpdir)\b|\bXDG_(?!\w+')|\b(?:env|environment)\.(?:XDG_|HOME\b|TMP|TEMP)|\[['"](?:XDG_|HOME\b|TMP|TEMP)/.test(
          withoutComments(file.text),
        ),
    );
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  it('lets text leave for people and programs in one place, which makes it printable', () => {
    // The entry writes three texts of its own before anything is loaded, and an empty one to wait for the end.
    const allowed = ['report/leaving.ts', 'cli/front/main.ts'];
    const wrong = files.filter(
      ({ room, path: file, text }) =>
        ['cli', 'commands', 'report'].includes(room) &&
        !allowed.includes(file) &&
        /\b(?:stdout|stderr|stream)\??\.write\(/.test(withoutComments(text)),
    );
    expect(wrong.map((file) => file.path)).toEqual([]);
    const drawn = files.filter(
      (file) => file.path !== 'report/text.tsx' && /import \{[^}]*\bText\b[^}]*\} from 'ink'/.test(file.text),
    );
    expect(drawn.map((file) => file.path)).toEqual([]);
  });

  it('reads no tables of languages and pictures for a command that may not need them: 8 to 20 ms each', () => {
    const wrong = files.filter(
      (file) =>
        file.room !== 'supervisor' &&
        /\.localeCompare\(|\.toLocale\w*String\(|^(?:export )?const [^\n]*(?:\n  +[^\n]*)?(?:new Intl\.|\\p\{RGI_)/m.test(
          withoutComments(file.text),
        ),
    );
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  it('has commands that parse, ask for the work and hand on its result: under 40 lines each', () => {
    const commands = files.filter((file) => file.room === 'commands');
    const counted = commands.map((file) => ({ path: file.path, lines: countWork(file.text) }));
    expect(counted.filter(({ lines }) => lines < 5)).toEqual([]);
    expect(counted.filter(({ lines }) => lines >= 40)).toEqual([]);
  });

  it('has no file that outgrew one idea', () => {
    const long = files
      .filter((file) => file.text.split('\n').length > 260)
      .map((file) => `${file.path}: ${file.text.split('\n').length} lines`);
    expect(long, 'more than 260 lines: move one idea of it to a file of its own').toEqual([]);
  });
});

it('has tests that wait as long as a busy machine takes: vi.waitFor alone gives up after a second', () => {
  const hasty = listFiles(path.join(ROOT, 'test')).flatMap((file) => {
    const calls = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /vi\.waitFor\(.*\);$/.test(line));
    return calls.filter((line) => !/, [\d_]+\);$|timeout:/.test(line)).map((line) => `${file}: ${line.trim()}`);
  });
  expect(hasty).toEqual([]);
});

it('has comments that fit a screen: the formatter breaks code at 120 characters, and comments not', () => {
  const wide = [SOURCE, path.join(ROOT, 'test'), path.join(ROOT, 'scripts')].flatMap(listFiles).flatMap((file) => {
    const lines = readFileSync(file, 'utf8').split('\n');
    const comments = lines.filter((line) => /^\s*(\/\/ (?!biome-ignore)|\/?\*)/.test(line) && line.length > 120);
    return comments.map((line) => `${path.relative(ROOT, file)}: ${line.trim()}`);
  });
  expect(wide).toEqual([]);
});

/** `src/cli: 13 files`, for each folder below with more files of its own than `most`. */
function listCrowded(folder: string, most: number): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const count = entries.filter((entry) => entry.isFile()).length;
  const deeper = entries
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => listCrowded(path.join(folder, entry.name), most));
  return count > most ? [`${path.relative(ROOT, folder)}: ${count} files`, ...deeper] : deeper;
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function readSource(file: string): SourceFile {
  const text = readFileSync(file, 'utf8');
  const specifiers = [...withoutComments(text).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
  const local = path.relative(SOURCE, file);
  return {
    path: local,
    room: roomOf(local),
    text,
    imports: specifiers
      .filter((name) => name.startsWith('.'))
      .map((name) => path.relative(SOURCE, path.resolve(path.dirname(file), name))),
    packages: specifiers.filter((name) => !name.startsWith('.')),
  };
}

function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : '';
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/**
 * The lines of a command that do something. Imports, the static members that its help is made of, comments and empty
 * lines do not count.
 */
function countWork(text: string): number {
  return withoutComments(text)
    .replace(/^import [\s\S]*?;$/gm, '')
    .replace(/^ {2}static [\s\S]*?;\n(?= {2}\S|\n|\})/gm, '')
    .split('\n')
    .filter((line) => line.trim() !== '').length;
}

/** The files of one circle, or undefined. Depth first, with the path that led here. */
function findCircle(): string[] | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const visit = (name: string, trail: string[]): string[] | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const target of byPath.get(name)?.imports ?? []) {
      const circle = visit(target, [...trail, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const file of files) {
    const circle = visit(file.path, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
