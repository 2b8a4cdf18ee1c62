import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/command/base-command.ts';
import { globalFlags } from '../../cli/command/global-flags.ts';
import { AppHelp } from '../../cli/front/help.ts';
import { findSubject } from '../../cli/front/meant/find-subject.ts';
import { readCatalogue } from '../../cli/words/catalogue.ts';
import { say } from '../../report/leaving.ts';
import { formatErrorPage } from '../../report/results/error-page.ts';

/** The page that has a section for each error code. It is in the package, too. */
const PAGE = path.join('docs', 'troubleshooting.md');

export default class ShowHelp extends BaseCommand<typeof ShowHelp> {
  static changesWorkspace = false;
  static override summary = 'Say more about a command, or about an error by its code';
  static override examples = [
    '<%= config.bin %> help up',
    '<%= config.bin %> help keys add',
    '<%= config.bin %> help WORKSPACE_STOPPED',
  ];
  static override enableJsonFlag = false;
  static override baseFlags = globalFlags;
  static override strict = false;
  static override args = {
    about: Args.string({ ignoreStdin: true, description: 'a command, a topic, or the code of an error or a cause' }),
  };

  async run(): Promise<void> {
    const subject = findSubject(this.positions, readCatalogue(this.config));
    if (subject.kind === 'command') return new AppHelp(this.config).showAbout(subject.path);
    const page = await readFile(path.join(this.config.root, PAGE), 'utf8');
    const { stdout, colorOnStdout } = this.terminal;
    const folder = path.join(this.config.root, path.dirname(PAGE));
    say(stdout, formatErrorPage(page, subject.code, { columns: stdout.columns || 80, color: colorOnStdout, folder }));
  }
}
