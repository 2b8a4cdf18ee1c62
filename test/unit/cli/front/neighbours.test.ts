import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listNeighbours } from '../../../../src/cli/front/meant/neighbours.ts';
import { catalogue, findFault, listProposed, listProposedWords, typeLine } from './type-line.ts';

/** What might be typed behind a word. */
const BEHIND = [
  [],
  ['dev'],
  ['pod', 'dev'],
  ['dev', '-n', 'team', '--json'],
  ['dev', '--force'],
  ['dev', 'ls', '-la'],
  ['-it', 'dev', '--', 'bash', '-c', 'echo "$HOME"'],
  ['dev', '3000'],
  ['a b.txt', 'dev:it'],
  ['-f', 'x.yaml'],
  ['dev', '-n', '5'],
  ['-n5', 'dev'],
  ['k3.pub', 'dev'],
];

const topics = ['config', 'homes', 'keys'];
const places = [[], ...topics.map((topic) => [topic])];
const words = places.flatMap((path) =>
  [...listNeighbours(path, catalogue.listNext(path)).keys()].map((word): [string[]] => [[...path, word]]),
);

// A line of scp names the configuration where HOME is not the account's.
beforeEach(() => void vi.stubEnv('HOME', userInfo().homedir));
afterEach(() => vi.unstubAllEnvs());

/** Words that are nearly ours, and short for them. */
const NEARLY: [string[]][] = [
  ...[['log'], ['key', 'add'], ['key', 'rm'], ['statuss'], ['forwad'], ['hom', 'ls'], ['confg', 'get'], ['sto']],
  ...[['st'], ['stat'], ['fw'], ['fwd'], ['cfg'], ['cfg', 'ls'], ['conf'], ['desc'], ['insp'], ['conn']],
].map((path) => [path]);

describe('the words of other tools', () => {
  it('are many', () => expect(words.length).toBeGreaterThan(80));

  it.each([...words, ...NEARLY])('ws %j is no command of ours, and leads to lines that can be run', async (path) => {
    expect(catalogue.find(path)).toBeUndefined();
    for (const behind of BEHIND) {
      const proposed = await listProposedWords([...path, ...behind]);
      expect(proposed.length, String(behind)).toBeGreaterThan(0);
      for (const typed of proposed) {
        if (typed[0] === 'scp') continue;
        // What is still to be said, the command itself asks for.
        const fault = await typeLine(typed).then(
          () => undefined,
          (error: Error) => error.message,
        );
        expect(fault ?? 'needs nothing', `${behind}: ${typed.join(' ')}`).toMatch(/needs|cannot be a workspace's name/);
      }
    }
  });

  it.each<[string, string[]]>([
    ['list', ['ws ls']],
    ['list dev', ['ws status dev']],
    ['ps -a', ['ws ls --all-namespaces']],
    ['get pods -o json', ['ws ls --json']],
    ['rm -rf dev', ['ws down dev']],
    ['get pods -n x', ['ws ls -n x']],
    ['exec dev', ['ws ssh dev']],
    ['exec -it dev -- bash -l', ['ws ssh dev --tty -- bash -l']],
    ['exec dev ls -t', ['ws ssh dev -- ls -t']],
    ['exec -n x dev dev', ['ws ssh -n x dev -- dev']],
    ['shell', ['ws ssh']],
    ['exec dev -- ls', ['ws ssh dev -- ls']],
    ['exec -it dev bash', ['ws ssh dev --tty -- bash']],
    ['exec -w dev ls -la', ['ws ssh -w dev -- ls -la']],
    ['shell dev', ['ws ssh dev']],
    ['attach dev', ['ws ssh dev']],
    ['run make test', ['ws ssh -- make test', 'ws ssh make -- test']],
    ['run dev make test', ['ws ssh dev -- make test']],
    ['run web make -j4', ['ws ssh -- web make -j4', 'ws ssh web -- make -j4']],
    ['run web -- make -j4', ['ws ssh web -- make -j4']],
    ['run -w web make -j4', ['ws ssh -w web -- make -j4']],
    ['run -- make -j4', ['ws ssh -- make -j4']],
    ['run make', ['ws ssh -- make']],
    ['cp dev:x y', ['ws config-ssh', 'scp ws-dev:x y']],
    ['create dev --cpu 2', ['ws up dev --cpu 2']],
    ['delete workspace dev', ['ws down dev']],
    ['delete dev --dry-run', ['ws down --help']],
    ['pause dev', ['ws stop dev']],
    ['hibernate dev', ['ws stop dev --until-login']],
    ['restart dev', ['ws stop dev', 'ws up dev']],
    ['fwd 8000', ['ws forward 8000']],
    ['fw dev 8000', ['ws forward dev 8000']],
    ['st', ['ws status']],
    ['stat dev', ['ws status dev']],
    ['cfg', ['ws config ls']],
    ['cfg set size 20Gi', ['ws config set size 20Gi']],
    ['conn dev', ['ws ssh dev']],
    ['insp dev', ['ws status dev']],
    ['log dev -n 5', ['ws logs dev --tail 5']],
    ['log -n5 dev', ['ws logs --tail 5 dev']],
    ['key add k3.pub dev', ['ws keys add k3.pub dev']],
    ['port-forward 3000', ['ws forward 3000']],
    ['describe dev', ['ws status dev']],
    ['stats', ['ws status', 'ws ls --usage']],
    ['stats dev', ['ws status dev', 'ws ls --usage']],
    ['cp -r src dev:src', ['ws config-ssh', 'scp -r src ws-dev:src']],
    // Flags of ours say where, and scp gets none of them.
    ['cp a dev:b -n team', ['ws config-ssh --namespace team', 'scp a ws-dev:b']],
    ['cp -r -n team a dev:b -v', ['ws config-ssh --namespace team', 'scp -r a ws-dev:b -v']],
    ['-n team cp a dev:b', ['ws config-ssh --namespace team', 'scp a ws-dev:b']],
    ['scp --context=prod a dev:b --json', ['ws config-ssh --context prod', 'scp a ws-dev:b']],
    ['cp a :b -w dev', ['ws config-ssh', 'scp a ws-dev:b']],
    ['rsync -n a dev:b --namespace team', ['ws config-ssh --namespace team']],
    ['code .', ['ws config-ssh']],
    ['rename five', ['ws down five --keep-home', 'ws up NEW --home ws-five-home']],
    ['rename five six', ['ws down five --keep-home', 'ws up six --home ws-five-home']],
    ['mv workspace five six', ['ws down five --keep-home', 'ws up six --home ws-five-home']],
    ['rename five -n team', ['ws down five --keep-home -n team', 'ws up NEW --home ws-five-home -n team']],
    ['-n team rename five six', ['ws down five --keep-home -n team', 'ws up six --home ws-five-home -n team']],
    ['context prod -n team', ['ws use WORKSPACE --context prod -n team', 'ws ls --context prod -n team']],
    ['context --context prod', ['ws use', 'ws use WORKSPACE --context prod', 'ws ls --context prod']],
    ['context', ['ws use', 'ws use WORKSPACE --context CONTEXT', 'ws ls --context CONTEXT']],
    ['contexts ls', ['ws use', 'ws use WORKSPACE --context CONTEXT', 'ws ls --context CONTEXT']],
    ['ctx prod', ['ws use WORKSPACE --context prod', 'ws ls --context prod']],
    ['context use prod', ['ws use WORKSPACE --context prod', 'ws ls --context prod']],
    ['ns team', ['ws use WORKSPACE --namespace team', 'ws ls --namespace team']],
    ['namespaces', ['ws use', 'ws use WORKSPACE --namespace NAMESPACE', 'ws ls --namespace NAMESPACE']],
    ['config list', ['ws config ls']],
    ['config delete size', ['ws config unset size']],
    ['keys list dev', ['ws keys ls dev']],
    ['homes delete dev', ['ws homes rm dev']],
    ['STOP dev', ['ws stop dev']],
    ['delte dev', ['ws down dev']],
    ['renam five', ['ws down five --keep-home', 'ws up NEW --home ws-five-home']],
    ['kill --all', ['ws down --help']],
    ['kill dev --all', ['ws down dev']],
    ['shell -N -L 3000 -w dev', ['ws ssh --help']],
  ])('ws %s leads to %j', async (line, proposed) => {
    expect(await listProposed(line.split(' '))).toEqual(proposed);
  });
});

it('says that a workspace has one name for good', async () => {
  for (const typed of ['rename', 'Rename', 'renam'])
    expect((await findFault([typed, 'five'])).reason, typed).toMatch(/one name for good/);
  expect((await findFault(['list'])).reason).toBeUndefined();
});

describe('a word that says nothing', () => {
  it.each<[string, string, RegExp | undefined, string[]]>([
    ['ws ls', 'ws ws', undefined, ['ws ls']],
    ['ws-ls -n x', 'ws ws-ls', undefined, ['ws ls -n x']],
    ['workspace ls', 'ws workspace', undefined, ['ws ls']],
    ['workspaces ls', 'ws workspaces', undefined, ['ws ls']],
    ['ws workspace ls', 'ws workspace', undefined, ['ws ls']],
    ['-n x ws ls', 'ws ws', undefined, ['ws ls -n x']],
    ['keys ws ls dev', 'ws keys ws', undefined, ['ws keys ls dev']],
    ['pod delete dev', 'ws delete', undefined, ['ws down dev']],
    ['workspace list', 'ws list', undefined, ['ws ls']],
    ['ws list', 'ws list', undefined, ['ws ls']],
    ['workspace dev', 'ws workspace', undefined, ['ws status dev']],
    ['ws rename a b', 'ws rename', /one name for good/, ['ws down a --keep-home', 'ws up b --home ws-a-home']],
    ['ws ws rename a b', 'ws rename', /one name for good/, ['ws down a --keep-home', 'ws up b --home ws-a-home']],
    ['ws-rename a b', 'ws rename', /one name for good/, ['ws down a --keep-home', 'ws up b --home ws-a-home']],
    ['workspace rename a b', 'ws rename', /one name for good/, ['ws down a --keep-home', 'ws up b --home ws-a-home']],
    ['move a b', 'ws move', /one name for good/, ['ws down a --keep-home', 'ws up b --home ws-a-home']],
    ['homes rename a b', 'ws homes rename', /one name for good/, ['ws down a --keep-home', 'ws up b --home ws-a-home']],
    ['ws cp a dev:b', 'ws cp', /scp, sftp and rsync/, ['ws config-ssh', 'scp a ws-dev:b']],
    ['ws context prod', 'ws context', /A flag says it/, ['ws use WORKSPACE --context prod', 'ws ls --context prod']],
  ])('ws %s: there is no %s', async (line, unknown, reason, proposed) => {
    const fault = await findFault(line.split(' '));
    expect(fault.message).toBe(`There is no command "${unknown}"`);
    if (reason === undefined) expect(fault.reason).toBeUndefined();
    else expect(fault.reason).toMatch(reason);
    expect(await listProposed(line.split(' '))).toEqual(proposed);
  });
});

describe('a line of scp', () => {
  it('names the configuration where ssh does not read it by itself: it goes by passwd, whatever HOME says', async () => {
    vi.stubEnv('HOME', '/elsewhere');
    expect(await listProposed(['cp', 'a', 'dev:b'])).toContain('scp -F /elsewhere/.ssh/config a ws-dev:b');
  });

  it('names the host of the place that the line names, and never that of another one', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ws-'));
    vi.stubEnv('WS_CONFIG_DIR', folder);
    const toBlock = (host: string, namespace: string) =>
      `# context "k", namespace "${namespace}"\nHost ${host}\n  HostKeyAlias ws-dev.${namespace}.x\n  User dev\n  ProxyCommand ws proxy dev --context k\n`;
    writeFileSync(path.join(folder, 'ssh_config'), `${toBlock('ws-dev', 'mine')}\n${toBlock('ws-dev.team', 'team')}`);
    const toHost = async (namespace: string) => (await listProposed(['cp', 'a', 'dev:b', '-n', namespace]))[1];
    expect(await toHost('mine')).toBe('scp a ws-dev:b');
    expect(await toHost('team')).toBe('scp a ws-dev.team:b');
    expect(await toHost('new')).toBeUndefined();
  });
});
