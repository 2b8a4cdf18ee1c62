/** A namespace and a person for one cause, and whatever was changed for it; all of it goes with the stage. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { makePerson, type Person, type Run } from '../../e2e/app/running/run-ws.ts';
import { getKubeconfig } from '../../e2e/cluster-under-test.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../../bin/run.js');

/** The workspace that every cause is about. */
export const WORKSPACE = 'dev';

export class DiagnosisStage implements AsyncDisposable {
  readonly namespace: string;
  readonly person: Person;
  readonly #undo: (() => unknown)[] = [];
  #isReady = false;

  private constructor(namespace: string) {
    this.namespace = namespace;
    this.person = makePerson(namespace);
    // A suggestion is run as it is printed.
    const bin = path.join(this.person.home, 'bin');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'ws'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`, { mode: 0o755 });
    this.person.environment['PATH'] = `${bin}:${this.person.environment['PATH']}`;
  }

  static async open(prefix: string): Promise<DiagnosisStage> {
    const stage = new DiagnosisStage(`${prefix}-${randomBytes(3).toString('hex')}`);
    await stage.cluster(['create', 'namespace', stage.namespace]);
    stage.defer(() => stage.cluster(['delete', 'namespace', stage.namespace, '--wait=false']));
    // A pod that is left takes room on the node, which the next one would hear of.
    stage.defer(() => stage.kubectl(['delete', 'pods', '--all', '--grace-period=1', '--timeout=20s']));
    stage.defer(() => stage.kubectl(['delete', 'deployments', '--all', '--wait=false']));
    return stage;
  }

  /** The words that make the workspace, its home without a volume unless `more` says otherwise. */
  up(...more: string[]): string[] {
    const home = more.some((word) => ['--storage-class', '--home'].includes(word)) ? [] : ['--storage-class', 'none'];
    return ['up', WORKSPACE, '--yes', '--no-shell', ...home, '--identity', this.person.key, ...more];
  }

  /** The same with values of the chart. */
  upWith(values: Record<string, unknown>, ...more: string[]): string[] {
    return this.up('--values', this.file('values.yaml', stringify(values)), ...more);
  }

  /** A workspace that is ready, made once, before something happens to it. */
  async ready(...more: string[]): Promise<void> {
    if (this.#isReady) return;
    const run = await this.person.ws(this.up(...more));
    if (run.status !== 0) throw new Error(`ws ${this.up(...more).join(' ')} failed: ${run.stderr}`);
    this.#isReady = true;
  }

  /** Changes the pod's template by hand, and ends the pod before: it lets people in until it has gone. */
  async changePod(pod: Record<string, unknown>): Promise<void> {
    await this.ready();
    const old = (await this.kubectl(['get', 'pods', '-l', 'app.kubernetes.io/name=ws-workspace', '-o', 'name'])).trim();
    const patch = JSON.stringify({ spec: { template: { spec: pod } } });
    await this.kubectl(['patch', 'deployment', `ws-${WORKSPACE}`, '-p', patch]);
    await this.kubectl(['delete', old, '--grace-period=1', '--ignore-not-found']);
  }

  /** A file in the person's home; its path. */
  file(name: string, text: string, mode = 0o600): string {
    const file = path.join(this.person.home, name);
    writeFileSync(file, text, { mode });
    return file;
  }

  /** A folder of this machine, which its node sees too, for a volume. Everybody may write to it. */
  makeFolder(): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'ws-volume-'));
    chmodSync(folder, 0o777);
    this.defer(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  /** kubectl in the namespace, with an administrator's rights. */
  kubectl(words: string[], input?: string): Promise<string> {
    return this.cluster(['-n', this.namespace, ...words], input);
  }

  /** kubectl for what belongs to no namespace. */
  async cluster(words: string[], input?: string): Promise<string> {
    const done = await runProgram('kubectl', ['--kubeconfig', getKubeconfig(), ...words], { input });
    if (done.status === 0) return done.stdout;
    throw new Error(`kubectl ${words.join(' ')} failed: ${done.stderr}`);
  }

  /** Makes objects; those that belong to no namespace go with the stage. */
  async create(...objects: KubeObject[]): Promise<void> {
    for (const object of objects) {
      await this.kubectl(['create', '-f', '-'], JSON.stringify(object));
      const { kind, metadata } = object;
      if (CLUSTER_WIDE.includes(kind))
        this.defer(() => this.cluster(['delete', kind, metadata.name, '--ignore-not-found', '--wait=false']));
    }
  }

  /** A shell of the person's, for a command as it was printed. */
  shell(line: string, environment: Record<string, string> = {}, signal?: AbortSignal): Promise<Run> {
    return runProgram('sh', ['-c', `exec ${line}`], {
      environment: { ...this.person.environment, ...environment },
      signal,
    });
  }

  /** Has something undone at the end, the last one first. */
  defer(undo: () => unknown): void {
    this.#undo.push(undo);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const undo of this.#undo.reverse()) {
      try {
        await undo();
      } catch {
        // The next one is to be undone all the same.
      }
    }
    this.person[Symbol.dispose]();
  }
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; [field: string]: unknown };
  [field: string]: unknown;
}

const CLUSTER_WIDE = [
  ...['Node', 'PersistentVolume', 'StorageClass', 'PriorityClass', 'ClusterRole', 'ClusterRoleBinding'],
  ...['ValidatingWebhookConfiguration', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
];

interface ProgramOptions {
  input?: string | undefined;
  environment?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** Runs a program to its end without keeping the others waiting. */
export function runProgram(program: string, words: string[], options: ProgramOptions = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      words,
      {
        env: options.environment ?? process.env,
        maxBuffer: 64 * 1024 * 1024,
        timeout: 120_000,
        signal: options.signal,
      },
      (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ status, stdout, stderr: stderr === '' && error !== null ? error.message : stderr });
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
  });
}
