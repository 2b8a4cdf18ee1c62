/** What is kept of tmux's sessions in the home, and how it is read back: anybody may have written it. */
import { type JobState, toJobState } from '../../contract/jobs.ts';
import { AGENTS } from './agents/agents.ts';

export interface SavedPane {
  folder: string;
  /** What ran there, as it would be typed. Undefined for a shell at its prompt. */
  command?: string;
  /** An agent's conversation, to be taken up again. */
  agent?: { name: string; conversation: string };
  /** The file with what it showed. */
  scrollback?: string;
  isActive: boolean;
  /** Of the command that it was started with. */
  job?: JobState;
}

export interface SavedWindow {
  index: number;
  /** Undefined where tmux names it after what runs. */
  name?: string;
  layout: string;
  columns: number;
  rows: number;
  isActive: boolean;
  isZoomed: boolean;
  panes: SavedPane[];
}

export interface SavedSession {
  name: string;
  windows: SavedWindow[];
}

const VERSION = 1;

/** Beyond these, the rest does not come back. */
export const MOST_PANES = 100;
const MOST_TYPED = 1000;
const MOST_PATH = 4096;
const MOST_NAME = 200;
const MOST_CELLS = 1000;
const MOST_INDEX = 10_000;

const SCROLLBACK_NAME = /^scrollback-[0-9a-f]{16}\.gz$/;

export function isScrollbackName(name: string): boolean {
  return SCROLLBACK_NAME.test(name);
}

/** What moves a cursor, ends a line, turns a line around, or is no text at all. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A command that can stand at a prompt without doing anything. */
export function isTypeable(text: string): boolean {
  return text !== '' && text.length <= MOST_TYPED && !UNPRINTABLE.test(text);
}

export function toSavedText(sessions: SavedSession[]): string {
  return JSON.stringify({ version: VERSION, sessions });
}

/** Whatever the text is: what can come back of it. */
export function parseSaved(text: string): SavedSession[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const { version, sessions } = toObject(value);
  if (version !== VERSION) return [];
  let left = MOST_PANES;
  const take = (pane: SavedPane | undefined): SavedPane[] => (pane === undefined || left-- <= 0 ? [] : [pane]);
  return toList(sessions).flatMap((session) => {
    const { name, windows } = toObject(session);
    const saved = toList(windows).flatMap((window) => {
      const panes = toList(toObject(window)['panes']).flatMap((pane) => take(parsePane(pane)));
      return panes.length === 0 ? [] : [parseWindow(window, panes)];
    });
    return saved.length === 0 ? [] : [{ name: toName(name) ?? 'returned', windows: saved }];
  });
}

function parseWindow(value: unknown, panes: SavedPane[]): SavedWindow {
  const window = toObject(value);
  const name = toName(window['name']);
  const layout = window['layout'];
  return {
    index: toNumber(window['index'], 0, MOST_INDEX, 0),
    ...(name === undefined ? {} : { name }),
    layout: typeof layout === 'string' && /^[0-9a-f]{4},[0-9x,{}[\]]{1,8000}$/.test(layout) ? layout : 'tiled',
    columns: toNumber(window['columns'], 10, MOST_CELLS, 80),
    rows: toNumber(window['rows'], 5, MOST_CELLS, 24),
    isActive: window['isActive'] === true,
    isZoomed: window['isZoomed'] === true,
    panes,
  };
}

function parsePane(value: unknown): SavedPane | undefined {
  const { folder, command, agent, scrollback, isActive, job } = toObject(value);
  if (typeof folder !== 'string' || !isFolder(folder)) return undefined;
  const known = parseAgent(agent);
  const { state, status } = toObject(job);
  const jobState = toJobState(String(state), String(status));
  return {
    folder,
    ...(typeof command === 'string' && isTypeable(command) ? { command } : {}),
    ...(known === undefined ? {} : { agent: known }),
    ...(typeof scrollback === 'string' && isScrollbackName(scrollback) ? { scrollback } : {}),
    isActive: isActive === true,
    ...(jobState === undefined ? {} : { job: jobState }),
  };
}

function parseAgent(value: unknown): SavedPane['agent'] {
  const { name, conversation } = toObject(value);
  const agent = AGENTS.find((each) => each.name === name);
  if (agent === undefined || typeof conversation !== 'string' || !agent.id.test(conversation)) return undefined;
  return { name: agent.name, conversation };
}

/** A folder's name may hold anything but a zero; it is never typed, and never read by a shell. */
function isFolder(text: string): boolean {
  return text.startsWith('/') && text.length <= MOST_PATH && !text.includes('\0');
}

function toName(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MOST_NAME && !UNPRINTABLE.test(value)
    ? value
    : undefined;
}

function toNumber(value: unknown, lowest: number, highest: number, otherwise: number): number {
  return Number.isInteger(value) && (value as number) >= lowest && (value as number) <= highest
    ? (value as number)
    : otherwise;
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
