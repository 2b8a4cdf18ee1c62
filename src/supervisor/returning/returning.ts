/**
 * Sessions come back: what tmux has on a home that outlives the pod is kept there, and made again by the next start.
 * Nothing here may hold up the server: all of it waits for the home and for tmux, and nobody waits for it.
 */
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RETURNED_FILE, RETURNING_FILE } from '../../contract/paths.ts';
import type { Log } from '../output/log.ts';
import type { RuntimeFolder } from '../runtime/runtime-folder.ts';
import { awaitVolume } from '../runtime/slow-call.ts';
import { Notice } from './notice.ts';
import { findTyped, typeAtPrompt } from './prompt.ts';
import { type Returned, restoreSessions } from './restorer.ts';
import { Saver } from './saver.ts';
import { Store } from './store.ts';
import { Tmux, type TmuxOptions } from './tmux/tmux.ts';

/** So that what is kept is never older than ten seconds, with the time to write it. */
const LOOK_MS = 8000;

/** At the end, a save that is under way has this time, and so has the mark to go after the last one. */
const LAST_TURN_MS = 1500;
const UNMARK_MS = 1000;

/**
 * A pod that is deleted may end beside the next one, which waits so long for its last save. The image's `tmux` waits
 * longer: a server of the user's own would take the place of what is kept.
 */
const LAST_SAVE_MS = 10_000;
const LAST_SAVE_LOOK_MS = 100;

/** In the runtime folder, which outlives the container: sessions were made again, and the start has not lasted yet. */
const TRIED_FILE = 'returning-tried';

/** The name that an agent of ssh has in tmux; see image/root/etc/ws/agent.sh. */
const AGENT_LINK = '.ssh/agent.sock';

/** A start that lasts this long was not ended by what came back. */
const SETTLED_MS = 60_000;

export interface ReturningOptions extends TmuxOptions {
  home: string;
  runtime: RuntimeFolder;
  temporary: string;
  log: Log;
}

export class Returning {
  readonly #options: ReturningOptions;
  readonly #tmux: Tmux;
  readonly #store: Store;
  readonly #saver: Saver;
  readonly #ended = new AbortController();
  #turning: Promise<void> = Promise.resolve();
  /** All that was kept stands again; before that, a save would lose the rest. */
  #isWhole = false;
  #notice = new Notice([]);
  /** Whether it is said in the home that this pod's last save is to come. */
  #marked: Promise<boolean> = Promise.resolve(false);

  constructor(options: ReturningOptions) {
    this.#options = options;
    this.#tmux = new Tmux(options);
    this.#store = new Store(options.home);
    this.#saver = new Saver(this.#tmux, this.#store, options.home, options.log);
  }

  /** Makes the sessions again, then keeps them, until `endPrograms`. */
  start(): void {
    this.#turning = this.#run().catch((error: Error) => {
      this.#options.log.warn('sessions.not-returned', { reason: error.message });
    });
  }

  /** No further save begins. */
  stop(): void {
    this.#ended.abort();
  }

  /** Says in the home that a last save is to come, if there is anything to save. Never rejects. */
  announceEnd(): void {
    this.#marked = this.#mark().catch(() => false);
  }

  async #mark(): Promise<boolean> {
    if (!this.#isWhole || !(await this.#tmux.hasSocket())) return false;
    await this.#store.markEnding();
    return true;
  }

  /** Only its own mark: the pod before this one may still be saving. */
  async #unmark(): Promise<void> {
    if (await this.#marked) await this.#store.unmarkEnding();
  }

  /** Keeps what is there, ends the programs by `end`, which leaves tmux's server alone, and keeps their last words. */
  async endPrograms(end: (tmuxPids: number[]) => Promise<number>): Promise<number> {
    this.stop();
    // A save under way writes the same files.
    await Promise.race([this.#turning, sleep(LAST_TURN_MS, undefined, { ref: false })]);
    const left = this.#isWhole ? await this.#saver.saveAround(end) : await end([]);
    await Promise.race([this.#unmark(), sleep(UNMARK_MS, undefined, { ref: false })]);
    return left;
  }

  /** Rejects if this pod is asked to end meanwhile: the mark and what is kept are then for the next one. */
  async #awaitLastSave(): Promise<void> {
    const { signal } = this.#ended;
    const limitMs = performance.now() + LAST_SAVE_MS;
    while (performance.now() < limitMs && (await this.#store.isEnding()))
      await sleep(LAST_SAVE_LOOK_MS, undefined, { signal });
    await this.#store.unmarkEnding();
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended;
    try {
      await this.#restore();
      this.#isWhole = true;
    } finally {
      await this.#place(RETURNING_FILE, '');
    }
    // The file may be of the start before.
    let shown: string | undefined;
    while (!signal.aborted) {
      const next = this.#notice.find(await this.#saver.save());
      if (next !== shown) await this.#place(RETURNED_FILE, next);
      shown = next;
      await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #restore(): Promise<void> {
    const { runtime, temporary, log, home } = this.#options;
    await this.#awaitLastSave();
    const sessions = await this.#store.read();
    if (sessions.length === 0 || (await this.#hasServer())) return;
    const begunMs = performance.now();
    // What ended the start before may be what came back with it: then nothing runs by itself.
    const isSuspect = ((await runtime.find(TRIED_FILE)) ?? '') !== '';
    await this.#place(TRIED_FILE, 'tried');
    setTimeout(() => void this.#place(TRIED_FILE, ''), SETTLED_MS).unref();
    const mark = `\x1b[2m[ws] Back after a restart, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC\x1b[0m`;
    const readScrollback = (name: string) => this.#store.readScrollback(name);
    const tmux = await this.#withAgentLink();
    const returned = await restoreSessions(sessions, { tmux, readScrollback, temporary, mark });
    for (const { pane, saved } of returned) this.#saver.expect(pane, saved);
    this.#isWhole = true;
    this.#notice = new Notice(returned.map(({ pane }) => pane));
    // Logins wait for the end of this, and then read that.
    await this.#place(RETURNED_FILE, this.#notice.find(await this.#saver.list()));
    await this.#place(RETURNING_FILE, '');
    const toMs = () => Math.round(performance.now() - begunMs);
    // From here on somebody can attach.
    log.info('sessions.returned', { sessions: sessions.length, panes: returned.length, tookMs: toMs() });
    const agents = await this.#type(returned, home, isSuspect);
    log.info('sessions.prompted', { agents, tookMs: toMs() });
  }

  /** The panes reach the agent of whoever comes back with one, as those that such a login starts. */
  async #withAgentLink(): Promise<Tmux> {
    const link = path.join(this.#options.home, AGENT_LINK);
    const found = await awaitVolume(() => lstat(link)).catch(() => undefined);
    if (found?.isSymbolicLink() !== true) return this.#tmux;
    return new Tmux({ ...this.#options, environment: { ...this.#options.environment, SSH_AUTH_SOCK: link } });
  }

  /** After a restart of the server alone tmux and all in it still run. */
  async #hasServer(): Promise<boolean> {
    return (
      (await this.#tmux.hasSocket()) &&
      this.#tmux.run('list-sessions').then(
        () => true,
        () => false,
      )
    );
  }

  async #type(returned: Returned[], home: string, isSuspect: boolean): Promise<number> {
    let agents = 0;
    await Promise.all(
      returned.map(async (pane) => {
        const typed = await findTyped(pane.saved, home);
        if (typed === undefined) return;
        if (typed.isRun) agents += 1;
        await typeAtPrompt(this.#tmux, pane, { ...typed, isRun: typed.isRun && !isSuspect });
        this.#saver.typed(pane.pane);
      }),
    );
    return agents;
  }

  async #place(name: string, text: string): Promise<void> {
    await this.#options.runtime.place(name, text, 0o644, false).catch(() => undefined);
  }
}
