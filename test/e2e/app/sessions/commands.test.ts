/** What is typed after `ws ssh`: as ssh where people think of ssh, and commands that go on in tmux. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { eventually } from '../../operator/release.ts';
import { makePerson, type Person } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;

beforeAll(async () => {
  place = makeNamespace('app-commands');
  person = makePerson(place.name);
  await person.make('dev');
});
afterAll(() => {
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
});

describe('a command', () => {
  it.each<[string[], string]>([
    [['dev', 'echo', 'a', '  b'], 'a b\n'],
    [['dev', 'sh', '-c', '"exit 0"', '--help'], ''],
    [['-w', 'dev', 'echo', 'dev'], 'dev\n'],
    [['dev', 'echo', '-n', 'x', '--', '--help'], 'x -- --help'],
    [['dev', '--no-share', '--', 'echo', 'marked'], 'marked\n'],
    [['dev', '--keep-words', 'printf', '%s|', 'a  b', "it's", '$HOME'], "a  b|it's|$HOME|"],
    [['dev', '--accept-host-key', 'SHA256:x', 'ls', '--version'], expect.stringContaining('coreutils')],
  ])('ws ssh %j', async (words, stdout) => {
    expect(await person.ws(['ssh', ...words])).toEqual({ status: 0, stdout, stderr: '' });
  });

  it('for a workspace that is not there is refused with the line that was meant', async () => {
    const run = await person.ws(['ssh', 'make', 'test']);
    expect(run).toMatchObject({ status: 255, stdout: '' });
    expect(run.stderr).toContain('There is no workspace make');
    expect(run.stderr).toMatch(/Try:\n {4}ws ssh dev make test\n/);
    const flags = await person.ws(['ssh', '--no-share', 'make', 'all', '-j4']);
    expect(flags.stderr).toMatch(/Try:\n {4}ws ssh dev --no-share -- make all -j4\n/);
    const own = await person.ws(['ssh', 'make', '-j4']);
    expect(own.status).toBe(2);
    expect(own.stderr).toMatch(/Try:\n {4}ws ssh -- make -j4\n {6}if make is no workspace, but a command\n/);
    const path = await person.ws(['ssh', './run.sh', 'fast']);
    expect(path.status).toBe(2);
    expect(path.stderr).toMatch(/ws ssh -- \.\/run\.sh fast\n/);
  });
});

describe('a command in tmux', () => {
  const READ = "tmux capture-pane -p -J -S - -t '=job:'";

  it('is started and left in one line without a terminal, is there to look at, and stays readable', async () => {
    const words = ['--tmux=job', '-d', '--', 'echo begun; sleep 1; (exit 3)'];
    expect(await person.ws(['ssh', 'dev', ...words])).toEqual({
      status: 0,
      stdout: `Started tmux session job\nRead the last 50,000 lines that it printed: ws ssh dev -- ${READ}\n`,
      stderr: '',
    });
    const read = async () => (await person.ws(['ssh', 'dev', '--', READ])).stdout;
    await eventually(read, (text) => /begun\n\n\[ws\] The command ended with status 3\./.test(text));
    const shell = await person.ws(['ssh', 'dev', '--tmux=job', '-d']);
    expect(shell).toMatchObject({ status: 255, stdout: '' });
    expect(shell.stderr).toMatch(
      /tmux session job is there already[\s\S]*Try:\n {4}ws ssh dev -- tmux capture-pane -p -J -S - -t '=job:'\n/,
    );
    // With its last session tmux ends, and who comes meanwhile ends with it.
    const end = 'tmux kill-session -t job; while pgrep -x tmux; do sleep 0.1; done';
    expect(await person.ws(['ssh', 'dev', end])).toMatchObject({ status: 0 });
  });

  it('reads what is piped in to its end, though nobody attaches', async () => {
    const input = 'a b\n'.repeat(500_000);
    const words = ['ssh', 'dev', '--tmux=fed', '-d', '--', 'wc -c; ls /tmp/ws-input.* 2>/dev/null | wc -l'];
    expect(await person.ws(words, { input })).toMatchObject({ status: 0, stderr: '' });
    const read = async () => (await person.ws(['ssh', 'dev', 'tmux capture-pane -p -t fed'])).stdout;
    await eventually(read, (text) => /^2000000\n0\n\n\[ws\] The command ended with status 0\./.test(text));
    const end = 'tmux kill-session -t fed; while pgrep -x tmux; do sleep 0.1; done';
    expect(await person.ws(['ssh', 'dev', end])).toMatchObject({ status: 0 });
    const shell = await person.ws(['ssh', 'dev', '--tmux=fed', '-d'], { input: 'lost' });
    expect(shell).toMatchObject({ status: 2, stdout: '' });
    const large = await person.ws(words, { input: 'x'.repeat(10 * 2 ** 20 + 1) });
    expect(large).toMatchObject({ status: 2, stdout: '' });
    expect(large.stderr).toContain('more than 10 MiB');
  });

  it('keeps its quotes, its Ctrl-C and its colours, and is said not to be run again', async () => {
    const environment = { COLORTERM: 'truecolor' };
    Object.assign(person.environment, environment);
    const script = `echo "it's" $COLORTERM; sleep 1000`;
    const first = person.onTerminal(['ssh', 'dev', '--tmux=work', '--', script]);
    await first.see(/it's truecolor/);
    const second = person.onTerminal(['ssh', 'dev', '--tmux=work', '--', 'echo never']);
    await second.see(/the command was not run/);
    // What is typed before tmux draws does not reach the pane.
    await second.see(/it's truecolor/);
    second.type('\x03');
    await second.see(/The command ended with status 130/);
    second.type('exit\r');
    for (const terminal of [first, second]) expect(await terminal.exit()).toBe(0);
    expect(second.text).toContain('tmux session work is there already: attached, and the command was not run');
    expect(second.text).not.toContain('never');
  });

  it('has a name after =, and a word after it is asked about', async () => {
    const run = await person.ws(['ssh', 'dev', '--tmux', 'job']);
    expect(run.status).toBe(2);
    // Nobody can attach without a terminal, and such a line would be refused as well.
    expect(run.stderr).toContain('ws ssh dev --tmux=job --detach -- COMMAND\n');
    const missing = await person.ws(['ssh', '--tmux', 'job', '-d']);
    expect(missing.stderr).toMatch(/Try:\n {4}ws ssh dev --tmux=job -d\n/);
    expect((await person.ws(['ssh', 'dev', '-d', 'make'])).stderr).toContain(
      'ws ssh dev --tmux=main --detach -- make\n',
    );
    const seen = await person.ws(['ssh', 'dev', '--tmux=job', 'make']);
    expect(seen.stderr).toContain('ws ssh dev --tmux=job --detach -- make\n');
  });
});

it('COLORTERM reaches shells, commands on a terminal and new windows of an old tmux', async () => {
  person.environment['COLORTERM'] = 'truecolor';
  const shell = person.onTerminal(['ssh', 'dev']);
  await shell.see(/dev ~ \$ /);
  shell.type('echo "<$COLORTERM>"; exit\r');
  await shell.see(/<truecolor>/);
  expect(await shell.exit()).toBe(0);
  const command = person.onTerminal(['ssh', 'dev', '-t', 'echo "<$COLORTERM>"']);
  await command.see(/<truecolor>/);
  expect(await command.exit()).toBe(0);
  const plain = await person.ws(['ssh', 'dev', 'echo "<$COLORTERM>"']);
  expect(plain.stdout).toBe('<>\n');
  delete person.environment['COLORTERM'];
  expect(await person.ws(['ssh', 'dev', '--tmux=old', '-d'])).toMatchObject({ status: 0 });
  person.environment['COLORTERM'] = '24bit';
  const attached = person.onTerminal(['ssh', 'dev', '--tmux=old']);
  await attached.see(/dev ~ \$ /);
  attached.type('\x02c');
  attached.type('echo "<$COLORTERM>"\r');
  await attached.see(/<24bit>/);
  attached.type('tmux kill-session\r');
  expect(await attached.exit()).toBe(0);
});
