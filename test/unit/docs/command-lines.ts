/** Reads the `ws …` command lines of documents against the committed manifest. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Manifest, ManifestCommand, ManifestFlag } from '../../../scripts/command-reference.ts';
import { splitCommand } from '../../../src/cli/session/words/split-command.ts';
import { nameSession, TMUX_SESSION } from '../../../src/cli/session/words/tmux.ts';
import { ROOT } from './pages.ts';

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'oclif.manifest.json'), 'utf8')) as Manifest;

/** The words of each `ws` command in a line of shell: after variables, pipes and `<(`; comments are dropped. */
export function listCommands(line: string): string[][] {
  const words = (line.match(/'[^']*'|"(?:\\.|[^"\\])*"|<\(|[|;&()]+|[^\s|;&()'"]+(?:"[^"]*"|'[^']*')?/g) ?? []).map(
    (word) => word.replace(/^(['"])(.*)\1$/, '$2'),
  );
  const comment = words.findIndex((word) => word.startsWith('#'));
  const commands: string[][] = [];
  let isStart = true;
  let isRedirected = false;
  for (const word of comment < 0 ? words : words.slice(0, comment)) {
    if (/^(?:<\(|[|;&()]+)$/.test(word)) isStart = true;
    else if (isStart && /^[A-Z_]+=/.test(word)) continue;
    else if (/^\d?[<>]/.test(word)) isRedirected = true;
    else if (isRedirected) isRedirected = false;
    else {
      if (isStart) commands.push([]);
      commands.at(-1)?.push(word);
      isStart = false;
    }
  }
  return commands.filter(([program]) => program === 'ws').map(([, ...rest]) => rest);
}

/** What is wrong with a command's words: an unknown command or flag, a value that is missing, too many words. */
export function findFault(words: string[]): string | undefined {
  if (words.length === 1 && ['--version', '--help'].includes(words[0] ?? '')) return undefined;
  const two = manifest.commands[words.slice(0, 2).join(':')];
  const command = two ?? manifest.commands[words[0] ?? ''];
  if (command === undefined) return `"${words.join(' ')}" is not a command`;
  const rest = words.slice(two === undefined ? 1 : 2);
  // The word after it is a workspace, and nobody calls one like the session.
  if (rest.some((word, at) => word === '--tmux' && rest[at + 1] === TMUX_SESSION)) return '--tmux takes a name by =';
  return findArgumentFault(command, command.id === 'ssh' ? splitCommand(rest).before.map(nameSession) : rest);
}

function findArgumentFault(command: ManifestCommand, words: string[]): string | undefined {
  let args = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') return `${command.id} takes nothing after --`;
    if (!/^--?[a-zA-Z]/.test(word)) {
      args += 1;
      continue;
    }
    if (word === '--help') continue;
    const flag = findFlag(command, word.split('=')[0] ?? '');
    if (flag === undefined) return `${command.id} has no flag ${word}`;
    if (flag.type === 'boolean' || word.includes('=')) continue;
    at += 1;
    const value = words[at];
    if (value === undefined) return `${word} has no value`;
    if (flag.options !== undefined && !flag.options.includes(value)) return `${word} cannot be ${value}`;
  }
  const known = Object.keys(command.args).length;
  return command.strict && args > known ? `${command.id} takes ${known} arguments, not ${args}` : undefined;
}

function findFlag({ flags }: ManifestCommand, word: string): ManifestFlag | undefined {
  return Object.values(flags).find(
    ({ name, char, allowNo }) =>
      word === `--${name}` ||
      (char !== undefined && word === `-${char}`) ||
      (allowNo === true && word === `--no-${name}`),
  );
}

/** Names of commands, as they are typed. */
export function listCommandIds(
  isWanted: (command: { args: string[]; flags: string[]; hidden: boolean | undefined }) => boolean,
): string[] {
  return Object.values(manifest.commands)
    .filter(({ args, flags, hidden }) => isWanted({ args: Object.keys(args), flags: Object.keys(flags), hidden }))
    .map(({ id }) => id.replaceAll(':', ' '))
    .toSorted();
}
