/**
 * Every command of kubectl and helm that the program can suggest, run by a shell: what these programs make of it
 * themselves.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Situation, spell } from '../../../src/workspace/errors/spell.ts';
import type { Command } from '../../../src/workspace/errors/suggestion.ts';
import { findToolchain, HELMS } from '../../chart/helm.ts';
import { listMakings, type Making } from '../../suggestions.ts';
import { type Asked, type EmptyServer, openEmptyServer } from './api-server.ts';

const CONTEXT = "w'rk & $(false)";
const { makings } = listMakings();
/** Each with the program that is to take it: Helm's is there in two versions. */
const commands = makings.flatMap((making) => {
  const programs = { kubectl: ['kubectl'], helm: HELMS }[making.program as string] ?? [];
  return programs.map((by) => ({ ...making, by }));
});

/** Reads the kubeconfig alone. */
const LOCAL = /^(?:kubectl config |helm version)/;
/** About a whole cluster. */
const WIDE =
  /^(?:kubectl (?:api-resources|auth whoami|cluster-info|get --raw|(?:un)?cordon|(?:get|describe|delete) (?:no|pv\b|storageclass|priorityclass|runtimeclass|validating|namespace)|(?:get|auth can-i) .*--all-namespaces)|helm list)/;
/** What each of them says of words that it does not take. */
const REFUSED =
  /unknown (?:flag|shorthand|command)|flag needs an argument|Usage:|--help|requires? |accepts |invalid argument/;

let folder: string;
let server: EmptyServer;
let situation: Situation;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws suggestions '));
  server = await openEmptyServer();
  const kubeconfig = path.join(folder, 'a "config');
  writeFileSync(kubeconfig, toKubeconfig(server.url));
  // What is asked without a context goes where nobody answers; what is asked without the file, nowhere.
  mkdirSync(path.join(folder, 'home'));
  situation = { place: { context: CONTEXT, namespace: 'team', kubeconfig }, workspace: 'dev' };
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function toKubeconfig(url: string): string {
  const cluster = (name: string, server: string) => ({ name, cluster: { server } });
  const context = (name: string, cluster: string) => ({ name, context: { cluster, user: 'me', namespace: 'other' } });
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [cluster('here', url), cluster('elsewhere', 'http://127.0.0.1:1')],
    contexts: [context(CONTEXT, 'here'), context('current', 'elsewhere')],
    'current-context': 'current',
    users: [{ name: 'me', user: {} }],
  });
}

async function run(by: string, command: Command): Promise<{ output: string; asked: Asked[] }> {
  const line = spell(command, situation).line.replace(/^\w+/, by);
  const environment = {
    PATH: `${findToolchain()}:${process.env['PATH']}`,
    HOME: path.join(folder, 'home'),
    EDITOR: 'true',
  };
  const output = await new Promise<string>((resolve) => {
    execFile('bash', ['-c', line], { env: environment, timeout: 30_000 }, (error, stdout, stderr) =>
      resolve(`${error === null ? '' : `${error.code ?? error.signal}\n`}${stdout}${stderr}`),
    );
  });
  return { output, asked: server.takeAsked() };
}

/** Names as Kubernetes has them; verbs and kinds that it knows. */
function make({ make, holes }: Making): Command {
  const known: Record<string, string> = { verb: 'get', resource: 'pods', kind: 'pods', subresource: 'log' };
  return make(holes.map(({ source }, index) => known[source] ?? `name-${index}`));
}

describe('a suggested command of kubectl or helm', () => {
  it('is found', () => expect(commands.length).toBeGreaterThan(30));

  it.each(commands)('is one that the program takes, in its place: $by, $source ($at)', async (making) => {
    const command = make(making);
    const { line } = spell(command, situation);
    const said = [command.program, ...command.words].join(' ');
    const { output, asked } = await run(making.by, command);
    expect(output, line).not.toMatch(REFUSED);
    if (LOCAL.test(said)) return expect([line.includes('--context'), asked]).toEqual([false, []]);
    expect(output, line).not.toMatch(/127\.0\.0\.1:1\b|localhost:8080/);
    if (WIDE.test(said)) return expect(line).not.toContain('--namespace ');
    const namespace = command.place?.namespace ?? 'team';
    expect(asked, `${line}\n${output}`).not.toEqual([]);
    // A review says it in its body.
    for (const { line: request, body } of asked)
      expect(request.startsWith('POST') ? body : request, line).toMatch(new RegExp(`\\b${namespace}\\b`));
  });
});
