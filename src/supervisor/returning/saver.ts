/** Keeps tmux's sessions in the home, as they are. */
import { setTimeout as sleep } from 'node:timers/promises';
import { getNoticedAtSeconds } from '../measures/terminals.ts';
import type { Log } from '../output/log.ts';
import { awaitVolume } from '../runtime/slow-call.ts';
import { findConversation } from './agents/conversations.ts';
import { type Foreground, listGroups, readForeground } from './foreground.ts';
import { MOST_PANES, type SavedPane } from './saved.ts';
import { type Described, toSessions } from './saved-sessions.ts';
import { MOST_LINES } from './scrollback.ts';
import type { Store } from './store.ts';
import { PANE_FORMAT, type Pane, parsePanes } from './tmux/panes.ts';
import type { Tmux } from './tmux/tmux.ts';

/** Of the pod's grace period: before its programs are asked to end, and after they have ended. */
const BEFORE_END_MS = 3000;
const AFTER_END_MS = 3500;

/** So many panes are read at once. */
const AT_ONCE = 4;

/** A shell shows what was typed. */
const ECHO_SECONDS = 2;

interface KeptScrollback {
  file: string;
  /** Something may have been printed since in the second of the capture. */
  capturedAtSeconds: number;
}

export class Saver {
  readonly #tmux: Pick<Tmux, 'hasSocket' | 'run'>;
  readonly #store: Pick<Store, 'writeScrollback' | 'writeIndex' | 'forget'>;
  readonly #home: string;
  readonly #log: Log;
  #scrollbacks = new Map<string, KeptScrollback>();
  /** The index as it stands there. */
  #last = '';
  /** The panes of the last save. */
  #seen = '';
  /** Whether sessions of this start were kept, so that none are left when all have ended. */
  #hasSaved = false;
  readonly #expected = new Map<string, { saved: SavedPane; untilSeconds: number }>();
  #isFailing = false;

  constructor(tmux: Pick<Tmux, 'hasSocket' | 'run'>, store: Store, home: string, log: Log) {
    this.#tmux = tmux;
    this.#store = store;
    this.#home = home;
    this.#log = log;
  }

  /** Keeps what a pane is to have as its command, until somebody does something else there. */
  expect(pane: string, saved: SavedPane): void {
    this.#expected.set(pane, { saved, untilSeconds: Number.POSITIVE_INFINITY });
  }

  /** It was typed now. */
  typed(pane: string): void {
    const expected = this.#expected.get(pane);
    if (expected !== undefined) expected.untilSeconds = Math.floor(Date.now() / 1000) + ECHO_SECONDS;
  }

  /** Never rejects. Returns the panes that there are. */
  async save(): Promise<Pane[]> {
    const panes = await this.list();
    const isSame = JSON.stringify(panes) === this.#seen && panes.every((pane) => this.#isStill(pane));
    if (isSame && !this.#isFailing) return panes;
    try {
      await this.#keep(panes, await this.#describe(panes));
      this.#seen = JSON.stringify(panes);
    } catch (error) {
      this.#tell(error as Error);
    }
    return panes;
  }

  /**
   * The last save, around the end of all programs: what runs before it, what it has printed after it. `end` gets tmux's
   * own process, which must outlive them.
   */
  async saveAround(end: (tmuxPids: number[]) => Promise<number>): Promise<number> {
    const panes = await this.list();
    const prepare = async () => ({ described: await this.#describe(panes), pids: await this.#stay(panes) });
    const prepared = await this.#within(BEFORE_END_MS, prepare());
    if (prepared === undefined) return end([]);
    const { described, pids } = prepared;
    // Once now, because the kubelet may not wait for the end; and on a busy machine, programs do not wait for this.
    const now = this.#keep(panes, described).catch((error: Error) => this.#tell(error));
    const left = await end(pids);
    await this.#within(
      AFTER_END_MS,
      now.then(() => (pids.length === 0 ? undefined : this.#keepEnded(panes, described))),
    );
    return left;
  }

  /** The panes stand still, each with its last words. */
  async #keepEnded(panes: Pane[], described: Described[]): Promise<void> {
    const now = await this.list();
    const isSame = now.length === panes.length && now.every(({ pane }, number) => pane === panes[number]?.pane);
    this.#scrollbacks.clear();
    if (isSame) await this.#keep(now, described);
    await this.#tmux.run('kill-server');
  }

  /** Undefined where it fails or takes longer: a home that does not answer must not keep a workspace from its end. */
  async #within<Value>(limitMs: number, work: Promise<Value>): Promise<Value | undefined> {
    const told = work.catch((error: Error) => {
      this.#tell(error);
      return undefined;
    });
    return Promise.race([told, sleep(limitMs, undefined, { ref: false })]);
  }

  /** What came back to a pane and is still to be typed, or stands at its prompt untouched. */
  #findExpected({ pane, activeAtSeconds }: Pane): SavedPane | undefined {
    const expected = this.#expected.get(pane);
    if (expected === undefined) return undefined;
    const sinceNotice = activeAtSeconds - getNoticedAtSeconds();
    // We write to the terminals of panes, too: each end of a pod begins with a notice.
    if (sinceNotice >= 0 && sinceNotice <= ECHO_SECONDS)
      expected.untilSeconds = Math.max(expected.untilSeconds, activeAtSeconds);
    if (activeAtSeconds <= expected.untilSeconds) return expected.saved;
    this.#expected.delete(pane);
    return undefined;
  }

  #isStill(pane: Pane): boolean {
    const kept = this.#scrollbacks.get(pane.pane);
    return kept !== undefined && pane.activeAtSeconds < kept.capturedAtSeconds;
  }

  /** Has the panes stay when their programs end. Returns the process of the server that then stays too. */
  async #stay(panes: Pane[]): Promise<number[]> {
    if (panes.length === 0) return [];
    const words = panes.flatMap(({ pane }) => [
      ...['set-option', '-p', '-t', pane, 'remain-on-exit', 'on', ';'],
      ...['set-option', '-p', '-t', pane, 'remain-on-exit-format', '', ';'],
    ]);
    const pid = await this.#tmux.run(...words, 'display-message', '-p', '#{pid}').catch(() => '');
    return /^\d+\s*$/.test(pid) ? [Number(pid)] : [];
  }

  /** None where tmux does not run. */
  async list(): Promise<Pane[]> {
    if (!(await this.#tmux.hasSocket())) return [];
    const text = await this.#tmux.run('list-panes', '-a', '-F', PANE_FORMAT).catch(() => '');
    return parsePanes(text).slice(0, MOST_PANES);
  }

  async #describe(panes: Pane[]): Promise<Described[]> {
    if (panes.length === 0) return [];
    const groups = listGroups();
    const taken = new Set<string>();
    const found: Described[] = [];
    for (const pane of panes) {
      const foreground = readForeground(pane.pid, groups, Date.now());
      const agent = await this.#findAgent(foreground, taken);
      const { command, folder = this.#home } = foreground;
      const expected = command === undefined ? this.#findExpected(pane) : undefined;
      found.push({ folder, command: command ?? expected?.command, agent: agent ?? expected?.agent, job: pane.job });
    }
    return found;
  }

  async #findAgent({ agent: found, folder }: Foreground, taken: Set<string>): Promise<SavedPane['agent']> {
    if (found === undefined || folder === undefined) return undefined;
    const { agent } = found;
    const id = await awaitVolume(() => findConversation(this.#home, agent.place, { ...found, folder }, taken));
    if (id === undefined || !agent.id.test(id)) return undefined;
    taken.add(id);
    return { name: agent.name, conversation: id };
  }

  async #keep(panes: Pane[], described: Described[]): Promise<void> {
    if (panes.length === 0) {
      if (this.#hasSaved) await this.#store.forget();
      this.#hasSaved = false;
      return;
    }
    const now = new Map<string, KeptScrollback>();
    const keep = async (pane: Pane) => {
      const next = this.#isStill(pane) ? this.#scrollbacks.get(pane.pane) : await this.#capture(pane);
      if (next !== undefined) now.set(pane.pane, next);
    };
    for (let first = 0; first < panes.length; first += AT_ONCE)
      await Promise.all(panes.slice(first, first + AT_ONCE).map(keep));
    this.#scrollbacks = now;
    const sessions = toSessions(panes, described, new Map([...now].map(([pane, { file }]) => [pane, file])));
    const text = JSON.stringify(sessions);
    if (text !== this.#last) await this.#store.writeIndex(sessions);
    this.#last = text;
    this.#hasSaved = true;
    this.#isFailing = false;
  }

  async #capture({ pane, isAlternate }: Pane): Promise<KeptScrollback | undefined> {
    const capturedAtSeconds = Math.floor(Date.now() / 1000);
    const words = ['capture-pane', '-p', '-e', '-J', '-t', pane];
    const all = [...words, '-S', `-${MOST_LINES}`];
    // What was printed before a full-screen program took the pane: its picture would be of no use.
    const below = isAlternate ? ['-E', '-1', ';', ...words, '-a', '-q'] : [];
    const text = await this.#tmux.run(...all, ...below).catch(() => undefined);
    if (text === undefined) return this.#scrollbacks.get(pane);
    return { file: await this.#store.writeScrollback(text), capturedAtSeconds };
  }

  /** Once, until it works again: a full home stays full for days. */
  #tell(error: Error): void {
    this.#last = '';
    if (!this.#isFailing) this.#log.warn('sessions.not-saved', { reason: error.message });
    this.#isFailing = true;
  }
}
