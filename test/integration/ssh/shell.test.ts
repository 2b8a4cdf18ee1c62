import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findMissing, makeKey, type Server, startServer } from './sshd.ts';

const missing = findMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), 'shell-program.ts');

describe.skipIf(missing !== undefined)('a shell on a real terminal', () => {
  let server: Server;
  let key: string;

  beforeAll(async () => {
    server = await startServer(['PermitUserRC no', 'AcceptEnv COLORTERM']);
    key = makeKey(join(server.directory, 'key'), 'ed25519');
    server.authorize(readFileSync(`${key}.pub`, 'utf8'));
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  /** A terminal in which a local shell runs the program and then prints how it left the terminal. */
  function open(change: { command?: string; redirect?: string; freeWith?: string } = {}): Screen {
    const { redirect = '', ...more } = change;
    const plan = { port: server.port, user: server.user, key, hostKeys: server.hostKeys, ...more };
    const script = `before=$(stty -g); "$0" "$1" "$2" ${redirect}; [ "$before" = "$(stty -g)" ] && echo "[terminal as before]"; echo "[done]"`;
    const pty = spawn('bash', ['-c', script, process.execPath, PROGRAM, JSON.stringify(plan)], {
      name: 'xterm-256color',
      cols: 97,
      rows: 31,
      env: { ...process.env, TERM: 'xterm-256color', COLORTERM: 'truecolor' },
    });
    return new Screen(pty);
  }

  const bare = 'exec env PS1="ready> " bash --norc --noprofile -i';

  async function expectRestored(screen: Screen): Promise<void> {
    await screen.until('[done]');
    expect(screen.text).toContain('[terminal as before]');
  }

  it('has the terminal’s size, name and colours, follows its size, and passes the status on', async () => {
    const screen = open({ command: bare });
    await screen.until('ready> ');
    await screen.type('stty size; echo "name:$TERM:$COLORTERM"; tty -s && echo tty-$((40 + 2))\r', 'tty-42\r\n');
    expect(screen.text).toContain('31 97');
    expect(screen.text).toContain('name:xterm-256color:truecolor');
    for (let columns = 60; columns <= 120; columns += 1) screen.pty.resize(columns, 40);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await screen.type('stty size; echo "now"\r', 'now\r\n');
    expect(screen.text).toContain('40 120');
    await screen.type('exit 42\r', '[outcome 42]');
    await expectRestored(screen);
  });

  it('starts while the terminal is not free yet, and touches it only then', async () => {
    const mark = join(server.directory, 'early');
    const free = join(server.directory, 'free');
    const screen = open({ command: `touch ${mark}; printf early; ${bare}`, freeWith: free });
    await waitUntil(() => existsSync(mark));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(screen.text).not.toContain('early');
    // Still the local terminal's own mode: it echoes.
    screen.pty.write('t');
    screen.pty.resize(90, 33);
    writeFileSync(free, '');
    await screen.until('ready> ');
    expect(screen.text).toMatch(/^t?\[free\]\r\n.*early.*ready> /s);
    await screen.type('\x15stty size\r', '33 90');
    await screen.type('exit\r', '[outcome 0]');
    await expectRestored(screen);
  });

  it('sends every key raw and gives every byte back: control keys, 24-bit colour, Unicode, mouse', async () => {
    const screen = open({
      command: 'stty raw -echo; printf go; head -c 9 | od -An -tx1; printf "\\033[38;2;1;2;3m✓漢\\033[0m end"',
    });
    await screen.until('go');
    await screen.type('\x03\x1a\x1c\x11\x13\x04\x1b[A', '[outcome 0]');
    expect(screen.text).toContain('03 1a 1c 11 13 04 1b 5b 41');
    expect(screen.text).toContain('\x1b[38;2;1;2;3m✓漢\x1b[0m end');
  });

  it('leaves a bare line feed bare: it is the cursor-down of full-screen programs', async () => {
    const screen = open({ command: 'stty raw -echo; printf "one\\ntwo\\r\\nthree"' });
    await screen.until('[outcome 0]');
    expect(screen.text).toContain('one\ntwo\r\nthree');
  });

  it('is raw again after it was stopped and continued', async () => {
    const screen = open({ command: bare });
    await screen.until('ready> ');
    const device = readlinkSync(`/proc/${screen.pty.pid}/fd/0`);
    const readModes = () => execFileSync('stty', ['-F', device, '-a'], { encoding: 'utf8' });
    process.kill(screen.childId, 'SIGSTOP');
    // As an interactive shell does for its own prompt.
    execFileSync('stty', ['-F', device, 'sane']);
    expect(readModes()).toContain(' icanon');
    process.kill(screen.childId, 'SIGCONT');
    await waitUntil(() => ['-icanon', '-opost', '-isig', '-echo '].every((mode) => readModes().includes(mode)));
    await screen.type('cat\r', 'cat\r\n');
    const interrupted = screen.text.length;
    await screen.type('\x03', '^C');
    // What is typed before the prompt goes with the interrupted line.
    await screen.until('ready> ', interrupted);
    await screen.type('exit\r', '[outcome');
    await expectRestored(screen);
  });

  it('leaves Ctrl-C and Ctrl-Z to the remote shell', async () => {
    const screen = open({ command: bare });
    await screen.until('ready> ');
    // A key that comes before the program runs is the shell's own.
    await screen.type('sh -c "echo runs-$((40 + 2)); exec sleep 100"\r', 'runs-42\r\n');
    await screen.type('\x1a', 'Stopped');
    await screen.type('fg; echo back\r', 'exec sleep 100"\r\n');
    await screen.type('\x03', '^C');
    await screen.type('echo status-$?\r', 'status-130');
    await screen.type('exit\r', '[outcome');
    await expectRestored(screen);
  });

  it('ends with ~. at the start of a line, explains with ~?, and sends ~~ as one', async () => {
    const screen = open({ command: bare });
    await screen.until('ready> ');
    await screen.type('~?', 'end the session');
    await screen.type('echo a~.b\r', 'a~.b\r\n');
    await screen.type('~~\x15echo x\r', 'x\r\n');
    await screen.type('~.', '[outcome 255]');
    expect(screen.text).toContain('[left]');
    await expectRestored(screen);
  });

  it('takes back what a program left on when the connection is lost', async () => {
    const command = 'printf "\\033[?1049h\\033[?1006;1002h\\033[?2004h\\033[?25lmodes-on"; sleep 60';
    const screen = open({ command });
    await screen.until('modes-on');
    process.kill(screen.childId, 'SIGUSR2');
    await screen.until('[outcome CONNECTION_LOST]');
    const end = screen.text.slice(screen.text.indexOf('modes-on'));
    for (const reset of ['\x1b[?1049l', '\x1b[?1006l', '\x1b[?1002l', '\x1b[?2004l', '\x1b[?25h'])
      expect(end).toContain(reset);
    await expectRestored(screen);
  });

  it('writes nothing of its own to a terminal that was left clean', async () => {
    const screen = open({ command: 'printf "\\033[?2004hx\\033[?2004lplain\\n"' });
    await screen.until('[done]');
    expect(screen.text).toContain('plain\r\n[outcome 0]');
  });

  it('restores the terminal when it is asked to end', async () => {
    const screen = open({ command: 'echo pid-up; sleep 60' });
    await screen.until('pid-up');
    process.kill(screen.childId, 'SIGTERM');
    await screen.until('[outcome INTERRUPTED]');
    await expectRestored(screen);
  });

  it('gives the whole output of a command whose input is closed', async () => {
    const screen = open({ command: 'echo first; cat; echo last', redirect: '</dev/null' });
    await screen.until('[outcome 0]');
    expect(screen.text).toMatch(/first\r*\n[\s\S]*last\r*\n/);
    await screen.until('[done]');
  });

  it('feeds a login shell from a pipe and ends with it', async () => {
    const screen = open({ redirect: '< <(printf "echo a-%s\\nexit 5" b)' });
    await screen.until('[outcome 5]');
    expect(screen.text).toContain('a-b');
    await screen.until('[done]');
  });
});

async function waitUntil(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries += 1) {
    if (tries > 3000) throw new Error('it did not come true');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

class Screen {
  readonly pty: IPty;
  text = '';

  constructor(pty: IPty) {
    this.pty = pty;
    pty.onData((data) => {
      this.text += data;
    });
  }

  /** The program, a child of the local shell. */
  get childId(): number {
    const { pid } = this.pty;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
  }

  async until(expected: string, from = 0): Promise<void> {
    const end = Date.now() + 60_000;
    while (!this.text.includes(expected, from)) {
      if (Date.now() > end) throw new Error(`"${expected}" did not come: ${JSON.stringify(this.text)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async type(keys: string, expected: string): Promise<void> {
    const from = this.text.length;
    this.pty.write(keys);
    await this.until(expected, from);
  }
}
