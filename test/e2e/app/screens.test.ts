import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TmuxScreen } from '../../../scripts/tmux-screen.ts';
import { kubectl, makeNamespace, type TestNamespace } from '../cluster-under-test.ts';
import { findFreePorts } from './running/free-ports.ts';
import { GOLDEN, Golden, PROGRAM, toGoldenFile } from './running/golden.ts';
import { makePerson, type Person } from './running/run-ws.ts';

let place: TestNamespace;
let person: Person;
let golden: Golden;
let terminal: TmuxScreen;
/** The first of ten local ports that are free, below those that the system gives to connections. */
let ports: number;
const seen = new Set<string>();
/** Before this run has written new ones: a screen without a file fails once, then its file is to be looked at. */
const files = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.txt'));

beforeAll(async () => {
  ports = await findFreePorts(10);
  place = makeNamespace('screens');
  person = makePerson(place.name);
  const config = path.join(person.home, 'kubeconfig');
  writeFileSync(config, kubectl(['config', 'view', '--raw', '--minify']));
  kubectl(['config', 'rename-context', kubectl(['config', 'current-context']).trim(), 'lab', '--kubeconfig', config]);
  person.environment['KUBECONFIG'] = config;
  golden = new Golden(
    {
      [place.name]: 'screens-000000',
      [person.home]: '/home/developer-at-ws',
      ...Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`${ports + index}`, `${43_000 + index}`])),
    },
    kubectl(['get', 'nodes', '-l', '!ws.test/made', '-o', 'jsonpath={.items[0].metadata.name}']),
  );
  const bin = path.join(person.home, 'bin');
  mkdirSync(bin);
  writeFileSync(`${bin}/ws`, `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`, { mode: 0o755 });
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

function open(columns: number, rows: number, more: Record<string, string> = {}): TmuxScreen {
  const PATH = `${person.home}/bin:${person.environment['PATH']}`;
  return new TmuxScreen({ columns, rows, environment: { ...person.environment, PATH, ...more }, folder: person.home });
}

/** What is on the screen must be what the file of this name shows. */
function same(name: string, screen: string): Promise<void> {
  seen.add(name);
  return golden.screen(name, screen);
}

async function piped(name: string, words: string[], environment: Record<string, string> = {}): Promise<void> {
  seen.add(name);
  await golden.run(name, words, await person.ws(words, { environment }));
}

const quick = ['--yes', '--no-shell', '--storage-class', 'none'];

describe('at 80 columns by 24 rows', () => {
  beforeEach(() => {
    terminal = open(80, 24);
  });
  afterEach(() => terminal[Symbol.dispose]());

  it.each([
    ['ls-nothing', 'ws ls'],
    ['status-nothing', 'ws status'],
    ['ssh-nothing', 'ws ssh dev'],
    ['proxy-nothing', 'ws proxy dev'],
    ['homes-nothing', 'ws homes ls'],
    ['up-no-class', 'ws up dev --yes --storage-class fast'],
    ['up-bad-uid', 'ws up dev --uid 0'],
    ['typo', 'ws sttus'],
    ['doctor', 'ws doctor'],
    ['config-set', 'ws config set size 20Gi; ws config get size; ws config ls; ws config path'],
    ['config-bad', "ws config set size huge; ws config set sise 1Gi; ws config set size ''"],
  ])('before there is a workspace: %s', async (name, command) => {
    await same(name, await terminal.run(command));
  });

  it('the form of ws up, its review and its checklist, which ends in the shell', async () => {
    await terminal.start('ws up dev --local-port 0');
    await same('form-username', await terminal.see(/● Username/));
    terminal.type('C-u', 'Root');
    await same('form-username-bad', await terminal.see(/Root\s+\S/));
    terminal.type('C-u', 'developer', 'Enter');
    await same('form-uid', await terminal.see(/● User ID/));
    terminal.type('Enter');
    await same('form-home', await terminal.see(/● Home\n[\s\S]*❯/));
    terminal.type('Enter');
    await same('form-size', await terminal.see(/● Home size/));
    terminal.type('Enter');
    await same('form-key', await terminal.see(/❯ .*id_ed25519/));
    terminal.type('Enter');
    await same('form-review', await terminal.see(/--storage-class[\s\S]*--identity/));
    terminal.type('Enter');
    await same('up-shell', await terminal.see(/dev ~ \$\s*$/));
    terminal.type('exit', 'Enter');
    await terminal.see(/\n\$\s*$/);
  });

  it.each([
    ['logs', 'ws logs | head -n 3'],
    ['up-again', 'ws up dev --no-shell'],
    ['ls', 'ws ls'],
    ['status', 'ws status'],
    ['ssh-command', 'ws ssh -- id'],
    ['keys-ls', 'ws keys ls'],
    ['keys-add', 'ssh-keygen -q -t ed25519 -N "" -C phone -f phone; ws keys add phone.pub; ws keys ls'],
    ['keys-rm', 'ws keys rm phone --yes; ws keys rm nobody'],
    ['keys-rm-last', 'ws keys rm "$(ws keys ls --json | grep -o "SHA256:[^\\"]*")"'],
    ['homes-ls', 'ws homes ls'],
    ['use', 'ws use dev'],
    ['forward-bad', 'ws forward 3000:x'],
  ])('with a workspace: %s', async (name, command) => {
    await same(name, await terminal.run(command));
  });

  it('what ws config-ssh would write, without a terminal', () =>
    piped('piped-config-ssh-dry-run', ['config-ssh', '--dry-run']));

  it('the table of ws forward', async () => {
    const [one, two, four, last] = [ports, ports + 1, ports + 3, ports + 9];
    await terminal.start(`ws forward ${one}:3000 ${two}-${four}:8000-8002 --remote ${last}:9000`);
    await same('forward', await terminal.see(/:8002[\s\S]*Ctrl-C ends/));
    terminal.type('C-c');
    await same('forward-ended', await terminal.see(/ends it\n\$\s*$/));
  });

  it('the checklist while no node is found, and after Ctrl-C', async () => {
    await terminal.start('ws up bad --yes --storage-class none --local-port 0 --node-selector disk=none');
    await same('up-trouble', await terminal.see(/! [\s\S]*\n\s*$/));
    terminal.type('C-c');
    await same('up-interrupted', await terminal.see(/\n\$\s*$/));
    await terminal.run('ws down bad --delete-home --yes');
  });

  it('the question of ws config-ssh', async () => {
    await terminal.start('ws config-ssh');
    await same('config-ssh', await terminal.see(/\?|Include/));
    terminal.type('n');
    await terminal.see(/\n\$\s*$/);
  });

  it('the question of ws down, and what is left after it', async () => {
    await terminal.start('ws down');
    await same('down-question', await terminal.see(/Take down workspace dev[\s\S]*❯/));
    terminal.type('Enter');
    await same('down-kept', await terminal.see(/Kept[\s\S]*\n\$\s*$/));
    await same('ls-kept', await terminal.run('ws ls'));
    await same('homes-kept', await terminal.run('ws homes ls'));
    await terminal.start('ws homes rm dev');
    await same('homes-rm-question', await terminal.see(/❯|\?/));
    terminal.type('C-c');
    await terminal.see(/\n\$\s*$/);
    await same('homes-rm', await terminal.run('ws homes rm dev --yes'));
  });
});

describe('at other sizes, without colours, without a terminal', () => {
  beforeAll(async () => {
    const run = await person.ws(['up', 'dev', ...quick, '--key', person.key]);
    expect(run.status, run.stderr).toBe(0);
  });

  it('200 columns by 50 rows show every column', async () => {
    using wide = open(200, 50);
    await same('wide-ls', await wide.run('ws ls'));
    await same('wide-status', await wide.run('ws status'));
    await same('wide-help-up', await wide.run('clear; ws up --help | tail -45'));
  });

  it('60 columns cut nothing that is needed', async () => {
    using narrow = open(60, 20);
    await same('narrow-ls', await narrow.run('ws ls'));
    await same('narrow-status', await narrow.run('ws status'));
    await same('narrow-doctor', await narrow.run('ws doctor'));
    await narrow.start('ws up two --local-port 0');
    await same('narrow-form-username', await narrow.see(/● Username/));
    narrow.type('Enter');
    await narrow.see(/● User ID/);
    narrow.type('Enter');
    await same('narrow-form-home', await narrow.see(/● Home\n[\s\S]*❯/));
    narrow.type('C-c');
    await narrow.see(/\n\$\s*$/);
  });

  it('NO_COLOR takes the colours away and nothing else', async () => {
    using bare = open(80, 24, { NO_COLOR: '1' });
    for (const [name, command] of [
      ['ls', 'ws ls'],
      ['doctor', 'ws doctor'],
      ['ssh-nothing', 'ws ssh nobody'],
    ]) {
      using coloured = open(80, 24);
      const [shown, plain] = [await coloured.run(command ?? ''), await bare.run(command ?? '')];
      expect(shown, name).toMatch(/\x1b\[[\d;]*m/);
      expect(plain, name).not.toMatch(/\x1b\[[\d;]*m/);
    }
  });

  it('a console without the signs gets ASCII', async () => {
    using console = open(80, 24);
    for (const command of ['ws ls', 'ws doctor', 'ws ssh nobody', 'ws status dev', 'ws config ls', 'ws up --help']) {
      for (const poor of ['LC_ALL=C', 'TERM=linux']) {
        const screen = await console.run(`${poor} ${command}`);
        expect(screen, `${poor} ${command}`).toMatch(/^[\x0a\x1b\x20-\x7e]*$/);
      }
    }
  });

  it.each<[string, string[], Record<string, string>?]>([
    ['piped-help', ['--help']],
    ['piped-help-up', ['up', '--help']],
    ['piped-up', ['up', 'two', ...quick, '--key', 'KEY']],
    ['piped-up-again', ['up', 'two', '--no-shell']],
    ['piped-up-quiet', ['up', 'two', '--no-shell', '--progress', 'quiet']],
    ['piped-up-no-answer', ['up', 'three', '--no-shell']],
    ['piped-help-homes', ['homes', '--help']],
    ['piped-forward-nothing', ['forward']],
    ['piped-ls', ['ls']],
    ['piped-status', ['status', 'dev']],
    ['piped-keys', ['keys', 'ls', 'dev']],
    ['piped-which', ['status']],
    ['piped-proxy', ['proxy', 'nobody']],
    ['piped-config-ssh', ['config-ssh']],
    ['piped-down', ['down', 'two']],
    ['piped-down-delete', ['down', 'two', '--delete-home', '--yes']],
    ['piped-no-cluster', ['ls'], { KUBECONFIG: '/nonexistent' }],
    ['piped-completion', ['completion', 'tcsh']],
  ])('without a terminal: %s', async (name, words, environment) => {
    await piped(
      name,
      words.map((word) => (word === 'KEY' ? person.key : word)),
      environment,
    );
  });
});

it('has a file for each screen, and none of a screen that nothing shows', () => {
  expect(files.toSorted()).toEqual([...seen].map(toGoldenFile).toSorted());
});
