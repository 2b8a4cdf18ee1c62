/** What a login shows of the sessions that came back, until somebody has looked at one: then tmux lists them. */
import type { Pane } from './tmux/panes.ts';

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,30}$/;
const MOST_NAMED = 3;

/** Who prints it does not know the terminal's width, and most are at least as wide. */
const COLUMNS = 80;

const BEGIN = '[ws] ';

export class Notice {
  readonly #returned: ReadonlySet<string>;
  #isOver = false;

  /** `returned`: the panes that came back. What somebody has made since is no news. */
  constructor(returned: Iterable<string>) {
    this.#returned = new Set(returned);
  }

  /** Empty where there is nothing to return to, and from when somebody has attached, for ever. */
  find(panes: readonly Pane[]): string {
    const returned = panes.filter(({ pane }) => this.#returned.has(pane));
    this.#isOver ||= returned.some(({ attachedAtSeconds }) => attachedAtSeconds !== undefined);
    return this.#isOver || returned.length === 0 ? '' : toNotice(returned);
  }
}

/** In one line or two, none of them wider than a usual terminal. */
function toNotice(panes: readonly Pane[]): string {
  const sessions = [...Map.groupBy(panes, ({ session }) => session).values()];
  const named = sessions.flatMap(([pane, ...others]) =>
    // A shell prints the line, and somebody copies from it.
    pane === undefined || !NAME.test(pane.sessionName) ? [] : [{ name: pane.sessionName, panes: others.length + 1 }],
  );
  const [first] = named;
  const back = nameSome(named, sessions.length);
  const how = `To return: tmux attach${first === undefined ? '' : ` -t ${first.name}`}`;
  const line = `${BEGIN}${back}. ${how}`;
  return line.length <= COLUMNS ? `${line}\n` : `${BEGIN}${back}\n${' '.repeat(BEGIN.length)}${how}\n`;
}

/** As many as a line has room for: one always fits. */
function nameSome(named: { name: string; panes: number }[], sessions: number, most = MOST_NAMED): string {
  const shown = named.slice(0, most).map(({ name, panes }) => `${name} (${panes === 1 ? '1 pane' : `${panes} panes`})`);
  const left = sessions - shown.length;
  const rest = left === 0 ? [] : [shown.length > 0 ? `${left} more` : 'what ran before'];
  const text = `Back in tmux: ${[...shown, ...rest].join(', ')}`;
  return BEGIN.length + text.length > COLUMNS && most > 1 ? nameSome(named, sessions, most - 1) : text;
}
