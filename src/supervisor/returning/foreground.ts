/** What runs on a pane's terminal, read from /proc. */
import { readlinkSync } from 'node:fs';
import path from 'node:path';
import { listPids, readStat } from '../measures/proc.ts';
import { readStartMs } from '../measures/programs.ts';
import { isPlainShell, readWords } from '../measures/shells.ts';
import { type Agent, findAgent, findNamed } from './agents/agents.ts';
import { isTypeable } from './saved.ts';

export interface Foreground {
  /** Undefined where the kernel does not say. */
  folder: string | undefined;
  command: string | undefined;
  agent: AgentAtWork | undefined;
}

export interface AgentAtWork {
  agent: Agent;
  pid: number;
  startedAtMs: number;
  /** The conversation that its words name. */
  named: string | undefined;
}

interface Member {
  pid: number;
  group: number;
  words: string[];
}

/** All processes by their process groups: one look for all panes. */
export function listGroups(root = '/proc'): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const pid of listPids(root)) {
    const group = readGroups(pid, root)?.group;
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), pid]);
  }
  return groups;
}

/** `pid`: the pane's first process, whose terminal says which group is in the foreground. */
export function readForeground(pid: number, groups: Map<number, number[]>, nowMs: number, root = '/proc'): Foreground {
  const group = readGroups(pid, root)?.foreground ?? pid;
  const members = (groups.get(group) ?? [pid]).map((each) => ({ pid: each, group, words: readWords(each, root) }));
  const leader = members.find((member) => member.pid === group) ?? members[0];
  // The last one that started is the agent itself, where a wrapper started it.
  const agent = members.toReversed().flatMap(({ pid: number, words }) => {
    const found = findAgent(words);
    return found === undefined
      ? []
      : [
          {
            ...{ agent: found, pid: number, startedAtMs: readStartMs(number, nowMs, root) ?? 0 },
            named: findNamed(found, words),
          },
        ];
  })[0];
  return {
    folder: readFolder(agent?.pid ?? leader?.pid ?? pid, root) ?? readFolder(pid, root),
    // Its words here may be a wrapper's, with paths that nobody types.
    command: agent?.agent.name ?? (leader === undefined ? undefined : toCommand(leader)),
    agent,
  };
}

/**
 * As somebody would type it again; undefined for a shell at its prompt, and for what cannot stand there as one line.
 */
function toCommand({ words }: Member): string | undefined {
  if (words.length === 0 || isPlainShell(words)) return undefined;
  const text = findTmuxCommand(words) ?? words.map(toShellWord).join(' ');
  return isTypeable(text) ? text : undefined;
}

/** The command of `ws ssh --tmux -- COMMAND`, which a shell of ours runs (src/cli/session/words/tmux.ts). */
function findTmuxCommand([shell, flag, script, name, command]: string[]): string | undefined {
  return shell === 'sh' && flag === '-c' && script?.startsWith('trap : INT; ') && name === 'ws' ? command : undefined;
}

function toShellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function readGroups(pid: number, root: string): { group: number; foreground: number } | undefined {
  try {
    const [, , group, , , foreground] = readStat(pid, root);
    return { group: Number(group), foreground: Number(foreground) };
  } catch {
    return undefined;
  }
}

function readFolder(pid: number, root: string): string | undefined {
  try {
    const folder = readlinkSync(path.join(root, String(pid), 'cwd'));
    // The kernel adds it to the name of a folder that is gone.
    return folder.endsWith(' (deleted)') ? undefined : folder;
  } catch {
    return undefined;
  }
}
