/** Each code of docs/exit-codes.md, made for real: those of its table by the command that the table names. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../../src/workspace/errors/errors.ts';
import { makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { finish, makePerson, type Person } from '../running/run-ws.ts';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const ROWS = readFileSync(path.join(ROOT, 'docs/exit-codes.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const [codes = '', meaning = '', examples = '', command = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return { codes: codes.split(', ').map(Number), meaning, examples, command: command.replaceAll('`', '') };
  });

let place: TestNamespace;
let person: Person;

beforeAll(async () => {
  place = makeNamespace('app-exit');
  person = makePerson(place.name);
  await person.make('dev');
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

/** As a shell runs it, with the test's `ws`. */
function runLine(line: string) {
  const ws = `ws() { "${process.execPath}" "${path.join(ROOT, 'bin/run.js')}" "$@"; }`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${ws}; ${line}`], {
    env: person.environment as NodeJS.ProcessEnv,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status, output: stdout + stderr };
}

describe('the table of exit codes', () => {
  const commands = ROWS.filter(({ command }) => command !== '');

  it.each(commands)('$codes, $meaning: $command', ({ codes, command }) => {
    const { status, output } = runLine(command);
    expect([status], output).toEqual(codes);
  });

  it('names only errors that there are', () => {
    const named = ROWS.flatMap(({ examples }) => [...examples.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code));
    expect(named.filter((code) => !ERROR_CODES.includes(code as never))).toEqual([]);
    expect(ROWS.map(({ codes }) => codes)).toEqual([[0], [1], [2], [3], [4], [5], [6], [129, 130, 143]]);
  });

  it('1: what nobody expected, such as an API server that answers with something else', async () => {
    const server = createServer((_request, response) => response.end('{"items": [null]}'));
    const port = await listen(server);
    const kubeconfig = path.join(person.home, 'odd.yaml');
    writeFileSync(
      kubeconfig,
      `{apiVersion: v1, kind: Config, current-context: odd, clusters: [{name: odd, cluster: {server: "http://127.0.0.1:${port}"}}], contexts: [{name: odd, context: {cluster: odd, user: odd}}], users: [{name: odd, user: {}}]}`,
    );
    const { status, stderr } = await person.ws(['ls', '--kubeconfig', kubeconfig]);
    server.close();
    expect([status, stderr]).toEqual([1, expect.stringContaining('bug in ws')]);
  });

  it.each([
    [129, 'SIGHUP'],
    [130, 'SIGINT'],
    [143, 'SIGTERM'],
  ] as const)('%i: ended by %s', async (code, signal) => {
    const child = person.start([
      'up',
      'slow',
      '--yes',
      '--no-shell',
      '--storage-class',
      'none',
      '--image',
      'x.invalid/y:1',
    ]);
    const ended = finish(child);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Waiting')) child.kill(signal);
    });
    const { status, stderr } = await ended;
    expect(status, stderr).toBe(code);
  });
});

describe('the exceptions', () => {
  it('ws up: the status of its shell', async () => {
    const terminal = person.onTerminal(['up', 'dev']);
    await terminal.see(/~ \$ $/);
    terminal.type('exit 9\r');
    expect(await terminal.exit()).toBe(9);
  });

  it.each<[string, number]>([
    ["ws ssh dev -- 'exit 7'", 7],
    ["ws ssh dev -- 'kill -TERM $$'", 143],
    ['ws ssh nonexistent -- true', 255],
    ['ws ssh --nothing', 2],
    ['ws proxy nonexistent', 255],
    ['ws doctor --namespace nonexistent', 3],
    ['timeout --foreground --preserve-status --signal INT 5 "$NODE" "$WS" forward dev 0:3000', 0],
    ['timeout --foreground --preserve-status --signal INT 5 "$NODE" "$WS" logs dev --follow', 0],
  ])('%s: %i', (line, code) => {
    const names = `NODE='${process.execPath}' WS='${path.join(ROOT, 'bin/run.js')}'`;
    const { status, output } = runLine(`${names}; ${line}`);
    expect(status, output).toBe(code);
  });
});

function listen(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  );
}
