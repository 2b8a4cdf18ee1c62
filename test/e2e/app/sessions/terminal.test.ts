import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TmuxScreen } from '../../../../scripts/tmux-screen.ts';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { PROGRAM } from '../running/golden.ts';
import { finish, makePerson, type Person } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;

beforeAll(() => {
  place = makeNamespace('app-tty');
  person = makePerson(place.name);
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

describe('ws up on a terminal', () => {
  it('asks in one form and ends in the shell, goes straight there the next time, and ws down asks about the home', async () => {
    const terminal = person.onTerminal(['up', 'dev']);
    await terminal.see(/New workspace dev[\s\S]*Username/);
    terminal.type('\r');
    await terminal.see(/● User ID/);
    // UID 0 is refused while it is typed, and cannot be left.
    terminal.type('\x150\r');
    await terminal.see(/0 is root/);
    terminal.type('\x151234\r');
    await terminal.see(/❯ ws-local/);
    // Past the last entry the choice stays on it: no storage.
    terminal.type('\x1b[B\x1b[B');
    await terminal.see(/❯ none/);
    terminal.type('\r');
    await terminal.see(/❯ .*id_ed25519/);
    terminal.type('\r');
    await terminal.see(
      /ws\s+up\s+dev\s+--user\s+developer\s+--uid\s+1234\s+--storage-class\s+none[\s\\]+--identity\s+\S+id_ed25519/,
    );
    terminal.type('\r');
    await terminal.see(/✓ Workspace ready[\s\S]*dev ~ \$ /, 60_000);
    terminal.type('id -u; stty size; echo $TERM; tput colors\r');
    await terminal.see(/1234\r\n24 80\r\nxterm-256color\r\n256/);
    terminal.resize(200, 50);
    terminal.type('until [ "$(stty size)" = "50 200" ]; do sleep 0.1; done; echo resized-$((40 + 2))\r');
    await terminal.see(/resized-42/);
    terminal.type('printf "%s" "grüße 漢字 🎉" | wc -m; exit 3\r');
    await terminal.see(/[\r\n]10\b/);
    expect(await terminal.exit()).toBe(3);

    const again = person.onTerminal(['up']);
    await again.see(/dev ~ \$ /);
    expect(again.text).not.toContain('New workspace');
    again.type('\r~.');
    expect(await again.exit()).toBeGreaterThan(0);

    const down = person.onTerminal(['down', 'dev']);
    await down.see(/Take down workspace dev/);
    down.type('\x1b[B');
    await down.see(/❯ Take it down and delete the host key/);
    down.type('\r');
    // What is lost for good is asked once more.
    await down.see(/Lost for good: [\s\S]*\?/);
    down.type('y');
    expect(await down.exit()).toBe(0);
    expect(
      kubectl(['-n', place.name, 'get', 'secret,deploy', '-l', 'app.kubernetes.io/name=ws-workspace', '-o', 'name']),
    ).toBe('');
  });

  it('leaves the terminal as it was after Ctrl-C in the form', async () => {
    const terminal = person.onTerminal(['up', 'other']);
    await terminal.see(/New workspace other/);
    terminal.type('\x03');
    expect(await terminal.exit()).toBe(130);
    // The cursor is shown again.
    expect(terminal.raw.lastIndexOf('\x1b[?25h')).toBeGreaterThan(terminal.raw.lastIndexOf('\x1b[?25l'));
    expect(kubectl(['-n', place.name, 'get', 'deploy', '-o', 'name'])).not.toContain('ws-other');
  });
});

describe('an interrupted ws up', () => {
  const words = (name: string) => ['up', name, '--yes', '--no-shell', '--storage-class', 'none', '--key', person.key];

  it('goes on at the next run after SIGKILL at ten moments, and leaves nothing over', async () => {
    for (let moment = 0; moment < 10; moment += 1) {
      const child = person.start(words('cut'));
      const ended = finish(child);
      await new Promise((resolve) => setTimeout(resolve, 150 + moment * 180));
      child.kill('SIGKILL');
      await ended;
    }
    const run = await person.ws(words('cut'));
    expect(run.status, run.stderr).toBe(0);
    expect(await person.ws(['ssh', 'cut', '--', 'echo fine'])).toMatchObject({ status: 0, stdout: 'fine\n' });
    const down = await person.ws(['down', 'cut', '--delete-home', '--yes']);
    expect(down.status, down.stderr).toBe(0);
    const left = kubectl(['-n', place.name, 'get', 'deploy,svc,secret,pvc,cm', '-o', 'name']);
    expect(left.split('\n').filter((line) => /\bws-cut\b/.test(line))).toEqual([]);
  });

  it('goes on at the next run, 20 of 20, after SIGKILL at random moments, with helm or without, and leaves nothing over', async () => {
    const startedAtMs = Date.now();
    const measured = await person.ws(words('cut-whole'));
    const wholeMs = Date.now() - startedAtMs;
    expect(measured.status, measured.stderr).toBe(0);
    const failures: string[] = [];
    // Four at a time: a busy machine cuts at more places than an idle one.
    await Promise.all(
      Array.from({ length: 4 }, async (_, worker) => {
        for (let round = 0; round < 5; round += 1) {
          const name = `cut-${worker}-${round}`;
          const moment = Math.random() * wholeMs;
          const child = person.start(words(name), { ownGroup: true });
          const ended = finish(child);
          await new Promise((resolve) => setTimeout(resolve, moment));
          try {
            process.kill(round % 2 === 0 ? -(child.pid ?? 0) : (child.pid ?? 0), 'SIGKILL');
          } catch {
            // It was done before its moment came.
          }
          await ended;
          for (const next of [words(name), ['ssh', name, '--', 'true'], ['down', name, '--delete-home', '--yes']]) {
            const run = await person.ws(next);
            if (run.status !== 0) failures.push(`${next.join(' ')}, killed after ${moment} ms: ${run.stderr}`);
          }
        }
      }),
    );
    expect(failures).toEqual([]);
    expect((await person.ws(['down', 'cut-whole', '--delete-home', '--yes'])).status).toBe(0);
    const left = kubectl(['-n', place.name, 'get', 'deploy,svc,secret,pvc,cm,pod', '-o', 'name']);
    expect(left.split('\n').filter((line) => line.includes('cut-'))).toEqual([]);
    expect(readFileSync(path.join(person.home, 'config/known_hosts'), 'utf8')).not.toContain('ws-cut-');
  }, 600_000);

  it('leaves the terminal as it was, and a state to go on from, after Ctrl-C at any moment', async () => {
    using screen = new TmuxScreen({ columns: 80, rows: 24, environment: person.environment, folder: person.home });
    const up = `'${process.execPath}' '${PROGRAM}' up halt --yes --storage-class none --key '${person.key}' --local-port 0`;
    const startedAtMs = Date.now();
    await screen.start(up);
    await screen.see(/halt ~ \$\s*$/);
    const wholeMs = Date.now() - startedAtMs;
    screen.type('exit', 'Enter');
    await screen.see(/\n\$\s*$/);
    for (let round = 0; round < 8; round += 1) {
      expect((await person.ws(['down', 'halt', '--delete-home', '--yes'])).status).toBe(0);
      await screen.start('before=$(stty -g)');
      await screen.start(up);
      const moment = (wholeMs * (round + Math.random())) / 8;
      await new Promise((resolve) => setTimeout(resolve, moment));
      screen.type('C-c');
      // It may have been up already: then the Ctrl-C was the remote shell's, whose prompt is another where it had not
      // come to setting it.
      const shown = await screen.see(/\$\s*$/);
      if (!/\n\$\s*$/.test(stripVTControlCharacters(shown))) await leaveShell(screen);
      await screen.see(/\n\$\s*$/);
      const after = await screen.run('[ "$(stty -g)" = "$before" ] && echo as it was');
      expect(stripVTControlCharacters(after), `after ${moment} ms`).toContain('\nas it was\n');
      const run = await person.ws(words('halt'));
      expect(run.status, `after ${moment} ms: ${run.stderr}`).toBe(0);
    }
    expect((await person.ws(['down', 'halt', '--delete-home', '--yes'])).status).toBe(0);
  }, 400_000);

  it('ends with 130 on Ctrl-C and says nothing wrong', async () => {
    const terminal = person.onTerminal([...words('stop'), '--image', 'nowhere.invalid/none:1']);
    await terminal.see(/● Waiting for the workspace/);
    terminal.type('\x03');
    expect(await terminal.exit()).toBe(130);
    expect((await person.ws(['down', 'stop', '--delete-home', '--yes'])).status).toBe(0);
  });

  it('names the image that cannot be pulled within seconds, and fails with what to do', async () => {
    const run = await person.ws([...words('image'), '--image', 'nowhere.invalid/none:1']);
    expect(run.status).toBe(5);
    expect(run.stderr).toMatch(/cannot be pulled[\s\S]*--image/);
    expect((await person.ws(['down', 'image', '--delete-home', '--yes'])).status).toBe(0);
  });

  it('makes one release when five run at once, and all five succeed', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => person.ws(words('five'))));
    expect(
      runs.map((run) => run.status),
      runs.map((run) => run.stderr).join('\n---\n'),
    ).toEqual([0, 0, 0, 0, 0]);
    expect(kubectl(['-n', place.name, 'get', 'deploy', '-l', 'ws.dev/workspace=five', '-o', 'name']).trim()).toBe(
      'deployment.apps/ws-five',
    );
    expect((await person.ws(['down', 'five', '--delete-home', '--yes'])).status).toBe(0);
  });
});

/** A bash that is interrupted while it starts draws its prompt twice, and loses a key that comes in between. */
async function leaveShell(screen: TmuxScreen): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    screen.type('C-u', 'exit', 'Enter');
    try {
      await screen.see(/\n\$\s*$/, 5000);
      return;
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
}
