/**
 * How remote editors start their servers, by the shape that their makers describe. VS Code and its kin feed a script to
 * a shell, wait for a port between marks, and come to it through the same connection. JetBrains' Gateway copies a
 * worker by SFTP, runs it, reads a link, and forwards a port. Their servers here are a few lines of Python.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePorts } from '../e2e/app/running/free-ports.ts';
import { eventually } from '../e2e/operator/release.ts';
import { keepFigure, times } from '../figures/figures.ts';
import { run } from './programs.ts';
import { Workplace } from './workplace.ts';

const WINDOWS = times(20, 3);

let workplace: Workplace;
let config: string;
beforeAll(async () => {
  workplace = new Workplace('editors');
  await workplace.up();
  const { status, stderr } = await workplace.person.ws(['config-ssh', '--yes']);
  expect(status, stderr).toBe(0);
  config = path.join(workplace.person.home, '.ssh/config');
  packServer();
});
afterAll(() => workplace?.[Symbol.dispose]());

/** Answers each request with its process ID, on a port that it chooses and on a Unix socket. */
const SERVER = `
import http.server, os, socketserver, sys, threading
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"pid %d" % os.getpid())
    def log_message(self, *_): pass
    def address_string(self): return ""
class OnSocket(socketserver.ThreadingMixIn, socketserver.UnixStreamServer): pass
port = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
os.path.exists(sys.argv[1]) and os.unlink(sys.argv[1])
threading.Thread(target=OnSocket(sys.argv[1], Answer).serve_forever).start()
print("Extension host agent listening on %d" % port.server_port, flush=True)
print("Join link: tcp://127.0.0.1:%d#jt=token" % port.server_port, flush=True)
port.serve_forever()
`;

/** The archive that editors download, here on the laptop. */
function packServer(): void {
  const folder = path.join(workplace.person.home, 'server');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'server.py'), SERVER);
  writeFileSync(path.join(folder, 'server.sh'), '#!/bin/sh\nexec python3 "$(dirname "$0")/server.py" "$@"\n', {
    mode: 0o755,
  });
  execFileSync('tar', ['-czf', `${folder}.tar.gz`, '-C', folder, '.']);
}

/** A shell that reads this has the server running at its end, started by it or by one before. */
const SCRIPT = `
folder=$HOME/.editor-server
mkdir -p "$folder/bin"
echo "mark: running"
if [ ! -x "$folder/bin/server.sh" ]; then
  echo "mark: trigger_server_download"
  until [ -f "$folder/server.tar.gz.done" ]; do sleep 0.1; done
  tar -xzf "$folder/server.tar.gz" -C "$folder/bin"
fi
if ! { [ -f "$folder/pid" ] && kill -0 "$(cat "$folder/pid")" 2>/dev/null; }; then
  "$folder/bin/server.sh" "$folder/socket" > "$folder/log" 2>&1 < /dev/null &
  echo $! > "$folder/pid"
fi
until port=$(sed -n 's/^Extension host agent listening on //p' "$folder/log") && [ -n "$port" ]; do sleep 0.1; done
echo "mark: start"
echo "listeningOn==$port=="
echo "exitCode==0=="
echo "mark: end"
`;

const ssh = (...words: string[]) => ['-F', config, '-o', 'BatchMode=yes', ...words];
const client = (program: string, words: string[], input = '') =>
  run(program, words, workplace.person.environment, input);

/** A window of VS Code: a shell without a terminal, whose stdin stays open while the window does. */
class Window implements AsyncDisposable {
  readonly #shell;
  #said = '';

  constructor(words: string[]) {
    this.#shell = spawn('ssh', ssh('-T', ...words, 'ws-dev', 'sh'), {
      env: workplace.person.environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#shell.stdout.on('data', (chunk: Buffer) => {
      this.#said += String(chunk);
    });
    this.#shell.stdin.on('error', () => undefined).write(SCRIPT);
  }

  async see(pattern: RegExp): Promise<string> {
    const said = await eventually(
      () => this.#said,
      (text) => pattern.test(text),
      120_000,
    );
    return pattern.exec(said)?.[1] ?? '';
  }

  async port(): Promise<number> {
    await this.see(/(mark: end)/);
    return Number(await this.see(/listeningOn==(\d+)==/));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#shell.once('close', resolve));
    this.#shell.kill();
    await closed;
  }
}

async function get(url: string, ...words: string[]): Promise<string> {
  const { status, stdout, stderr } = await client('curl', ['-sS', '-q', '--max-time', '60', ...words, url]);
  expect(status, stderr).toBe(0);
  return stdout;
}

describe('the way of VS Code', () => {
  it('a script on stdin brings a server, which every later window finds, and which outlives them all', async () => {
    const pids = new Set<string>();
    for (let window = 0; window < WINDOWS; window += 1) {
      const socks = await findFreePorts(1);
      await using open = new Window(['-D', String(socks)]);
      if (window === 0) {
        await open.see(/(trigger_server_download)/);
        const archive = path.join(workplace.person.home, 'server.tar.gz');
        const copied = await client('scp', ssh('-q', archive, 'ws-dev:.editor-server/server.tar.gz'));
        expect(copied.status, copied.stderr).toBe(0);
        expect((await client('ssh', ssh('ws-dev', 'touch .editor-server/server.tar.gz.done'))).status).toBe(0);
      }
      const port = await open.port();
      const through = ['--proxy', `socks5h://127.0.0.1:${socks}`];
      const answers = await Promise.all(Array.from({ length: 10 }, () => get(`http://127.0.0.1:${port}/`, ...through)));
      for (const answer of answers) pids.add(answer);
    }
    expect([...pids]).toEqual([expect.stringMatching(/^pid \d+$/)]);
    const alive = await client('ssh', ssh('ws-dev', 'kill -0 $(cat .editor-server/pid) && echo alive'));
    expect(alive.stdout).toBe('alive\n');
    keepFigure('clients', {
      what: "VS Code's way: a script on stdin, a server that stays, `-D`",
      goal: 'each window finds the server of the first',
      figure: `${WINDOWS} windows after each other, one server`,
      isMet: true,
    });
  });

  it('a Unix socket of the server, as remoteServerListenOnSocket asks for', async () => {
    const local = path.join(workplace.person.home, 'editor.sock');
    await using open = new Window(['-L', `${local}:/home/developer/.editor-server/socket`]);
    await open.port();
    expect(await get('http://editor/', '--unix-socket', local)).toMatch(/^pid \d+$/);
  });
});

describe('the way of JetBrains', () => {
  it('a worker by SFTP, a link on its output, a forwarded port', async () => {
    const archive = path.join(workplace.person.home, 'server.tar.gz');
    const batch = '-mkdir .cache\n-mkdir .cache/JetBrains\nput server.tar.gz .cache/JetBrains/worker.tar.gz\n';
    const copied = await client(
      'sh',
      ['-c', `cd ${path.dirname(archive)} && sftp ${ssh('-b', '-', 'ws-dev').join(' ')}`],
      batch,
    );
    expect(copied.status, copied.stderr).toBe(0);
    const prepared = await client('ssh', ssh('ws-dev', 'uname -sm; cd .cache/JetBrains && tar -xzf worker.tar.gz'));
    expect(prepared).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Linux \S+\n$/) });
    const start = 'cd .cache/JetBrains; nohup setsid ./server.sh $PWD/socket > log 2>&1 < /dev/null & sleep 0.1';
    expect((await client('ssh', ssh('ws-dev', start))).status).toBe(0);
    const link = async () => (await client('ssh', ssh('ws-dev', 'cat .cache/JetBrains/log'))).stdout;
    const log = await eventually(link, (text) => text.includes('Join link'), 120_000);
    const remote = /^Join link: tcp:\/\/127\.0\.0\.1:(\d+)#jt=token$/m.exec(log)?.[1];
    const local = await findFreePorts(1);
    const forward = spawn(
      'ssh',
      ssh('-N', '-o', 'ExitOnForwardFailure=yes', '-L', `${local}:127.0.0.1:${remote}`, 'ws-dev'),
      {
        env: workplace.person.environment,
        stdio: 'inherit',
      },
    );
    try {
      await eventually(
        async () => (await client('curl', ['-sS', `http://127.0.0.1:${local}/`])).stdout,
        (text) => /^pid \d+$/.test(text),
        120_000,
      );
    } finally {
      forward.kill();
    }
    keepFigure('clients', {
      what: "JetBrains' way: a worker by SFTP, a link on its output, `-L`",
      goal: 'it answers',
      figure: 'it answers',
      isMet: true,
    });
  });
});
