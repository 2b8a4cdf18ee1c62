import { Args } from '@oclif/core';
import { BaseCommand } from '../cli/command/base-command.ts';
import { SHELLS, type Shell, toCompletionScript } from '../cli/completion/scripts.ts';
import { handOn } from '../report/leaving.ts';

export default class Completion extends BaseCommand<typeof Completion> {
  static changesWorkspace = false;
  static override summary = 'Print a script that lets your shell complete commands, flags and names';
  static override examples = [
    'source <(<%= config.bin %> completion bash)   # in ~/.bashrc',
    'source <(<%= config.bin %> completion zsh)    # in ~/.zshrc, after compinit',
    '<%= config.bin %> completion fish > ~/.config/fish/completions/<%= config.bin %>.fish',
  ];
  static override args = {
    shell: Args.string({ ignoreStdin: true, description: 'your shell', required: true, options: [...SHELLS] }),
  };

  async run(): Promise<{ shell: string; script: string }> {
    const { args } = this;
    const script = toCompletionScript(args.shell as Shell, this.config.bin);
    if (!this.jsonEnabled()) handOn(this.terminal.stdout, script);
    return { shell: args.shell, script };
  }
}
