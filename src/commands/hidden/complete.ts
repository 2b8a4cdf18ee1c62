import { BaseCommand } from '../../cli/command/base-command.ts';
import { globalFlags } from '../../cli/command/global-flags.ts';
import { askSources } from '../../cli/completion/ask-sources.ts';
import { type BashLine, readBashLine, writeBashWord } from '../../cli/completion/bash-line.ts';
import { listCompletable } from '../../cli/completion/completable.ts';
import { completeWords } from '../../cli/completion/completion.ts';
import { FILES_MARK } from '../../cli/completion/scripts.ts';
import type { Candidate } from '../../cli/completion/sources.ts';
import { takeBearings } from '../../cli/here/bearings.ts';
import { peekFolderBinding } from '../../cli/here/folder-binding.ts';
import { findHostsAddress } from '../../cli/ssh-config/host-address.ts';
import { splitAtDashes } from '../../cli/words/split-command.ts';
import { handOn } from '../../report/leaving.ts';
import { isPrintable, toPrintable } from '../../workspace/errors/printable.ts';

/**
 * Asked by the scripts of `ws completion`, at each Tab: `-- WORD…` by zsh and fish, `bash BREAKS LINE` by bash. Says
 * nothing when something is wrong: the user is typing.
 */
export default class Complete extends BaseCommand<typeof Complete> {
  static override summary = 'Print what can follow some words, for the scripts of ws completion';
  static override hidden = true;
  static override enableJsonFlag = false;
  static override baseFlags = globalFlags;
  static override strict = false;

  async run(): Promise<void> {
    const { after } = splitAtDashes(this.argv);
    const [shell, breaks = '', line = ''] = this.argv;
    const bash = after === undefined && shell === 'bash' ? readBashLine(line, breaks) : undefined;
    const words = bash?.words ?? after ?? [''];
    const completion = completeWords(words, listCompletable(this.config));
    const { WS_CONTEXT, WS_NAMESPACE } = process.env;
    const host = findHostsAddress(completion.workspace ?? process.env.WS_WORKSPACE, completion.place);
    const given = {
      context: completion.place.context ?? host?.place.context ?? (WS_CONTEXT || undefined),
      namespace: completion.place.namespace ?? host?.place.namespace ?? (WS_NAMESPACE || undefined),
      kubeconfig: completion.place.kubeconfig ?? host?.place.kubeconfig,
    };
    // As the command that is being typed will have it: of this directory, too.
    const { place, workspace } = takeBearings(given, peekFolderBinding());
    const meant = { ...completion, place, workspace: host?.address ?? completion.workspace ?? workspace };
    const asked = await askSources(meant, words.at(-1) ?? '', this.signal);
    const lines = [...asked, ...completion.words]
      .filter(({ word }) => isPrintable(word))
      .flatMap((candidate) => toLine(candidate, bash));
    const { files } = completion;
    const mark = files === undefined ? [] : [[FILES_MARK, files.ending ?? ''].join(' ').trim()];
    handOn(this.terminal.stdout, [...lines, ...mark].map((text) => `${text}\n`).join(''));
  }

  /** It stays silent even if the environment asks for more: its output would stand in the line that is being typed. */
  protected override async catch(): Promise<void> {
    process.exitCode = 0;
  }
}

function toLine({ word, about }: Candidate, bash: BashLine | undefined): string[] {
  if (bash !== undefined) return [writeBashWord(word, bash)].filter((text) => text !== undefined);
  return [about === '' ? word : `${word}\t${toPrintable(about, { oneLine: true })}`];
}
