/** One workspace on a throwaway cluster, and the two ways to it: `ws`, and kubectl with OpenSSH. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endProcessesAtHome, findHolder } from './processes.ts';
import { awaitLine, type RunOptions, runProgram } from './programs.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
export const CHART = path.join(ROOT, 'chart');
const PROGRAM = path.join(ROOT, 'bin/run.js');
export const USER = 'developer';

export class Stage {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'ws-bench-'));
  readonly key = path.join(this.folder, '.ssh', 'id_ed25519');
  readonly environment: Record<string, string>;
  readonly namespace = 'bench';
  readonly namespaces = new Set<string>();
  readonly children = new Set<ChildProcess>();

  constructor(kubeconfig: string) {
    mkdirSync(path.dirname(this.key), { mode: 0o700 });
    mkdirSync(path.join(this.folder, 'run'), { mode: 0o700 });
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bench', '-f', this.key]);
    // A copy: the context's namespace is set in it.
    const own = path.join(this.folder, 'kubeconfig');
    copyFileSync(kubeconfig, own);
    this.environment = {
      HOME: this.folder,
      PATH: process.env['PATH'] ?? '',
      KUBECONFIG: own,
      WS_CONFIG_DIR: path.join(this.folder, 'config'),
      WS_NAMESPACE: this.namespace,
      XDG_RUNTIME_DIR: path.join(this.folder, 'run'),
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
    };
  }

  /** The same stage, seen with other variables. */
  withEnvironment(changes: Record<string, string>): Stage {
    return Object.assign(Object.create(this) as Stage, { environment: { ...this.environment, ...changes } });
  }

  get apiServer(): URL {
    return new URL(this.kubectl('config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}'));
  }

  /** The words that run `ws`, by the very Node that runs this. */
  ws(...words: string[]): string[] {
    return [process.execPath, PROGRAM, ...words];
  }

  /** OpenSSH to a local port that leads to the workspace. */
  ssh(port: number, ...words: string[]): string[] {
    return ['ssh', ...this.sshOptions, '-p', String(port), `${USER}@127.0.0.1`, ...words];
  }

  get sshOptions(): string[] {
    const known = path.join(this.folder, 'known_hosts');
    const options = [
      'IdentitiesOnly=yes',
      `UserKnownHostsFile=${known}`,
      'StrictHostKeyChecking=accept-new',
      'LogLevel=ERROR',
    ];
    return ['-F', 'none', '-i', this.key, ...options.flatMap((option) => ['-o', option])];
  }

  run(words: string[], options: Omit<RunOptions, 'environment'> = {}): Promise<void> {
    return runProgram(words, { environment: this.environment, ...options });
  }

  kubectl(...words: string[]): string {
    return execFileSync('kubectl', words, { env: this.environment, encoding: 'utf8', maxBuffer: 1 << 28 });
  }

  /** The namespace, and the workspace `dev` in it. */
  async prepare(): Promise<void> {
    this.createNamespace(this.namespace);
    this.kubectl('config', 'set-context', '--current', `--namespace=${this.namespace}`);
    await this.up('dev');
  }

  createNamespace(name: string): void {
    this.kubectl('create', 'namespace', name);
    this.namespaces.add(name);
    this.kubectl('label', 'namespace', name, 'pod-security.kubernetes.io/enforce=restricted');
  }

  apply(objects: object): void {
    execFileSync('kubectl', ['apply', '-f', '-'], {
      env: this.environment,
      input: JSON.stringify(objects),
      stdio: ['pipe', 'ignore', 'inherit'],
    });
  }

  /** A process that runs beside the measurements; it ends with the stage at the latest. */
  start(words: string[]): ChildProcess {
    const [program = '', ...rest] = words;
    const child = spawn(program, rest, { env: this.environment, stdio: ['pipe', 'pipe', 'pipe'] });
    this.children.add(child);
    child.once('close', () => this.children.delete(child));
    return child;
  }

  async stop(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await closed;
  }

  /** A standing `kubectl port-forward` to a port of the workspace. */
  async portForward(workspace: string, port = 2222): Promise<{ port: number; child: ChildProcess }> {
    const child = this.start(['kubectl', 'port-forward', `deploy/ws-${workspace}`, `:${port}`]);
    const [, local] = await awaitLine(child, /127\.0\.0\.1:(\d+) ->/);
    return { port: Number(local), child };
  }

  async up(workspace: string): Promise<void> {
    const words = ['up', workspace, '--yes', '--no-shell', '--storage-class', 'none', '--key', this.key];
    await this.run(this.ws(...words, '--user', USER, '--uid', '1000'));
  }

  async down(workspace: string): Promise<void> {
    await this.run(this.ws('down', workspace, '--delete-home', '--yes'));
  }

  /** Has a connection to the workspace held for the commands to come. Returns the process that holds it. */
  async hold(workspace: string): Promise<number> {
    await this.run(this.ws('ssh', workspace, '--', 'true'));
    return findHolder(workspace, this.namespace);
  }

  /** Puts a program into a file of the workspace's home. */
  async put(workspace: string, name: string, text: string): Promise<void> {
    const file = path.join(this.folder, name);
    writeFileSync(file, text);
    await this.run(this.ws('ssh', '--no-share', workspace, '--', `cat > ${name}`), { inputFile: file });
  }

  /** Runs a script in the pod's container, beside the way that is measured. */
  inPod(workspace: string, script: string): string {
    return this.kubectl('exec', `deploy/ws-${workspace}`, '--', 'sh', '-c', `cd /home/${USER} && ${script}`);
  }

  dispose(): void {
    // The holder of a shared connection is nobody's child any more.
    endProcessesAtHome(this.folder);
    if (this.namespaces.size > 0)
      this.kubectl('delete', 'namespace', ...this.namespaces, '--ignore-not-found', '--wait=false');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
