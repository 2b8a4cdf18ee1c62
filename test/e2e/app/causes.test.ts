/** What goes wrong on a machine, made for real: each says in our words what it was, and names the file. */

import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../cluster-under-test.ts';
import { makePerson, type Person } from './running/run-ws.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../../bin/run.js');

/** What Node, OpenSSL, Go and parsers write, and no person would. */
const FOREIGN =
  /\bE[A-Z]{4,}: |, (?:open|read|write|mkdir|scandir|stat|rename|spawn|connect|uv_cwd)\b|errno|JSON at position|not valid JSON|\(\d+:\d+\)|deficient|error:0|SyntaxError|YAMLException|error converting|Config schema|This is a bug/;

const NOBODY = 65_534;

let place: TestNamespace;
let person: Person;
let folder: string;
let tools: string;

beforeAll(async () => {
  place = makeNamespace('app-causes');
  person = makePerson(place.name);
  // The toolchain's own is in a folder that others may not enter.
  const helm = execFileSync('which', ['helm'], { encoding: 'utf8' }).trim();
  tools = realpathSync(mkdtempSync(path.join(tmpdir(), 'ws-tools-')));
  chmodSync(tools, 0o755);
  copyFileSync(helm, path.join(tools, 'helm'));
  chmodSync(path.join(tools, 'helm'), 0o755);
  const run = await person.ws(['up', 'dev', '--yes', '--no-shell', '--storage-class', 'none', '-i', person.key]);
  expect(run.status, run.stderr).toBe(0);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

afterAll(() => {
  rmSync(tools, { recursive: true, force: true });
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

/** How a file can be damaged, and what is said of it. */
const DAMAGES = {
  folder: [(file: string) => mkdirSync(file, { recursive: true }), /it is a directory|it is not a file/],
  closed: [
    (file: string) => {
      writeFileSync(file, 'x');
      chmodSync(file, 0);
      chownSync(file, 0, 0);
    },
    /may not be (?:written or )?(?:read|run)/,
  ],
  cut: [(file: string) => writeFileSync(file, '{"user": "alice", '), /it is not JSON/],
  blocked: [(file: string) => writeFileSync(file, ''), /a part of its path is a file/],
  odd: [(file: string) => writeFileSync(file, '{"uid": "many"}'), /its uid cannot be used/],
  yaml: [(file: string) => writeFileSync(file, 'a: "b\nc'), /line \d is not YAML|is not YAML/],
  gone: [(file: string) => rmSync(file, { force: true }), /not there|[Tt]here is no/],
} as const;
type Damage = keyof typeof DAMAGES;

/** File below the person's folder, damage, command, and what more the environment says. */
const CAUSES: [file: string, damage: Damage, words: string[], environment?: Record<string, string>][] = [
  ['config/config.json', 'folder', ['config', 'ls']],
  ['config/config.json', 'closed', ['config', 'ls']],
  ['config/config.json', 'cut', ['config', 'ls']],
  ['config/config.json', 'odd', ['config', 'ls']],
  ['config', 'blocked', ['config', 'set', 'size', '1Gi']],
  ['config/known_hosts', 'folder', ['ssh', 'dev', '--', 'true']],
  ['config/known_hosts', 'closed', ['ssh', 'dev', '--', 'true']],
  ['config/ssh_config', 'folder', ['config-ssh', '--yes']],
  ['.ssh/config', 'folder', ['config-ssh', '--yes']],
  ['.ssh/config', 'closed', ['config-ssh', '--yes']],
  ['kube', 'folder', ['ls'], { KUBECONFIG: 'FILE' }],
  ['kube', 'closed', ['ls'], { KUBECONFIG: 'FILE' }],
  ['kube', 'yaml', ['ls'], { KUBECONFIG: 'FILE' }],
  ['kube', 'gone', ['ls'], { KUBECONFIG: 'FILE' }],
  ['key', 'folder', ['ssh', 'dev', '-i', 'FILE', '--', 'true']],
  ['key', 'closed', ['ssh', 'dev', '-i', 'FILE', '--', 'true']],
  ['key', 'gone', ['ssh', 'dev', '-i', 'FILE', '--', 'true']],
  ['key.pub', 'folder', ['keys', 'add', 'dev', 'FILE']],
  ['key.pub', 'closed', ['keys', 'add', 'dev', 'FILE']],
  ['key.pub', 'gone', ['keys', 'add', 'dev', 'FILE']],
  ['values.yaml', 'folder', ['up', 'dev', '--yes', '--no-shell', '--values', 'FILE']],
  ['values.yaml', 'closed', ['up', 'dev', '--yes', '--no-shell', '--values', 'FILE']],
  ['values.yaml', 'yaml', ['up', 'dev', '--yes', '--no-shell', '--values', 'FILE']],
  ['values.yaml', 'gone', ['up', 'dev', '--yes', '--no-shell', '--values', 'FILE']],
  ['helm', 'folder', ['doctor'], { WS_HELM: 'FILE' }],
  ['helm', 'closed', ['doctor'], { WS_HELM: 'FILE' }],
  ['helm', 'gone', ['doctor'], { WS_HELM: 'FILE' }],
];

/** As a user without rights, where the tests run as root. */
function run(words: string[], environment: Record<string, string>, cwd = '/') {
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const home = { HOME: folder, WS_CONFIG_DIR: path.join(folder, 'config') };
  const env = { ...person.environment, PATH: `${tools}:${process.env['PATH']}`, ...home, ...environment };
  return spawnSync(process.execPath, [PROGRAM, ...words], { env, cwd, encoding: 'utf8', ...user });
}

function prepare(): void {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'ws-causes-')));
  mkdirSync(path.join(folder, 'config'));
  mkdirSync(path.join(folder, '.ssh'), { mode: 0o700 });
  writeFileSync(path.join(folder, 'kubeconfig'), kubectl(['config', 'view', '--raw', '--minify']));
  spawnSync('cp', [person.key, `${person.key}.pub`, path.join(folder, '.ssh')]);
  spawnSync('chown', ['-R', `${NOBODY}:${NOBODY}`, folder]);
}

describe('a cause', () => {
  it.each(CAUSES)('%s: %s, for ws %j', (name, damage, words, environment = {}) => {
    prepare();
    const file = path.join(folder, name);
    rmSync(file, { recursive: true, force: true });
    const [make, expected] = DAMAGES[damage];
    make(file);
    const fill = (text: string) => (text === 'FILE' ? file : text);
    const more = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, fill(value)]));
    const done = run(words.map(fill), { KUBECONFIG: path.join(folder, 'kubeconfig'), ...more });
    const said = `${done.stdout}${done.stderr}`.replaceAll(/\s+/g, ' ');
    expect(said).not.toMatch(FOREIGN);
    expect(said).toMatch(expected);
    expect(said).toContain(path.basename(file));
  });

  it('that has no words at all leaves no empty line', () => {
    prepare();
    const done = run(['doctor'], { KUBECONFIG: path.join(folder, 'kubeconfig'), WS_HELM: '/bin/false' });
    expect(done.stdout).toMatch(/✗ helm +Helm failed with status 1: it printed no reason/);
  });

  it('is the folder that one is in, which is gone', () => {
    prepare();
    const gone = path.join(folder, 'gone');
    const script = `mkdir ${gone}; cd ${gone}; rmdir ${gone}; exec ${process.execPath} ${PROGRAM} use dev`;
    const env = { ...person.environment, HOME: folder, WS_CONFIG_DIR: path.join(folder, 'config') };
    const done = spawnSync('sh', ['-c', script], { env, encoding: 'utf8' });
    expect(done.stderr).not.toMatch(FOREIGN);
    expect(done.status).toBe(3);
  });
});
