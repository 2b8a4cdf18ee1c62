/** Somebody who reads a page and types what it says: a home, a namespace and the installed package of their own. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawn as spawnPty } from '@lydell/node-pty';
import { lock } from 'proper-lockfile';
import { Terminal } from '../app/running/run-ws.ts';
import { getKubeconfig, makeNamespace, type TestNamespace } from '../cluster-under-test.ts';
import type { Treatment } from './plan.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const PROMPT = /~ \$ $/;

/** Lines that open a port of this machine. Two pages name the same ports, and their readers type at the same time. */
const TAKES_PORT = /\bforward\b|\bws ssh .*-[LRD] |--socks/;
const PORTS_LOCK = {
  lockfilePath: path.join(tmpdir(), 'ws-documents-ports.lock'),
  // Longer than a line may take, since a shell that we wait for keeps the lock from being renewed.
  stale: 300_000,
  retries: { retries: 2000, factor: 1, minTimeout: 200 },
};

export interface Outcome {
  status: number;
  output: string;
}

type Run = Exclude<Treatment, { not: string }>;

/** `npm pack` once for all pages: the build is the run's own. */
export function pack(): { file: string; folder: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'ws-packed-'));
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
  const [name = ''] = readdirSync(folder);
  return { file: path.join(folder, name), folder };
}

export class Reader implements Disposable {
  readonly home = mkdtempSync(path.join(tmpdir(), 'ws-reader-'));
  readonly #space: TestNamespace;
  readonly #environment: Record<string, string>;

  constructor(packed: string, page: string, port: number, helm: string) {
    this.#space = makeNamespace(`docs-${path.basename(page, '.md').toLowerCase().slice(0, 12)}`);
    const at = (...parts: string[]) => path.join(this.home, ...parts);
    for (const folder of ['bin', 'npm', 'run', '.ssh']) mkdirSync(at(folder), { mode: 0o700 });
    for (const name of ['chart', 'docs']) symlinkSync(path.join(ROOT, name), at(name));
    copyFileSync(packed, at(path.basename(packed)));
    copyFileSync(getKubeconfig(), at('kubeconfig'));
    const environment = {
      HOME: this.home,
      PATH: [at('bin'), at('npm', 'bin'), process.env['PATH']].join(':'),
      KUBECONFIG: at('kubeconfig'),
      XDG_RUNTIME_DIR: at('run'),
      npm_config_prefix: at('npm'),
      npm_config_cache: at('npm', 'cache'),
      // The keyring, which is optional, would be fetched from a registry.
      npm_config_offline: 'true',
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      SPACE: this.#space.name,
      PORT: String(port),
      WS_SHARE: 'no',
    };
    this.#environment = environment;
    // ssh goes by the home of passwd, and the pages mean the reader's. Its question about a host key is a person's.
    const config = [
      'Host *',
      `  IdentityFile ${at('.ssh', 'id_ed25519')}`,
      `  UserKnownHostsFile ${at('.ssh', 'known_hosts')}`,
      '  StrictHostKeyChecking accept-new',
    ];
    writeFileSync(at('.ssh', 'config'), `${config.join('\n')}\n`, { mode: 0o600 });
    this.#script('ssh', `exec ${find('ssh')} -F "$HOME/.ssh/config" "$@"`);
    this.#script('scp', `exec ${find('scp')} -S "$HOME/bin/ssh" -F "$HOME/.ssh/config" "$@"`);
    this.#script('sftp', `exec ${find('sftp')} -S "$HOME/bin/ssh" -F "$HOME/.ssh/config" "$@"`);
    this.#script('helm', `exec ${find(helm)} "$@"`);
    this.prepare(
      [
        "ssh-keygen -q -t ed25519 -N '' -C me@laptop -f ~/.ssh/id_ed25519",
        'kubectl config rename-context "$(kubectl config current-context)" work >/dev/null',
        'kubectl config set-context work --namespace "$SPACE" >/dev/null',
        'npm install --global --silent --no-audit --no-fund ./ws-workspace-*.tgz',
      ].join('\n'),
    );
  }

  #script(name: string, text: string): void {
    writeFileSync(path.join(this.home, 'bin', name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  }

  /** Throws when it fails: then the page was not tried. */
  prepare(script: string): void {
    const { status, output } = this.#shell(inOwnSpace(script));
    if (status !== 0) throw new Error(`the preparation failed: ${script}\n${output}`);
  }

  async type(line: string, treatment: Run): Promise<Outcome> {
    if (!TAKES_PORT.test(line)) return this.#typeNow(line, treatment);
    const release = await lock(tmpdir(), PORTS_LOCK);
    try {
      return await this.#typeNow(line, treatment);
    } finally {
      await release();
    }
  }

  #typeNow(line: string, { as = (text) => text, types, until }: Run): Promise<Outcome> | Outcome {
    const script = inOwnSpace(as(line));
    if (types !== undefined) return this.#onTerminal(script, types);
    return until === undefined ? this.#shell(script) : this.#untilSaid(script, until);
  }

  #shell(script: string): Outcome {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
      cwd: this.home,
      env: this.#environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 200_000,
      killSignal: 'SIGKILL',
    });
    return { status: status ?? -1, output: `${stdout}${stderr}` };
  }

  #untilSaid(script: string, until: RegExp): Promise<Outcome> {
    const child = spawn('bash', ['-c', `exec ${script}`], {
      cwd: this.home,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const limit = setTimeout(() => child.kill('SIGKILL'), 60_000);
    let isStopped = false;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (isStopped || !until.test(output)) return;
        isStopped = true;
        child.kill('SIGINT');
      });
    return new Promise((resolve) =>
      child.once('close', (code) => {
        clearTimeout(limit);
        resolve({ status: code ?? -1, output });
      }),
    );
  }

  /** Types a key again and again until there is a shell, and leaves it. */
  async #onTerminal(script: string, key: string): Promise<Outcome> {
    const pty = spawnPty('bash', ['-c', script], {
      cols: 100,
      rows: 40,
      cwd: this.home,
      env: this.#environment,
      name: 'xterm-256color',
    });
    const terminal = new Terminal(pty);
    let isOver = false;
    const status = terminal.exit(180_000).finally(() => {
      isOver = true;
    });
    const typing = (async () => {
      while (!isOver) {
        await new Promise((resolve) => setTimeout(resolve, 700));
        if (!isOver) terminal.type(PROMPT.test(terminal.text) ? 'exit\r' : key);
      }
    })();
    try {
      return { status: await status, output: terminal.text };
    } finally {
      await typing;
    }
  }

  [Symbol.dispose](): void {
    this.#shell('kubectl delete namespace "$SPACE-team" "$SPACE-new" --wait=false --ignore-not-found');
    this.#space[Symbol.dispose]();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** The pages call a namespace `team`, which others on this cluster may have as well. */
function inOwnSpace(script: string): string {
  return script.replaceAll(/\bnamespace team\b/g, 'namespace "$SPACE-team"');
}

function find(program: string): string {
  return execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).trim();
}

export function findFreePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    }),
  );
}
