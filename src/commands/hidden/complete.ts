import { BaseCommand } from '../../cli/command/base-command.ts';
import { splitAtDashes } from '../../cli/command/flags.ts';
import { globalFlags } from '../../cli/command/global-flags.ts';
import { listCompletable } from '../../cli/completion/completable.ts';
import {
  type Candidate,
  type Completion,
  completeWords,
  FILES_MARK,
  toWords,
} from '../../cli/completion/completion.ts';
import { openWorld } from '../../cli/wiring/world.ts';
import { list } from '../../operations/look/list.ts';
import { handOn } from '../../report/leaving.ts';
import { isPrintable, toPrintable } from '../../workspace/errors/printable.ts';
import type { Place } from '../../workspace/place.ts';

/** The longest wait for names after Tab. */
const LIMIT_MS = 3000;

/** Asked by the scripts of `ws completion`, at each Tab. Says nothing when something is wrong: the user is typing. */
export default class Complete extends BaseCommand<typeof Complete> {
  static override summary = 'Print what can follow some words, for the scripts of ws completion';
  static override hidden = true;
  static override enableJsonFlag = false;
  static override baseFlags = globalFlags;
  static override strict = false;

  async run(): Promise<void> {
    const words = splitAtDashes(this.argv).after ?? [''];
    const candidates = await this.#find(completeWords(words, listCompletable(this.config)), words.at(-1) ?? '');
    const lines = candidates
      .filter(({ word }) => isPrintable(word))
      .map(({ word, about }) => (about === '' ? `${word}\n` : `${word}\t${toPrintable(about, { oneLine: true })}\n`));
    handOn(this.terminal.stdout, lines.join(''));
  }

  async #find(completion: Completion, current: string): Promise<Candidate[]> {
    switch (completion.kind) {
      case 'words':
        return completion.candidates;
      case 'files':
        return [{ word: FILES_MARK, about: '' }];
      case 'workspaces': {
        const names = toWords(await this.#listWorkspaces(completion.place, completion.prefix), current);
        const { others } = completion;
        return [...(await this.#find(names, current)), ...(others ? await this.#find(others, current) : [])];
      }
    }
  }

  async #listWorkspaces(typed: Place, prefix: string): Promise<Candidate[]> {
    const place = {
      context: typed.context ?? this.place.context,
      namespace: typed.namespace ?? this.place.namespace,
      kubeconfig: typed.kubeconfig,
    };
    // A credential plugin might open a browser at each Tab. So where one is needed, we use the names of recent logins.
    const world = await openWorld(place, { inPassing: true });
    try {
      const workspaces = await list(world, AbortSignal.any([this.signal, AbortSignal.timeout(LIMIT_MS)]));
      return workspaces.map(({ name, state }) => ({ word: prefix + name, about: state }));
    } catch {
      return (await world.recent.list()).map((name) => ({ word: prefix + name, about: 'logged in to before' }));
    }
  }

  protected override async catch(): Promise<void> {
    process.exitCode = 0;
  }
}
