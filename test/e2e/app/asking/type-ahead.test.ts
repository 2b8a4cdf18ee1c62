/**
 * Keys that are typed while a checklist is drawn: they are for the shell that follows, and neither drawn nor answers.
 */
import { spawn as spawnPty } from '@lydell/node-pty';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { makePerson, type Person, PROGRAM, Terminal } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;

beforeAll(() => {
  place = makeNamespace('app-type-ahead');
  person = makePerson(place.name);
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

const all = ['--yes', '--storage-class', 'none'];

/** A shell of one's own, whose prompt is `P> `, on a terminal. */
function openShell(): Terminal {
  const env = { ...person.environment, PS1: 'P> ', WS: `${process.execPath} ${PROGRAM}` };
  return new Terminal(
    spawnPty('bash', ['--norc', '--noprofile', '-i'], { cols: 80, rows: 24, env, name: 'xterm-256color' }),
  );
}

it('reach the shell of the workspace, and not the picture', async () => {
  const up = person.onTerminal(['up', 'dev', ...all]);
  await up.see(/● (Installing|Waiting)/);
  up.type('echo typed-$((40+2))\r');
  await up.see(/typed-42/);
  const [picture = '', shell = ''] = up.text.split('leave: exit or ~.');
  expect(picture).not.toContain('typed');
  expect(shell.match(/echo typed/g)?.length).toBeGreaterThan(0);
  up.type('exit\r');
  expect(await up.exit()).toBe(0);
});

it('reach the own shell where no other follows, which has its echo again', async () => {
  const shell = openShell();
  await shell.see(/P> $/);
  shell.type(`$WS up two ${all.join(' ')} --no-shell\r`);
  await shell.see(/● (Installing|Waiting)/);
  shell.type('echo next-$((1+1))\r');
  await shell.see(/next-2\s+P> $/);
  expect(shell.text.split('is up. Log in')[0]).not.toContain('next-');
  shell.type('stty -a | grep -o "[-]*echo " | head -1\r');
  await shell.see(/head -1\s+echo\s+P> $/);
  // Stopped, the terminal is the shell's; continued, it is quiet again.
  shell.type(`$WS up three ${all.join(' ')} --no-shell\r`);
  await shell.see(/up three[\s\S]*● (Installing|Waiting)/);
  shell.type('\x1a');
  await shell.see(/Stopped[\s\S]*P> $/);
  shell.type('stty -a | grep -o "[-]*icanon" | sed s/i/I/\r');
  await shell.see(/\sIcanon\s+P> $/);
  shell.type('fg\r');
  await shell.see(/three is up\. Log in[\s\S]*P> $/);
  shell.type('exit\r');
  expect(await shell.exit()).toBe(0);
});

it('end it by Ctrl-C as ever, and the terminal is as before', async () => {
  const shell = openShell();
  await shell.see(/P> $/);
  shell.type(`$WS up four ${all.join(' ')} --no-shell\r`);
  await shell.see(/● (Installing|Waiting)/);
  shell.type('x\x03');
  await shell.see(/(goes on starting|may be made in part|Nothing was changed)[\s\S]*P> x?$/);
  shell.type('\x15echo status-$?; stty -a | grep -o "[-]*echo " | head -1\r');
  await shell.see(/head -1\s+status-130\s+echo\s+P> $/);
  shell.type('exit\r');
  expect(await shell.exit()).toBe(0);
});

it('answer no question that comes between, and are there after it', async () => {
  const session = person.onTerminal(['ssh', 'two']);
  await session.see(/two ~ \$ $/);
  const change = person.onTerminal(['up', 'two', '--user', 'alice']);
  await change.see(/Installing/);
  change.type('y');
  await change.see(/Restart workspace two, which ends what runs in it\? y\/N/);
  // The answer that was typed too early would have begun the restart by now.
  change.type('n');
  expect(await change.exit()).toBe(130);
  expect(change.text).toContain('Nothing was changed');
  session.type('exit\r');
  expect(await session.exit()).toBe(0);
});

it('answer no menu that is not drawn yet', async () => {
  const down = person.onTerminal(['down', 'two']);
  down.type('\r');
  down.type('\ry');
  await down.see(/Esc: cancel|y\/N/);
  // What was typed would have answered by now.
  await new Promise((resolve) => setTimeout(resolve, 500));
  down.type('\x03');
  expect(await down.exit()).toBe(130);
  expect((await person.ws(['status', 'two'])).status).toBe(0);
});
