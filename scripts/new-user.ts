/** A new user on the cluster that KUBECONFIG names, with one key, nothing saved, and `ws` on the PATH. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PROGRAM = path.resolve(import.meta.dirname, '../bin/run.js');
const NAMESPACE = 'me';

export class NewUser implements Disposable {
  /** The pictures show it, so its name is plain. It must not exist yet. */
  readonly home = path.join(tmpdir(), 'me');

  readonly environment: Record<string, string> = {
    HOME: this.home,
    PATH: `${this.home}/bin:${process.env['PATH'] ?? ''}`,
    KUBECONFIG: process.env['KUBECONFIG'] ?? path.join(process.env['HOME'] ?? '', '.kube/config'),
    WS_CONFIG_DIR: `${this.home}/config`,
    WS_NAMESPACE: NAMESPACE,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
  };

  constructor() {
    mkdirSync(this.home);
    mkdirSync(`${this.home}/.ssh`, { mode: 0o700 });
    mkdirSync(`${this.home}/bin`);
    const wrapper = `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`;
    writeFileSync(`${this.home}/bin/ws`, wrapper, { mode: 0o755 });
    this.#run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'me@laptop', '-f', `${this.home}/.ssh/id_ed25519`]);
    this.#run('kubectl', ['create', 'namespace', NAMESPACE]);
    this.#run('kubectl', ['label', 'namespace', NAMESPACE, 'pod-security.kubernetes.io/enforce=restricted']);
  }

  [Symbol.dispose](): void {
    this.#run('kubectl', ['delete', 'namespace', NAMESPACE, '--wait=false']);
    rmSync(this.home, { recursive: true, force: true });
  }

  #run(program: string, words: string[]): void {
    execFileSync(program, words, { env: this.environment, cwd: this.home, stdio: ['ignore', 'pipe', 'inherit'] });
  }
}
