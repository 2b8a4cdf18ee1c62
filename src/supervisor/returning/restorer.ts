/** Makes tmux's sessions again, as they were kept. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { JOB_OPTION, toJobOption } from '../../contract/jobs.ts';
import type { SavedPane, SavedSession, SavedWindow } from './saved.ts';
import { COME_BACK } from './starting.ts';
import { type Tmux, toLiteral, toWord } from './tmux/tmux.ts';

/** A pane that stands again, and what was there. */
export interface Returned {
  pane: string;
  saved: SavedPane;
}

export interface RestoreOptions {
  tmux: Pick<Tmux, 'run'>;
  readScrollback(name: string): Promise<string | undefined>;
  /** For what the panes showed, until they show it again. */
  temporary: string;
  /** The last line of what a pane showed. */
  mark: string;
}

/** Never rejects: what cannot be made is left out. */
export async function restoreSessions(sessions: SavedSession[], options: RestoreOptions): Promise<Returned[]> {
  const folder = await mkdtemp(path.join(options.temporary, 'ws-return-')).catch(() => undefined);
  const restorer = new Restorer(options, folder);
  for (const session of sessions) await restorer.restore(session);
  return restorer.returned;
}

class Restorer {
  readonly #options: RestoreOptions;
  readonly #folder: string | undefined;
  readonly returned: Returned[] = [];
  #number = 0;

  constructor(options: RestoreOptions, folder: string | undefined) {
    this.#options = options;
    this.#folder = folder;
  }

  async restore({ name, windows }: SavedSession): Promise<void> {
    let session: string | undefined;
    for (const window of windows) {
      const made = await this.#make(session, name, window).catch(() => undefined);
      session ??= made?.session;
      if (made !== undefined) await this.#fill(made, window);
    }
    const active = windows.find(({ isActive }) => isActive);
    if (session !== undefined && active !== undefined)
      await this.#try('select-window', '-t', `${session}:${active.index}`);
  }

  /** The window with its first pane. */
  async #make(session: string | undefined, name: string, window: SavedWindow): Promise<Made> {
    const [first] = window.panes;
    if (first === undefined) throw new Error('a window without panes');
    const named = window.name === undefined ? [] : ['-n', toLiteral(window.name)];
    const words = [...named, ...(await this.#toWords(first))];
    const size = ['-x', String(window.columns), '-y', String(window.rows)];
    const create = (command: string, ...start: string[]) => this.#create(first, command, ...start, ...words);
    if (session !== undefined)
      return create('new-window', '-t', `${session}:${window.index}`).catch(() =>
        create('new-window', '-t', `${session}:`),
      );
    // Somebody may have been faster, or the user's own configuration.
    const made = await create('new-session', ...size, '-s', toLiteral(name)).catch(() =>
      create('new-session', ...size),
    );
    if (made.index !== window.index)
      await this.#try('move-window', '-s', made.window, '-t', `${made.session}:${window.index}`);
    return made;
  }

  async #create(saved: SavedPane, command: string, ...words: string[]): Promise<Made> {
    const format = '#{session_id} #{window_id} #{pane_id} #{window_index}';
    const said = await this.#options.tmux.run(command, '-d', '-P', '-F', format, ...words);
    const [session = '', window = '', pane = '', index = ''] = said.trim().split(' ');
    // A server that is just ending says nothing.
    if (pane === '') throw new Error('tmux made no pane');
    await this.#take(pane, saved);
    return { session, window, pane, index: Number(index) };
  }

  /** The other panes, each behind the one before, as the layout wants them. */
  async #fill({ window, pane }: Made, { panes, layout, isZoomed }: SavedWindow): Promise<void> {
    let last = pane;
    let active = panes[0]?.isActive ? pane : undefined;
    for (const saved of panes.slice(1)) {
      const words = ['split-window', '-d', '-P', '-F', '#{pane_id}', '-t', last, ...(await this.#toWords(saved))];
      // Else the last of them would have no room.
      const said = await this.#try(...words, ';', 'select-layout', '-t', window, 'tiled');
      if (said === undefined) continue;
      last = said.trim();
      if (saved.isActive) active = last;
      await this.#take(last, saved);
    }
    if (panes.length > 1) await this.#try('select-layout', '-t', window, layout);
    if (active !== undefined) await this.#try('select-pane', '-t', active);
    if (isZoomed) await this.#try('resize-pane', '-Z', '-t', active ?? last);
  }

  /** A job that had ended keeps its status. One that still ran is lost: nobody knows how it would have ended. */
  async #take(pane: string, saved: SavedPane): Promise<void> {
    this.returned.push({ pane, saved });
    const { job } = saved;
    if (job === undefined) return;
    const now = toJobOption(job.state === 'running' ? { state: 'lost' } : job);
    await this.#try('set-option', '-p', '-t', pane, JOB_OPTION, now);
  }

  async #toWords(saved: SavedPane): Promise<string[]> {
    const file = await this.#placeScrollback(saved.scrollback);
    // tmux expands formats there, and the pane's own program goes to the folder as well.
    const folder = saved.folder.includes('#') ? [] : ['-c', toWord(saved.folder)];
    const program = ['sh', '-c', COME_BACK, 'ws', saved.folder, file];
    return [...folder, '--', ...program.map(toWord)];
  }

  async #placeScrollback(name: string | undefined): Promise<string> {
    if (name === undefined || this.#folder === undefined) return '';
    const text = await this.#options.readScrollback(name);
    if (text === undefined) return '';
    const file = path.join(this.#folder, String(this.#number++));
    const written = writeFile(file, `${text}\x1b[0m\n${this.#options.mark}\n`, { mode: 0o600, flag: 'wx' });
    return written.then(
      () => file,
      () => '',
    );
  }

  async #try(...words: string[]): Promise<string | undefined> {
    return this.#options.tmux.run(...words).catch(() => undefined);
  }
}

interface Made {
  session: string;
  window: string;
  pane: string;
  index: number;
}
