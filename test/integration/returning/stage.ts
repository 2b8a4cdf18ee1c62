/** A home, and the user's own tmux server in a folder of the test's, as the pod's start finds them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { notifyTerminals } from '../../../src/supervisor/measures/terminals.ts';
import type { Log } from '../../../src/supervisor/output/log.ts';
import { Returning } from '../../../src/supervisor/returning/returning.ts';
import { RuntimeFolder } from '../../../src/supervisor/runtime/runtime-folder.ts';

export class Stage implements Disposable {
  // Short: a socket's path may have a hundred letters.
  readonly folder = mkdtempSync(path.join(tmpdir(), 'back-'));
  readonly home = path.join(this.folder, 'home');
  readonly runtime = path.join(this.folder, 'run');
  readonly environment: Record<string, string>;
  readonly events: { event: string; [name: string]: unknown }[] = [];
  /**
   * Of the test's own server, which each tmux here is told: where TMUX_TMPDIR has gone, tmux and our `Tmux` take /tmp,
   * and the server there belongs to whoever runs the test.
   */
  readonly #socket = path.join(this.folder, 'tmux', `tmux-${process.getuid?.() ?? 0}`, 'default');
  readonly #returnings: Returning[] = [];

  constructor() {
    for (const name of ['home', 'run', 'tmux', 'tmp']) mkdirSync(path.join(this.folder, name), { mode: 0o700 });
    this.environment = {
      HOME: this.home,
      SHELL: '/bin/bash',
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LANG: 'C.UTF-8',
      PS1: '$ ',
      TMUX_TMPDIR: path.join(this.folder, 'tmux'),
    };
  }

  get log(): Log {
    const note = (event: string, fields: object = {}) => void this.events.push({ event, ...fields });
    return { info: note, warn: note, error: note, fatal: note, flush: () => undefined };
  }

  get saved(): string {
    return path.join(this.home, '.local/state/ws/sessions');
  }

  /** What a start of the pod does, from the moment that it is ready. */
  start(): Returning {
    writeFileSync(path.join(this.runtime, 'returning'), 'returning');
    const returning = new Returning({
      uid: process.getuid?.() ?? 0,
      home: this.home,
      runtime: new RuntimeFolder(this.runtime),
      temporary: path.join(this.folder, 'tmp'),
      environment: this.environment,
      log: this.log,
    });
    this.#returnings.push(returning);
    returning.start();
    return returning;
  }

  tmux(...words: string[]): string {
    // tmux makes it only for a socket that nobody names.
    mkdirSync(path.dirname(this.#socket), { recursive: true, mode: 0o700 });
    const options = { env: this.environment, cwd: this.home, encoding: 'utf8' } as const;
    return execFileSync('tmux', ['-u', '-S', this.#socket, ...words], options).trim();
  }

  /** What panes show, by their place. */
  screen(pane: string): string {
    return this.tmux('capture-pane', '-p', '-J', '-S', '-5000', '-t', pane);
  }

  /** A notice on the terminals of all panes, and of nobody else. */
  notify(text: string): void {
    const terminals = mkdtempSync(path.join(this.folder, 'pts-'));
    const names = this.tmux('list-panes', '-a', '-F', '#{pane_tty}').split('\n');
    for (const [number, name] of names.entries()) symlinkSync(name, path.join(terminals, String(number)));
    notifyTerminals(text, terminals);
  }

  /** The pod's end after a notice, as a stop does it. */
  async end(returning: Returning): Promise<void> {
    returning.announceEnd();
    this.notify('This workspace is stopping now.');
    await returning.endPrograms(async () => {
      for (const pane of this.tmux('list-panes', '-a', '-F', '#{pane_pid}').split('\n'))
        spawnSync('kill', ['-HUP', pane]);
      return 0;
    });
    this.stop();
    rmSync(this.runtime, { recursive: true });
    mkdirSync(this.runtime);
    this.events.length = 0;
  }

  /** The pod's end without a word before. */
  async kill(): Promise<void> {
    this.stop();
    const pid = this.tmux('display-message', '-p', '#{pid}');
    const panes = this.tmux('list-panes', '-a', '-F', '#{pane_pid}').split('\n');
    for (const each of [pid, ...panes]) spawnSync('kill', ['-9', each]);
    await this.until(() => spawnSync('kill', ['-0', pid]).status !== 0);
    rmSync(path.join(this.runtime), { recursive: true });
    mkdirSync(this.runtime);
  }

  /** Ends the loop alone, as the end of its process does. */
  stop(): void {
    for (const returning of this.#returnings.splice(0)) returning.stop();
  }

  find(event: string): Record<string, unknown> | undefined {
    return this.events.find((each) => each.event === event);
  }

  read(file: string): string {
    try {
      return readFileSync(path.join(this.runtime, file), 'utf8');
    } catch {
      return '';
    }
  }

  async until(isTrue: () => boolean, limitMs = 40_000): Promise<void> {
    const endMs = performance.now() + limitMs;
    while (!isTrue()) {
      if (performance.now() > endMs) throw new Error(`not within ${limitMs} ms: ${isTrue}`);
      await sleep(50);
    }
  }

  [Symbol.dispose](): void {
    this.stop();
    spawnSync('tmux', ['-S', this.#socket, 'kill-server'], { env: this.environment });
    rmSync(this.folder, { recursive: true, force: true });
  }
}
