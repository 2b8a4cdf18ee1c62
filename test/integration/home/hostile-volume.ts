/** Volumes, and folders of a pod, as a user's programs can leave them: anything under any name, with any mode. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';

export interface Thing {
  at: string;
  kind: (typeof KINDS)[number] | (typeof LARGE)[number];
  /** Undefined leaves what the kind has. */
  mode: number | undefined;
  /** Whose it is where the test may say so: the workspace's user, root, or another person. */
  owner: 'user' | 'root' | 'other';
}

export interface Volume {
  mode: number;
  owner: Thing['owner'];
  things: Thing[];
}

const KINDS = [
  'file',
  'sparse file',
  'key',
  'pipe',
  'dangling link',
  'loop',
  'chain',
  'link to here',
  'link upwards',
  'link to /',
  'link to /proc',
  'link to a neighbour',
  'folder',
] as const;

/** Seldom, because to make them takes longer than to judge what is made of them. */
const LARGE = ['deep folder', 'wide folder'] as const;

const ODD_NAMES = ['\n', '-rf', '$(id)', 'a'.repeat(255), '\u202e', ' ', '.', '..'].filter(
  (name) => !/^\.+$/.test(name),
);

/** Names that the server itself looks at, in whatever is `parent` to them. */
const ownNames = (names: string[]) =>
  fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...names) }, fc.constantFrom(...ODD_NAMES));

function thing(names: string[]): fc.Arbitrary<Thing> {
  return fc.record({
    at: ownNames(names),
    kind: fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...KINDS) }, fc.constantFrom(...LARGE)),
    mode: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      fc.constantFrom(0, 0o400, 0o444, 0o555, 0o700, 0o777, 0o2770, 0o1777),
    ),
    owner: fc.oneof(
      { weight: 6, arbitrary: fc.constant('user' as const) },
      fc.constantFrom('root' as const, 'other' as const),
    ),
  });
}

/** What a pod may find in a folder in which it needs the given names. */
export function hostileFolder(names: string[], modes: number[]): fc.Arbitrary<Volume> {
  return fc.record({
    mode: fc.constantFrom(...modes),
    owner: fc.oneof(
      { weight: 5, arbitrary: fc.constant('root' as const) },
      fc.constantFrom('user' as const, 'other' as const),
    ),
    things: fc.uniqueArray(thing(names), { maxLength: 7, selector: ({ at }) => at }),
  });
}

/** Makes it, as far as the machine allows. Things whose parent cannot be had are left out. */
export function make(folder: string, volume: Volume, toIds: (owner: Thing['owner']) => [number, number] | undefined) {
  mkdirSync(folder, { recursive: true });
  const made: [string, Thing][] = [];
  // Outer ones first, so that a folder is there before what is in it.
  for (const each of volume.things.toSorted((a, b) => a.at.length - b.at.length)) {
    const file = path.join(folder, each.at);
    // Never through a link: it may lead out of the volume, into the machine.
    if (!isFolderBelow(folder, path.dirname(each.at))) continue;
    try {
      mkdirSync(path.dirname(file), { recursive: true });
      makeOne(file, each);
      made.push([file, each]);
    } catch {
      // In the way of its own parent, or of a name that two things share.
    }
  }
  own(folder, toIds);
  for (const [file, { owner, mode, kind }] of made.toReversed()) {
    const ids = toIds(owner);
    if (ids !== undefined && lstatSync(file).isDirectory()) chownSync(file, ...ids);
    if (mode !== undefined && !kind.includes('link') && kind !== 'loop' && kind !== 'chain') chmodSync(file, mode);
  }
  const ids = toIds(volume.owner);
  if (ids !== undefined) chownSync(folder, ids[0], toIds('user')?.[1] ?? ids[1]);
  chmodSync(folder, volume.mode);
}

function isFolderBelow(folder: string, below: string): boolean {
  let at = folder;
  for (const name of below.split('/')) {
    at = path.join(at, name);
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found === undefined) return true;
    if (!found.isDirectory()) return false;
  }
  return true;
}

function own(folder: string, toIds: (owner: Thing['owner']) => [number, number] | undefined): void {
  const ids = toIds('user');
  if (ids !== undefined) execFileSync('chown', ['-hR', ids.join(':'), folder]);
}

function makeOne(file: string, { kind }: Thing): void {
  const name = path.basename(file);
  const targets: Partial<Record<Thing['kind'], string>> = {
    'dangling link': '/nowhere/at/all',
    loop: name,
    'link to here': '.',
    'link upwards': '..',
    'link to /': '/',
    'link to /proc': '/proc/self/fd',
    'link to a neighbour': 'bob',
  };
  const target = targets[kind];
  if (target !== undefined) return symlinkSync(target, file);
  switch (kind) {
    case 'file':
    case 'key':
      return writeFileSync(file, kind === 'key' ? '-----BEGIN OPENSSH PRIVATE KEY-----\n' : 'mine', { flag: 'wx' });
    case 'sparse file':
      writeFileSync(file, '', { flag: 'wx' });
      return truncateSync(file, 1900 * 2 ** 20);
    case 'pipe':
      return makePipe(file);
    case 'chain':
      // More links than the kernel follows.
      for (let step = 0; step < 45; step += 1)
        symlinkSync(`${name}.${step + 1}`, step === 0 ? file : `${file}.${step}`);
      return writeFileSync(`${file}.45`, 'end');
    case 'folder':
      return void mkdirSync(file);
    case 'deep folder':
      return void mkdirSync(path.join(file, ...Array.from({ length: 200 }, () => 'deep')), { recursive: true });
    case 'wide folder':
      mkdirSync(file);
      for (let number = 0; number < 1500; number += 1) writeFileSync(path.join(file, `n${number}`), 'PRIVATE KEY-----');
      return;
    default:
      throw new Error(`nobody makes a ${kind}`);
  }
}

let pipe: string | undefined;

/** One pipe for all, under many names: to start a program for each took as long as everything else. */
function makePipe(file: string): void {
  const folder = path.dirname(file);
  if (pipe === undefined || lstatSync(pipe, { throwIfNoEntry: false })?.dev !== lstatSync(folder).dev) {
    execFileSync('mkfifo', [file]);
    pipe = file;
  } else linkSync(pipe, file);
}

/**
 * Everything in a folder but links and folders, by its number in the file system: what must still be there afterwards.
 */
export function listInodes(folder: string, seen = new Set<number>()): Set<number> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) listInodes(file, seen);
    else if (!entry.isSymbolicLink()) seen.add(lstatSync(file).ino);
  }
  return seen;
}
