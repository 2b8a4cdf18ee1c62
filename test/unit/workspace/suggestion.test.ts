import { describe, expect, it } from 'vitest';
import { asTyped } from '../../../src/cli/words/typed-line.ts';
import { spell } from '../../../src/workspace/errors/spell.ts';
import {
  aboutWorkspace,
  advice,
  helm,
  kubectl,
  run,
  type Suggestion,
  ws,
} from '../../../src/workspace/errors/suggestion.ts';

const team = { context: 'work', namespace: 'team' };

describe('the tags', () => {
  it('make words of what is written out, and never more than one of what is put in', () => {
    expect(ws`up --user ${'a b'} --uid ${1000}`).toEqual({
      program: 'ws',
      words: ['up', '--user', 'a b', '--uid', '1000'],
    });
    expect(run('ss')`-ltnp ${'sport = :1'}`.words).toEqual(['-ltnp', 'sport = :1']);
    expect(run('ls')`${'a'}.pub  b${'c'}d`.words).toEqual(['a.pub', 'bcd']);
    expect(run('ssh-keygen')`-N ${''} -f`.words).toEqual(['-N', '', '-f']);
    expect(ws``.words).toEqual([]);
  });

  it('take ~/ for the home where it is written out, and for a name where it is put in', () => {
    const line = (suggestion: Suggestion) => spell(suggestion, { place: {} }).line;
    expect(line(ws`up --key ~/.ssh/id`)).toBe('ws up --key ~/.ssh/id');
    expect(line(ws`up --key ${'~/.ssh/id'}`)).toBe("ws up --key '~/.ssh/id'");
    expect(line(ws`up --key ~/${'a b'}`)).toBe("ws up --key '~/a b'");
    for (const [home, file] of [
      ['/', '/.ssh/id'],
      ['/home/me', '/home/me/.ssh/id'],
      ['/a b', "'/a b/.ssh/id'"],
    ] as const)
      expect(spell(ws`up --key ~/.ssh/id`, { place: {}, home }).line).toBe(`ws up --key ${file}`);
  });
});

describe('a suggestion in its place', () => {
  it.each<[Suggestion, string]>([
    [{ ...ws`up`, workspace: 'dev' }, 'ws up dev --context work --namespace team'],
    [{ ...ws`ssh -- ls`, workspace: 'dev' }, 'ws ssh dev --context work --namespace team -- ls'],
    [kubectl`describe pvc x`, 'kubectl describe pvc x --context work --namespace team'],
    [kubectl`logs x --previous`, 'kubectl logs x --context work --namespace team --previous'],
    [helm`history x`, 'helm history x --kube-context work --namespace team'],
    [helm`list --all-namespaces`, 'helm list --kube-context work --all-namespaces'],
    [kubectl`get nodes`, 'kubectl get nodes --context work'],
    [kubectl`config view`, 'kubectl config view'],
    [{ ...ws`up --yes`, place: { namespace: 'NAME' } }, 'ws up --context work --namespace NAME --yes'],
    [
      { ...kubectl`auth can-i get pods`, place: { namespace: undefined } },
      'kubectl auth can-i get pods --context work --namespace team',
    ],
    [kubectl`auth can-i list pods --all-namespaces`, 'kubectl auth can-i list pods --context work --all-namespaces'],
    [helm`version`, 'helm version'],
    [ws`use dev`, 'ws use dev --context work --namespace team'],
    [ws`config ls`, 'ws config ls'],
    [ws`--help`, 'ws --help'],
    [ws`up --help`, 'ws up --help'],
    [ws`ssh -- x --help`, 'ws ssh --context work --namespace team -- x --help'],
    [ws`config-ssh --yes`, 'ws config-ssh --context work --namespace team --yes'],
    [{ ...ws`ssh -- tar cz .`, into: "it's" }, "ws ssh --context work --namespace team -- tar cz . > 'it'\\''s'"],
    [run('ls')`-l x`, 'ls -l x'],
    [advice('Name one after the command'), 'Name one after the command'],
  ])('%o is %s', (suggestion, line) => {
    expect(spell(suggestion, { place: team }).line).toBe(line);
  });

  it('tells kubectl which file, also for what is about the file alone', () => {
    const place = { ...team, kubeconfig: '/my files/config' };
    expect(spell(kubectl`config view`, { place }).line).toBe("kubectl config view --kubeconfig '/my files/config'");
    expect(spell(ws`ls`, { place: { kubeconfig: '-x' } }).line).toBe('ws ls --kubeconfig -x');
  });

  it('keeps apart what is to be known of it', () => {
    expect(spell({ ...ws`ls`, note: 'lists them' }, { place: team })).toEqual({
      line: 'ws ls --context work --namespace team',
      note: 'lists them',
    });
  });
});

describe('a suggestion that names no workspace', () => {
  const here = { place: {}, workspace: 'dev' };

  it.each<[Suggestion, string]>([
    [ws`up --uid 1000`, 'ws up dev --uid 1000'],
    [{ ...ws`up --uid 1`, workspace: 'other' }, 'ws up other --uid 1'],
    [ws`status`, 'ws status dev'],
    [ws`keys ls`, 'ws keys ls dev'],
    [ws`keys add x.pub`, 'ws keys add dev x.pub'],
    [ws`forward 3000`, 'ws forward dev 3000'],
    [ws`forward --socks 1080`, 'ws forward dev --socks 1080'],
    [ws`ls`, 'ws ls'],
    [ws`up --help`, 'ws up --help'],
    [kubectl`get pvc`, 'kubectl get pvc'],
  ])('%o is about the one that all this is about: %s', (suggestion, line) => {
    expect(spell(suggestion, here).line).toBe(line);
  });

  it('gets the name from whoever knows it, and keeps one that it has', () => {
    expect(aboutWorkspace(ws`status`, 'dev')).toEqual({ ...ws`status`, workspace: 'dev' });
    expect(aboutWorkspace({ ...ws`up`, workspace: 'NAME' }, 'dev').workspace).toBe('NAME');
    expect(aboutWorkspace(kubectl`get pvc`, 'dev')).toEqual(kubectl`get pvc`);
    expect(aboutWorkspace(advice('x'), 'dev')).toEqual(advice('x'));
    expect(aboutWorkspace(ws`status`, undefined)).toEqual(ws`status`);
  });
});

describe('a suggestion to a script', () => {
  const script = { place: {}, workspace: 'dev', isUnattended: true };

  it.each<[Suggestion, string]>([
    [ws`down --delete-home`, 'ws down dev --delete-home'],
    [ws`down --home lose`, 'ws down dev --home lose'],
    [ws`stop --home lose`, 'ws stop dev --home lose'],
    [ws`down --keep-home`, 'ws down dev --keep-home'],
    [ws`homes rm old`, 'ws homes rm old'],
  ])('%o agrees to no loss: %s', (suggestion, line) => {
    expect(spell(suggestion, script).line).toBe(line);
  });

  it("says yes in a script to what would be asked of OpenSSH's own file", () => {
    expect(spell(ws`config-ssh`, script).line).toBe('ws config-ssh --yes');
    expect(spell(ws`config-ssh --dry-run`, script).line).toBe('ws config-ssh --dry-run');
    expect(spell(ws`config-ssh --remove`, script).line).toBe('ws config-ssh --remove');
    // Also where the line is proposed whole, for a word of another tool.
    expect(spell(asTyped(['config-ssh']), script).line).toBe('ws config-ssh --yes');
    expect(spell(asTyped(['config-ssh', '-n', 'team', '--json']), script).line).toBe(
      'ws config-ssh -n team --yes --json',
    );
    for (const words of [
      ['config-ssh', '--help'],
      ['config-ssh', '-y'],
      ['down', 'dev', '--delete-home'],
      ['up', 'dev'],
    ])
      expect(spell(asTyped(words), script).line).toBe(`ws ${words.join(' ')}`);
  });

  it('is asked about at a terminal', () => {
    expect(spell(ws`down --delete-home`, { place: {}, workspace: 'dev' }).line).toBe('ws down dev --delete-home');
  });
});
