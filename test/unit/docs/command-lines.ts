/** Reads the `ws …` command lines of documents, and has `ws` judge them as if they were typed. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Manifest } from '../../../scripts/command-reference.ts';
import { TMUX_SESSION } from '../../../src/cli/session/words/tmux.ts';
import { typeLine } from '../cli/front/type-line.ts';
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

/** What `ws` itself would refuse in a command's words before it runs: the parser's own sentence. */
export async function findFault(words: string[]): Promise<string | undefined> {
  // The word after it is a workspace, and nobody calls one like the session.
  const bare = words.indexOf('--tmux');
  if (bare >= 0 && words[bare + 1] === TMUX_SESSION) return '--tmux takes a name by =';
  try {
    await typeLine(words);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
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
