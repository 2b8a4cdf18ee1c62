import { BaseCommand } from '../cli/base-command.ts';
import { listCompletable } from '../cli/completable.ts';
import { splitAtDashes } from '../cli/flags.ts';
import { openWorld } from '../cli/wiring.ts';
import { list } from '../operations/list.ts';
import {
  type Candidate,
  type Completion,
  type CompletionPlace,
  complete,
  FILES_MARK,
  toWords,
} from '../workspace/completion.ts';

/** Whoever pressed Tab waits no longer than this for names. */
const LIMIT_MS = 3000;

/** Asked by the scripts of `ws completion`, at each Tab. Says nothing when something is wrong: the user is typing. */
export default class Complete extends BaseCommand {
  static override summary = 'Print what can follow some words, for the scripts of ws completion';
  static override hidden = true;
  static override enableJsonFlag = false;
  static override strict = false;

  async run(): Promise<void> {
    const words = splitAtDashes(this.argv).after ?? [''];
    const candidates = await this.#find(complete(words, listCompletable(this.config)), words.at(-1) ?? '');
    this.terminal.stdout.write(
      candidates.map(({ word, about }) => (about === '' ? `${word}\n` : `${word}\t${about}\n`)).join(''),
    );
  }

  async #find(completion: Completion, current: string): Promise<Candidate[]> {
    switch (completion.kind) {
      case 'words':
        return completion.candidates;
      case 'files':
        return [{ word: FILES_MARK, about: '' }];
      case 'workspaces': {
        const found = toWords(await this.#listWorkspaces(completion.place, completion.prefix), current);
        return found.kind === 'words' ? found.candidates : [];
      }
    }
  }

  async #listWorkspaces({ context, namespace, kubeconfig }: CompletionPlace, prefix: string): Promise<Candidate[]> {
    const { WS_CONTEXT, WS_NAMESPACE } = process.env;
    const world = await openWorld({ context: context ?? WS_CONTEXT, namespace: namespace ?? WS_NAMESPACE, kubeconfig });
    const workspaces = await list(world, AbortSignal.any([this.signal, AbortSignal.timeout(LIMIT_MS)]));
    return workspaces.map(({ name, state }) => ({ word: prefix + name, about: state }));
  }

  protected override async catch(): Promise<void> {
    process.exitCode = 0;
  }
}
