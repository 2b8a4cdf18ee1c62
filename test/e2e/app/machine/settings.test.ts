/** What is kept between runs on the user's own machine. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { makePerson, type Person } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;
let file: string;

beforeAll(() => {
  place = makeNamespace('app-settings');
  person = makePerson(place.name);
  file = path.join(person.home, 'config/config.json');
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

describe('settings that are damaged', () => {
  it.each([
    ['config ls', ['config', 'ls'], /^Note: The settings in .*config\.json were damaged \(.+\) and are now .*damaged-/],
    ['a command that only looks', ['status'], /^Note: The settings .*defaults apply\n/],
    ['--progress quiet', ['config', 'ls', '--progress', 'quiet'], /^Note: The settings /],
    ['--progress json', ['config', 'ls', '--progress', 'json'], /^\{"v":1,.*"settings-set-aside"/],
  ])('are moved aside and said to be: %s', async (_what, words, said) => {
    mkdirSync(path.dirname(file), { recursive: true });
    for (const name of readdirSync(path.dirname(file)).filter((entry) => entry.startsWith('config.json.')))
      expect(readFileSync(path.join(path.dirname(file), name), 'utf8')).toBe('{"user": "alice", ');
    writeFileSync(file, '{"user": "alice", ');
    const run = await person.ws(words);
    expect(run.stderr).toMatch(said);
    const again = await person.ws(words);
    expect(again.stderr).not.toMatch(/damaged|set-aside/);
  });
});

describe('the form of ws up', () => {
  it('is not shown for a namespace that is not there, and no key is made', async () => {
    const terminal = person.onTerminal(['up', 'one', '--namespace', `${place.name}-no`]);
    await terminal.see(/Run\s+ws\s+up\s+one\s+[^?]*--create-namespace\s+now\?/);
    terminal.type('n');
    expect(await terminal.exit()).toBe(4);
    expect(terminal.text).toContain('NAMESPACE_MISSING');
    expect(terminal.text).not.toContain('Username');
  });

  it('says which key it made, where there was none', async () => {
    const nobody = makePerson(place.name);
    try {
      rmSync(path.join(nobody.home, '.ssh'), { recursive: true });
      const words = ['up', 'new', '--yes', '--no-shell', '--storage-class', 'none'];
      const run = await nobody.ws(words);
      expect(run.status, run.stderr).toBe(0);
      expect(run.stderr).toMatch(/^Made a new key: .*\.ssh\/id_ed25519 \(SHA256:\S+\)$/m);
      expect((await nobody.ws(['down', 'new', '--delete-home', '--yes'])).status).toBe(0);
    } finally {
      nobody[Symbol.dispose]();
    }
  });

  it('begins where it ended the last time, and says so', async () => {
    const first = person.onTerminal(['up', 'one', '--no-shell', '--memory', '512Mi']);
    await first.see(/Username +developer +default/);
    first.type('\x15alice\r');
    await first.see(/● User ID/);
    first.type('\x154321\r');
    await first.see(/❯ ws-local/);
    first.type('\x1b[B\x1b[B');
    await first.see(/❯ none/);
    first.type('\r');
    await first.see(/❯ Make a new|❯ .*id_ed25519/);
    first.type('\r');
    // What no question was about is in the command as well.
    await first.see(/--memory\s+512Mi\s[\s\\]*--no-shell/);
    first.type('\r');
    expect(await first.exit(120_000), first.text).toBe(0);

    const second = person.onTerminal(['up', 'two']);
    await second.see(/Username +alice +as last time/);
    second.type('\r');
    await second.see(/User ID +4321 +as last time/);
    second.type('\r');
    await second.see(/❯ none +as last time · lost when the pod goes/);
    second.type('\r');
    await second.see(/❯ .*id_ed25519 +as last time/);
    second.type('\x03');
    expect(await second.exit()).toBe(130);
    // It is no default of anything else.
    expect((await person.ws(['config', 'ls'])).stdout).not.toContain('alice');
    expect((await person.ws(['up', 'three', '--no-shell'])).stderr).toContain('No username, user ID, ');
    expect((await person.ws(['down', 'one', '--delete-home', '--yes'])).status).toBe(0);
  });
});
