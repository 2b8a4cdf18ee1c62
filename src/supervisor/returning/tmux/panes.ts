/** tmux's list of all panes. */
import { JOB_FORMAT, type JobState, parseJobState } from '../../../contract/jobs.ts';

export interface Pane {
  /** Numbers that tmux gave, with their signs: `$1`, `@2`, `%3`. */
  session: string;
  window: string;
  pane: string;
  sessionName: string;
  windowName: string;
  /** It has the name that somebody gave it; else tmux names it after what runs. */
  isNamed: boolean;
  windowIndex: number;
  layout: string;
  columns: number;
  rows: number;
  isActiveWindow: boolean;
  isActivePane: boolean;
  isZoomed: boolean;
  /** A full-screen program has the pane: what stands there is its picture, not what was printed. */
  isAlternate: boolean;
  pid: number;
  /** When something last moved in the window, as Unix time. */
  activeAtSeconds: number;
  /** When somebody last attached, as Unix time; undefined before. */
  attachedAtSeconds: number | undefined;
  /** Undefined where it was not started with a command by `ws ssh --tmux`. */
  job: JobState | undefined;
}

/** Names last, and a tab between all: tmux puts no control character into a name. */
const FIELDS = [
  'session_id',
  'window_id',
  'pane_id',
  'window_index',
  'window_width',
  'window_height',
  'window_active',
  'pane_active',
  'window_zoomed_flag',
  'alternate_on',
  'pane_pid',
  'window_activity',
  'session_last_attached',
  'automatic-rename',
  'job',
  'window_layout',
  'session_name',
  'window_name',
];

export const PANE_FORMAT = FIELDS.map((name) => (name === 'job' ? JOB_FORMAT : `#{${name}}`)).join('\t');

/** A line that is none is left out. A window that several sessions have counts for the first. */
export function parsePanes(text: string): Pane[] {
  const seen = new Set<string>();
  return text.split('\n').flatMap((line) => {
    const pane = parseLine(line);
    if (pane === undefined || seen.has(pane.pane)) return [];
    seen.add(pane.pane);
    return [pane];
  });
}

function parseLine(line: string): Pane | undefined {
  const fields = line.split('\t');
  const get = (name: string) => fields[FIELDS.indexOf(name)] ?? '';
  const number = (name: string) => (/^\d{1,15}$/.test(get(name)) ? Number(get(name)) : undefined);
  const isOn = (name: string) => get(name) === '1';
  const [windowIndex, columns, rows, pid] = ['window_index', 'window_width', 'window_height', 'pane_pid'].map(number);
  if (fields.length !== FIELDS.length || !/^\$\d+\t@\d+\t%\d+\t/.test(line)) return undefined;
  if (windowIndex === undefined || columns === undefined || rows === undefined || pid === undefined) return undefined;
  return {
    session: get('session_id'),
    window: get('window_id'),
    pane: get('pane_id'),
    sessionName: get('session_name'),
    windowName: get('window_name'),
    isNamed: !isOn('automatic-rename'),
    windowIndex,
    layout: get('window_layout'),
    columns,
    rows,
    isActiveWindow: isOn('window_active'),
    isActivePane: isOn('pane_active'),
    isZoomed: isOn('window_zoomed_flag'),
    isAlternate: isOn('alternate_on'),
    pid,
    activeAtSeconds: number('window_activity') ?? 0,
    attachedAtSeconds: number('session_last_attached'),
    job: parseJobState(get('job')),
  };
}
