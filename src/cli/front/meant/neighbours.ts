/** What other tools call things: gh, kubectl, helm, docker, coder, devpod, okteto, ssh and shells. */

/** A command of ours. `adds` are its words behind what was typed. */
export interface Ours {
  verb: string;
  adds?: readonly string[];
  /** Words that other tools need with it and `ws` does not. */
  drops?: readonly string[];
  note?: string;
}

export type Meaning =
  /** Our command, followed by what was typed. If it takes no argument and gets one, it is `one` instead. */
  | { kind: 'same'; ours: readonly [Ours, ...Ours[]]; one?: string }
  /** A command to run: behind the workspace's name, or without one. */
  | { kind: 'remote'; isNamed: boolean }
  /** Files to carry, which OpenSSH's own programs do. */
  | { kind: 'copy' }
  /** Another name for a workspace, which has one for good. */
  | { kind: 'rename' }
  /** Where commands work: the part of that which is meant. */
  | { kind: 'place'; flag: '--context' | '--namespace' };

const KEPT = 'all but its pod stays for the next up';
const EDITORS = 'then open the host ws-NAME in your editor, over ssh';

const same = (...ours: [Ours, ...Ours[]]): Meaning => ({ kind: 'same', ours });

const COMMANDS: [words: string, meaning: Meaning][] = [
  ['list ps get ll dir workspaces', { kind: 'same', ours: [{ verb: 'ls' }], one: 'status' }],
  ['describe info inspect show view events desc st stat', same({ verb: 'status' })],
  ['stats', same({ verb: 'status' }, { verb: 'ls', adds: ['--usage'], note: 'says how full each home is' })],
  ['top usage df du', same({ verb: 'ls', adds: ['--usage'] })],
  ['exec', { kind: 'remote', isNamed: true }],
  ['run cmd', { kind: 'remote', isNamed: false }],
  ['shell sh bash zsh connect attach enter into console terminal', { kind: 'remote', isNamed: true }],
  ['tmux', same({ verb: 'ssh', adds: ['--tmux'] })],
  ['create new start init add make install apply deploy launch resume wake', same({ verb: 'up' })],
  ['upgrade update edit scale configure', same({ verb: 'up' })],
  ['repair rebuild recreate', same({ verb: 'up', adds: ['--repair'] })],
  [
    'delete remove rm del destroy uninstall purge kill',
    same({ verb: 'down', drops: ['-r', '-f', '-rf', '-fr', '--force', '--now'] }),
  ],
  ['pause suspend halt shutdown poweroff', same({ verb: 'stop', note: KEPT })],
  ['sleep hibernate', same({ verb: 'stop', adds: ['--until-login'], note: 'the next login wakes it' })],
  ['restart reboot reload', same({ verb: 'stop', note: KEPT }, { verb: 'up' })],
  ['port-forward pf fwd fw tunnel port ports expose publish', same({ verb: 'forward' })],
  ['login', same({ verb: 'ssh' }, { verb: 'doctor', note: 'says whether the cluster knows you' })],
  ['auth whoami', same({ verb: 'doctor', note: 'says whether the cluster knows you' })],
  ['check diagnose', same({ verb: 'doctor' })],
  ['cp copy scp sftp rsync', { kind: 'copy' }],
  ['code vscode ide editor cursor jetbrains', same({ verb: 'config-ssh', note: EDITORS })],
  ['ssh-config', same({ verb: 'config-ssh' })],
  ['switch select workon', same({ verb: 'use' })],
  ['rename mv ren move', { kind: 'rename' }],
  ['context contexts ctx kubectx use-context', { kind: 'place', flag: '--context' }],
  ['namespace namespaces ns kubens project', { kind: 'place', flag: '--namespace' }],
  ['settings preferences', same({ verb: 'config ls' })],
  ['volumes volume disks disk pvc', same({ verb: 'homes ls' })],
  ['authorize ssh-key ssh-keys', same({ verb: 'keys ls' })],
  ['autocomplete', same({ verb: 'completion' })],
];

/** Short for a topic of ours: what stands behind it stays. */
export const SHORT_TOPICS = new Map([
  ['cfg', 'config'],
  ['conf', 'config'],
]);

/** Words behind a topic, for those of its commands that exist. */
const IN_TOPICS: [words: string, verb: string][] = [
  ['list show view print all', 'ls'],
  ['create new import authorize', 'add'],
  ['delete remove del revoke drop destroy', 'rm'],
  ['delete remove reset clear forget', 'unset'],
  ['read', 'get'],
  ['write change', 'set'],
  ['edit file where', 'path'],
];

/** What is otherwise here than where the word comes from; undefined where our command does the same. */
export function explainMeaning({ kind }: Meaning): string | undefined {
  if (kind === 'rename') return 'A workspace has one name for good; another one can have its home';
  if (kind === 'copy') return 'scp, sftp and rsync carry files, to the host that ws config-ssh writes';
  if (kind === 'place') return 'A flag says it for one line, and ws use keeps it for a directory';
  return undefined;
}

/** Words of others in this place: behind nothing, or behind a topic with these commands. */
export function listNeighbours(path: readonly string[], next: readonly string[]): Map<string, Meaning> {
  if (path.length === 0) return toMap(COMMANDS);
  // A home is called after its workspace.
  const homes: [string, Meaning][] = path[0] === 'homes' ? [['rename mv ren move', { kind: 'rename' }]] : [];
  const known = IN_TOPICS.filter(([, verb]) => next.includes(verb));
  const meanings = known.map(([words, verb]): [string, Meaning] => [words, same({ verb: [...path, verb].join(' ') })]);
  return toMap([...meanings, ...homes]);
}

function toMap(rows: readonly [words: string, meaning: Meaning][]): Map<string, Meaning> {
  return new Map(
    rows.flatMap(([words, meaning]) => words.split(' ').map((word): [string, Meaning] => [word, meaning])),
  );
}

/** What kubectl names before a name. */
export const NOUNS = ['workspace', 'workspaces', 'pod', 'pods', 'po', 'deployment', 'deployments', 'all'];

/** The program's own name, and what it can only be about: they say nothing before a word that is known there. */
const SAY_NOTHING = ['ws', ...NOUNS];

/**
 * The words in place of one that says nothing, or begins with what says nothing: `ls` for `ws ls`, `workspace ls` and
 * `ws-ls`. `next` is what stands behind it. Undefined for every other word.
 */
export function readPast(
  typed: string,
  {
    path,
    next,
    listNext,
  }: { path: readonly string[]; next: string | undefined; listNext(of: readonly string[]): string[] },
): string[] | undefined {
  const known = listNext(path);
  const isKnown = (word: string) => known.includes(word) || listNeighbours(path, known).has(word.toLowerCase());
  const [, prefixed] = /^ws[-_:.](.+)$/i.exec(typed) ?? [];
  if (prefixed !== undefined) return isKnown(prefixed) ? [prefixed] : undefined;
  const word = typed.toLowerCase();
  // Twice the own name is never a workspace: its line is read whatever follows.
  if (word === 'ws' && path.length === 0) return [];
  return SAY_NOTHING.includes(word) && next !== undefined && isKnown(next) ? [] : undefined;
}

/** Flags that people type with these words by habit. `ws` needs none of them. */
export const HABITS = ['-i', '-t', '-it', '-ti', '--stdin', '--tty', '--interactive', '--rm'];
