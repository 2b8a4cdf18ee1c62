import { Args } from '@oclif/core';
import { readPublicKeys } from '../../cli/asking/read-public-keys.ts';
import { workspaceArg } from '../../cli/command/flags.ts';
import { WorkspaceCommand } from '../../cli/command/workspace-command.ts';
import { addKeys } from '../../operations/authorized-keys.ts';
import { readKey } from '../../operations/choices/read-key.ts';
import type { NamedKey } from '../../workspace/keys/keys.ts';
import { formatAuthorizedKey } from '../../workspace/keys/public-key.ts';

export default class KeysAdd extends WorkspaceCommand<typeof KeysAdd> {
  static override summary = 'Let another key open a workspace';
  static override description = 'Takes effect in the running workspace within 90 seconds, without a restart.';
  static override examples = [
    '<%= config.bin %> keys add ~/.ssh/laptop.pub',
    '<%= config.bin %> keys add "ssh-ed25519 AAAA… me@laptop" --workspace dev',
    '<%= config.bin %> keys add dev ~/.ssh/laptop.pub',
  ];
  static override args = {
    workspace: workspaceArg,
    key: Args.string({
      ignoreStdin: true,
      description: 'public key file, the key itself, or the fingerprint of a key that your agent holds; - reads stdin',
      required: true,
    }),
  };
  async run(): Promise<NamedKey[]> {
    const { args } = this;
    const lines = args.key.startsWith('SHA256:')
      ? [formatAuthorizedKey(await readKey(args.key, await this.world, this.signal))]
      : await readPublicKeys(args.key, this.terminal.stdin);
    const added = await addKeys(await this.workspaceName(), lines, await this.world, this.signal);
    this.log(
      added.length === 0
        ? 'That key opens the workspace already.'
        : added.map((key) => `Added ${key.comment || key.type} ${key.fingerprint}`).join('\n'),
    );
    return added;
  }
}
