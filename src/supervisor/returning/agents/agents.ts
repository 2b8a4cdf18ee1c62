/**
 * The CLI agents whose conversations come back: how to see one at work, where it keeps its conversations, and the words
 * that take one up again. Read from what the packages of November 2026 write and take.
 */
import type { ConversationPlace } from './conversations.ts';

export interface Agent {
  name: string;
  /** Of a process' first word, or of the script that an interpreter runs. */
  programs: readonly string[];
  /** A word that makes it do one job and end, or serve others: no conversation to come back to. */
  otherwise: RegExp;
  place: ConversationPlace;
  /** The form of a conversation's name. */
  id: RegExp;
  toWords(id: string): string[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** For an agent that knows its last conversation in a folder, and whose conversations have no name on the disk. */
const LATEST = /^latest$/;

export const AGENTS: readonly Agent[] = [
  {
    name: 'claude',
    programs: ['claude'],
    otherwise: /^(-p|--print|--bg|--background|mcp|update|doctor|install|setup-token|remote-control|agents|logs)$/,
    place: { kind: 'claude', folder: '.claude' },
    id: UUID,
    toWords: (id) => ['claude', '--resume', id],
  },
  {
    name: 'codex',
    programs: ['codex'],
    otherwise: /^(exec|e|review|mcp|mcp-server|app-server|login|logout|apply|cloud|completion|sandbox|debug)$/,
    place: { kind: 'codex', folder: '.codex/sessions' },
    id: UUID,
    toWords: (id) => ['codex', 'resume', id],
  },
  {
    name: 'gemini',
    programs: ['gemini'],
    otherwise: /^(-p|--prompt|--prompt=.*|mcp|extensions|skills|hooks|--list-sessions|--acp)$/,
    place: { kind: 'gemini', folder: '.gemini' },
    id: UUID,
    toWords: (id) => ['gemini', '--resume', id],
  },
  {
    name: 'copilot',
    programs: ['copilot'],
    otherwise: /^(-p|--prompt|--prompt=.*|--acp|login|logout|update|sessions|mcp|plugin)$/,
    place: { kind: 'copilot', folder: '.copilot/session-state' },
    id: UUID,
    toWords: (id) => ['copilot', `--resume=${id}`],
  },
  {
    name: 'opencode',
    programs: ['opencode'],
    otherwise: /^(run|serve|web|acp|mcp|auth|providers|models|stats|export|import|github|session|upgrade|db|attach)$/,
    place: { kind: 'file', inHome: '.local/share/opencode/opencode.db' },
    id: LATEST,
    toWords: () => ['opencode', '--continue'],
  },
  {
    name: 'aider',
    programs: ['aider'],
    otherwise:
      /^(-m|--message|--message=.*|-f|--message-file|--message-file=.*|--gui|--browser|--lint|--test|--commit)$/,
    place: { kind: 'file', inFolder: '.aider.chat.history.md' },
    id: LATEST,
    toWords: () => ['aider', '--restore-chat-history'],
  },
];

const INTERPRETER = /^(node|bun|deno|python[\d.]*)$/;

/** The agent that a process is, by its words; undefined for any other program, and for an agent's single jobs. */
export function findAgent(words: readonly string[]): Agent | undefined {
  const { agent, rest } = readProgram(words);
  return agent === undefined || rest.some((word) => agent.otherwise.test(word)) ? undefined : agent;
}

/** The same, where a single job is the agent as well: what one agent has handed to another, say. */
export function findAgentAtAnything(words: readonly string[]): Agent | undefined {
  return readProgram(words).agent;
}

/** `rest`: the words behind the program's own. */
function readProgram(words: readonly string[]): { agent: Agent | undefined; rest: readonly string[] } {
  const [first = '', ...others] = words;
  const script = INTERPRETER.test(toProgram(first)) ? others.findIndex((word) => !word.startsWith('-')) : -1;
  const program = toProgram(script === -1 ? first : (others[script] ?? ''));
  return { agent: AGENTS.find(({ programs }) => programs.includes(program)), rest: others.slice(script + 1) };
}

/** The conversation that an agent was told to take up, by whatever flag: `codex resume ID`, `copilot --resume=ID`. */
export function findNamed({ id }: Agent, words: readonly string[]): string | undefined {
  return words.map((word) => word.slice(word.indexOf('=') + 1)).findLast((word) => id.test(word));
}

export function getAgent(name: string): Agent | undefined {
  return AGENTS.find((agent) => agent.name === name);
}

/** `/opt/x/codex.js` is codex, as npm's links are. */
function toProgram(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1).replace(/\.(exe|[cm]?js)$/, '');
}
