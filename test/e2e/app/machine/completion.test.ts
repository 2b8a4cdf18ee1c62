/** Tab in the shells that people have: what is offered, how it is inserted, and what never happens. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TmuxScreen } from '../../../../scripts/tmux-screen.ts';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { makePerson, type Person } from '../running/run-ws.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../../../bin/run.js');
/** Names may hold what shells take for something else. */
const CONTEXT = 'lab:one two';
const COMMENT = "my laptop's";

let place: TestNamespace;
let person: Person;
let environment: Record<string, string>;
let fingerprint: string;

beforeAll(async () => {
  place = makeNamespace('app-tab');
  person = makePerson(place.name);
  const bin = path.join(person.home, 'bin');
  mkdirSync(bin);
  symlinkSync(PROGRAM, path.join(bin, 'ws'));
  const config = path.join(person.home, 'kubeconfig');
  writeFileSync(config, kubectl(['config', 'view', '--raw', '--minify']));
  kubectl(['config', 'rename-context', kubectl(['config', 'current-context']).trim(), CONTEXT, '--kubeconfig', config]);
  person.environment['KUBECONFIG'] = config;
  environment = {
    ...person.environment,
    PATH: `${bin}:${path.dirname(process.execPath)}:${person.environment['PATH']}`,
  };
  const other = path.join(person.home, 'a key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', COMMENT, '-f', other]);
  for (const words of [
    ['up', 'alpha', '--yes', '--no-shell', '--storage-class', 'none', '--identity', person.key],
    ['up', 'beta', '--yes', '--no-shell', '--storage-class', 'ws-local', '--size', '64Mi', '--identity', person.key],
    ['down', 'beta', '--keep-home'],
    ['keys', 'add', 'alpha', `${other}.pub`],
  ]) {
    const run = await person.ws(words);
    expect(run.status, run.stderr).toBe(0);
  }
  fingerprint = /SHA256:\S+/.exec(execFileSync('ssh-keygen', ['-l', '-f', other], { encoding: 'utf8' }))?.[0] ?? '';
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

/** What the program offers for these words, its descriptions left out. */
async function complete(words: string[], more: Record<string, string> = {}): Promise<string[]> {
  const run = await person.ws(['complete', '--', ...words], { environment: more });
  expect([run.status, run.stderr]).toEqual([0, '']);
  return run.stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
}

/** On a busy machine the cluster's answer may come too late for one Tab: then the next one has it. */
function offers(words: string[], expected: unknown): Promise<void> {
  return expect.poll(() => complete(words), { timeout: 60_000, interval: 200 }).toEqual(expected) as Promise<void>;
}

/** What bash would offer for this line, and what it would show amid the line that is typed. */
function completeInBash(
  line: string,
  more: Record<string, string> = {},
): Promise<{ offered: string[]; noise: string }> {
  const word = /[^ ]*$/.exec(line)?.[0] ?? '';
  const script = `source <(ws completion bash); COMP_LINE=$1; COMP_POINT=\${#1}; _ws_complete ws "$2"; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { promise, resolve, reject } = Promise.withResolvers<{ offered: string[]; noise: string }>();
  execFile(
    'bash',
    ['-c', script, 'bash', line, word],
    { env: { ...environment, ...more }, cwd: person.home },
    (error, stdout, stderr) => {
      if (error !== null) reject(error);
      else resolve({ offered: stdout.split('\n').filter((text) => text !== ''), noise: stderr });
    },
  );
  return promise;
}

describe('what is offered', () => {
  it.each<[string, string[], string[]]>([
    ['commands', ['comp'], ['completion']],
    ['commands of a topic', ['homes', ''], ['ls', 'rm']],
    ['flags', ['forward', '--so'], ['--socks']],
    ['values of a flag', ['ls', '--progress', 'pl'], ['plain']],
    ['workspaces', ['ssh', ''], ['alpha', 'beta']],
    ['workspaces that begin so', ['logs', '--follow', 'b'], ['beta']],
    ['workspaces for -w', ['keys', 'add', 'x.pub', '-w', 'a'], ['alpha']],
    ['no workspace where none is wanted', ['ls', ''], []],
    ['no workspace after --', ['ssh', '--', 'a'], [':files']],
    ['settings', ['config', 'set', 's'], ['storage-class', 'size']],
    ['storage classes for the setting', ['config', 'set', 'storage-class', 'ws-l'], ['ws-local']],
    ['storage classes for the flag', ['up', '--storage-class=ws-l'], ['--storage-class=ws-local']],
    ['no class', ['up', '--storage-class', 'no'], ['none']],
    ['contexts', ['ls', '--context', ''], [CONTEXT]],
    ['namespaces', ['ls', '-n', 'app-tab-'], ['NAMESPACE']],
    ['kept homes', ['homes', 'rm', ''], ['beta']],
    ['keys by their comments', ['keys', 'rm', 'alpha', 'my'], [COMMENT]],
    ['public keys', ['keys', 'add', 'alpha', ''], [':files .pub']],
    ['shells', ['completion', 'f'], ['fish']],
    ['codes of errors', ['help', 'HELM_M'], ['HELM_MISSING']],
  ])('%s', async (_what, words, expected) => {
    await offers(words, expected.includes('NAMESPACE') ? expect.arrayContaining([place.name]) : expected);
  });

  it('keys by their fingerprints', async () => {
    await offers(['keys', 'rm', 'alpha', fingerprint.slice(0, 20)], [fingerprint]);
  });

  it('is looked for where the line says', async () => {
    expect(await complete(['ssh', '--namespace', 'default', ''])).toEqual([]);
  });

  it('is what listens in a workspace to which a connection is held', async () => {
    const shared = { WS_SHARE: 'yes' };
    expect(await complete(['forward', 'alpha', ''], shared)).toEqual([]);
    const serve = 'python3 -m http.server 3999 >/dev/null 2>&1 & sleep 1; exec sleep 20';
    const server = person.start(['ssh', 'alpha', '--', serve], { environment: shared });
    try {
      await expect.poll(() => complete(['forward', 'alpha', ''], shared), { interval: 300 }).toEqual(['3999']);
    } finally {
      server.kill();
    }
  });
});

describe('what never happens', () => {
  it.each<[string, Record<string, string>]>([
    ['without a kubeconfig', { KUBECONFIG: '/nonexistent' }],
    ['with a cluster that does not answer', { KUBECONFIG: 'SILENT' }],
    ['with a damaged kubeconfig', { KUBECONFIG: 'DAMAGED' }],
    ['with a credential plugin', { KUBECONFIG: 'PLUGIN' }],
    ['where the environment asks for more', { WS_DEBUG: '1', WS_PROGRESS: 'json', DEBUG: '' }],
  ])('%s: an error, a question, a plugin or a wait', async (_what, more) => {
    const asked = path.join(person.home, 'asked');
    const base = kubectl([
      'config',
      'view',
      '--raw',
      '--minify',
      '--kubeconfig',
      person.environment['KUBECONFIG'] ?? '',
    ]);
    const files: Record<string, string> = {
      DAMAGED: 'a: "b\nc',
      // An address that answers nothing (RFC 5737).
      SILENT: base.replace(/server: .*/, 'server: https://192.0.2.1:6443'),
      PLUGIN: base.replace(
        /user:\n[\s\S]*$/,
        `user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: touch\n      args: [${asked}]\n      interactiveMode: Never\n`,
      ),
    };
    const content = files[more['KUBECONFIG'] ?? ''];
    const file = path.join(person.home, 'other-kubeconfig');
    if (content !== undefined) writeFileSync(file, content);
    const env = content === undefined ? more : { ...more, KUBECONFIG: file };
    for (const words of [
      ['ssh', ''],
      ['ls', '--context', ''],
      ['ls', '-n', ''],
      ['homes', 'rm', ''],
      ['keys', 'rm', ''],
      ['forward', ''],
      ['config', 'set', 'storage-class', ''],
    ]) {
      const startedMs = performance.now();
      await complete(words, env);
      expect(performance.now() - startedMs, words.join(' ')).toBeLessThan(15_000);
    }
    expect(execFileSync('ls', [person.home], { encoding: 'utf8' })).not.toContain('asked');
  });
});

describe('ws completion bash', () => {
  it.each<[string, string, string[]]>([
    ['words', 'ws homes ', ['ls', 'rm']],
    ['what follows the sign', 'ws ls --progress=pl', ['plain']],
    ['workspaces and files', 'ws keys add a', ['alpha', 'a key.pub']],
    ['files of one kind', 'ws keys add -w alpha a', ['a key.pub']],
    ['spaces, and what follows a colon', 'ws ls --context lab:o', ['one\\ two']],
    ['in open quotes', 'ws ls --context "lab', ['lab:one two']],
    ['a quote', 'ws keys rm alpha my', ["my\\ laptop\\'s"]],
  ])('offers %s', async (_what, line, expected) => {
    expect(await completeInBash(line)).toEqual({ offered: expected, noise: '' });
  });

  it('is a script that bash takes without a warning', async () => {
    const { stdout } = await person.ws(['completion', 'bash']);
    expect(() => execFileSync('bash', ['-n'], { input: stdout })).not.toThrow();
  });
});

const SHELLS: Record<string, { start: string; load: string; inserted: Record<string, string> }> = {
  bash: {
    start: 'bash --norc --noprofile -i',
    load: "PS1='$ '; source <(ws completion bash)",
    inserted: { context: 'lab:one\\ two', comment: "my\\ laptop\\'s" },
  },
  zsh: {
    start: 'zsh -f -i',
    load: "autoload -Uz compinit; compinit -u -d $HOME/.dump; source <(ws completion zsh); PS1='$ '",
    inserted: { context: 'lab:one\\ two', comment: "my\\ laptop\\'s" },
  },
  fish: {
    start: 'fish --no-config -i',
    load: "ws completion fish | source; function fish_prompt; echo '$ '; end",
    inserted: { context: 'lab:one\\ two', comment: "my\\ laptop\\'s" },
  },
};

function isThere(program: string): boolean {
  try {
    execFileSync('which', [program]);
    return true;
  } catch {
    console.warn(`${program} is not installed: its Tab key is not tried`);
    return false;
  }
}

describe.each(Object.entries(SHELLS).filter(([shell]) => isThere(shell)))(
  'the Tab key in %s',
  (_shell, { start, load, inserted }) => {
    let terminal: TmuxScreen;

    beforeAll(async () => {
      terminal = new TmuxScreen({ columns: 120, rows: 30, environment, folder: person.home });
      await terminal.start(start);
      await terminal.see(/[$>%#]\s*$/);
      terminal.type('-l', load);
      terminal.type('Enter');
      await terminal.see(/\n\$\s*$/);
    });
    afterAll(() => terminal[Symbol.dispose]());

    it.each<[string, string, string]>([
      ['a command', 'ws stat', 'ws status '],
      ['a workspace', 'ws ssh al', 'ws ssh alpha '],
      ['a workspace for a flag', 'ws logs -w al', 'ws logs -w alpha '],
      ['a value after the sign', 'ws ls --progress=pl', 'ws ls --progress=plain '],
      ['a setting', 'ws config set storage-', 'ws config set storage-class '],
      ['a storage class', 'ws config set storage-class ws-loc', 'ws config set storage-class ws-local '],
      ['a kept home', 'ws homes rm b', 'ws homes rm beta '],
      ['a context with a colon and a space', 'ws ls --context la', 'ws ls --context CONTEXT '],
      ['the rest of it after the colon', 'ws ls --context lab:o', 'ws ls --context CONTEXT '],
      ['the rest of it in quotes', 'ws ls --context "lab:o', 'ws ls --context "lab:one two" '],
      ['a comment with a quote', 'ws keys rm alpha my', 'ws keys rm alpha COMMENT '],
      ['a public key file', 'ws keys add -w alpha a', 'ws keys add -w alpha a\\ key.pub '],
    ])('completes %s', async (_what, typed, expected) => {
      terminal.type('C-u');
      terminal.type('C-l');
      await terminal.see(/^\$\s*$/);
      terminal.type('-l', typed);
      await terminal.see(new RegExp(`\\$ ${toPattern(typed)}`));
      terminal.type('Tab');
      const line = expected.replace('CONTEXT', inserted['context'] ?? '').replace('COMMENT', inserted['comment'] ?? '');
      await terminal.see(new RegExp(`\\$ ${toPattern(line.trimEnd())} *(?:\\n|$)`), 15_000);
      terminal.type('C-u');
    });
  },
);

function toPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

describe('ws completion', () => {
  it('refuses a shell that it does not know', async () => {
    const run = await person.ws(['completion', 'tcsh']);
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/tcsh/);
  });
});
