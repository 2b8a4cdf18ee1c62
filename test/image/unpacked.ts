/** The very archive that clusters load, unpacked layer by layer, and programs run in it as a pod would. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type IPty, spawn as spawnPty } from '@lydell/node-pty';
import { LOGIN_PATH } from '../../src/contract/paths.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

export interface Config {
  User: string;
  Entrypoint: string[];
  Labels: Record<string, string>;
  Env: string[];
  ExposedPorts: Record<string, object>;
}

export class UnpackedImage {
  readonly archive: string;
  readonly rootfs: string;
  readonly config: Config;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'ws-image-'));

  constructor() {
    this.archive = execFileSync('bash', ['scripts/image.sh', 'archive'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }).trim();
    execFileSync('tar', ['-xf', this.archive, '-C', this.#folder]);
    const [manifest] = JSON.parse(readFileSync(path.join(this.#folder, 'manifest.json'), 'utf8')) as {
      Config: string;
      Layers: string[];
    }[];
    const config = readFileSync(path.join(this.#folder, manifest?.Config ?? ''), 'utf8');
    this.config = (JSON.parse(config) as { config: Config }).config;
    this.rootfs = path.join(this.#folder, 'rootfs');
    mkdirSync(this.rootfs);
    for (const layer of manifest?.Layers ?? []) {
      execFileSync('tar', ['-xf', path.join(this.#folder, layer), '-C', this.rootfs]);
      this.#applyWhiteouts();
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Paths below the image's root. */
  find(...expression: string[]): string[] {
    return execFileSync('find', [this.rootfs, '-xdev', ...expression], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .map((file) => file.slice(this.rootfs.length));
  }

  read(file: string): string {
    return readFileSync(path.join(this.rootfs, file), 'utf8');
  }

  /** A program of the image as its user; what it prints on either stream, whatever its status. */
  inside(command: string[]): string {
    const words = ['-c', '"$@" 2>&1 || true', 'sh', 'chroot', '--userspec=1000:1000', this.rootfs, ...command];
    return execFileSync('sh', words, { encoding: 'utf8' });
  }

  /** A home that is empty but for the skeleton, and gone with the image. */
  makeHome(): string {
    const home = mkdtempSync(path.join(this.#folder, 'home-'));
    execFileSync('cp', ['-rT', path.join(this.rootfs, 'etc/skel'), home]);
    execFileSync('chown', ['-R', '1000:1000', home]);
    return home;
  }

  /** What `ssh HOST COMMAND` of a pod would do: see `listWords`. */
  ssh(command: string, { home = this.makeHome(), env = {}, tools = '' }: Session = {}): Done {
    const [program = '', ...words] = this.#listWords(command, home, env, tools);
    const done = spawnSync(program, words, { encoding: 'utf8', timeout: 240_000 });
    return { status: done.status, text: `${done.stdout}${done.stderr}`.trim() };
  }

  /** The same on a terminal, as `ssh -t` has it. */
  sshOnTerminal(command: string, { home = this.makeHome(), env = {} }: Session = {}): IPty {
    const [program = '', ...words] = this.#listWords(command, home, env);
    return spawnPty(program, words, { cols: 100, rows: 30, name: env['TERM'] ?? 'xterm-256color' });
  }

  /**
   * A mount namespace of its own as the chart makes it: the root read-only, the home, /tmp and /run/ws not. In it the
   * user's shell, with the environment that Dropbear gives it, and the machine's way to the network.
   */
  #listWords(command: string, home: string, env: Record<string, string>, tools = ''): string[] {
    const variables = Object.entries({ ...SESSION, ...listNetworkVariables(), ...env });
    const shell = [
      'env',
      '-i',
      ...variables.map(([name, value]) => `${name}=${value}`),
      'bash',
      '-c',
      `cd\n${command}`,
    ];
    // With the shell ends whatever it left behind, tmux's server for one.
    return [
      'unshare',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      'bash',
      '-c',
      MOUNTS,
      'bash',
      this.rootfs,
      home,
      tools,
      ...shell,
    ];
  }

  /** A layer removes a file of the ones below by a file of its name after `.wh.` (OCI image specification, layers). */
  #applyWhiteouts(): void {
    for (const mark of this.find('-name', '.wh.*').map((file) => path.join(this.rootfs, file))) {
      const hidden = path.basename(mark).slice('.wh.'.length);
      rmSync(path.join(path.dirname(mark), hidden), { recursive: true, force: true });
      rmSync(mark, { force: true });
    }
  }
}

export interface Session {
  home?: string;
  env?: Record<string, string>;
  /** A folder of this machine, which is /mnt inside. */
  tools?: string | undefined;
}

export interface Done {
  status: number | null;
  /** Both streams. */
  text: string;
}

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

const MOUNTS = [
  'set -e; root=$1 home=$2 tools=$3; shift 3',
  'mount --make-rprivate /; mount --bind "$root" "$root"',
  'mount --rbind /dev "$root/dev"; mount -t proc proc "$root/proc"; mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"',
  'mount -t tmpfs -o uid=1000,gid=1000 tmpfs "$root/run/ws"; mount --bind "$home" "$root/home/developer"',
  // Certificates of this machine, which may be behind a proxy that re-signs TLS.
  `for file in /etc/resolv.conf ${BUNDLE}; do`,
  '  if [ -f "$file" ]; then touch "$root$file"; mount --bind "$(readlink -f "$file")" "$root$file"; fi; done',
  '[ -z "$tools" ] || mount --bind "$tools" "$root/mnt"',
  'mount -o remount,bind,ro "$root"',
  'exec chroot --userspec=1000:1000 "$root" "$@"',
].join('\n');

const SESSION = {
  HOME: '/home/developer',
  USER: 'developer',
  LOGNAME: 'developer',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  PATH: LOGIN_PATH,
  SSH_CLIENT: '127.0.0.1 40000 2222',
  SSH_CONNECTION: '127.0.0.1 40000 127.0.0.1 2222',
  WS_WORKSPACE: 'dev',
  // A folder of the user's to begin in, as Dropbear has it.
  PWD: '/home/developer',
};

function listNetworkVariables(): Record<string, string> {
  const names =
    /^((https?|no|all)_proxy|pip_(index_url|extra_index_url)|uv_(default_index|index_url)|goproxy|gosumdb)$/i;
  const found = Object.entries(process.env).filter(([name]) => names.test(name));
  const certificates = ['SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', 'CARGO_HTTP_CAINFO'];
  return {
    ...(existsSync(BUNDLE) ? Object.fromEntries(certificates.map((name) => [name, BUNDLE])) : {}),
    ...Object.fromEntries(found.map(([name, value]) => [name, value ?? ''])),
  };
}
