import { Args } from '@oclif/core';
import { describeOpening } from '../../cli/asking/describe-when.ts';
import { putWorkspaceFirst, readPublicKeys } from '../../cli/asking/read-public-keys.ts';
import { workspaceArg } from '../../cli/command/flags.ts';
import { WorkspaceCommand } from '../../cli/command/workspace-command.ts';
import { addKeys } from '../../operations/authorized-keys.ts';
import { awaitKeys } from '../../operations/await-keys.ts';
import { readKey } from '../../operations/choices/read-key.ts';
import { sayNote } from '../../report/notes.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { describeKey, describeWeakness, type NamedKey } from '../../workspace/keys/keys.ts';
import { suggestNewKey } from '../../workspace/keys/new-key.ts';
import { formatAuthorizedKey } from '../../workspace/keys/public-key.ts';

/** Of a key in a file, its public half. */
const addKey = (key: string) => ws`keys add ${key.startsWith('SHA256:') || key.endsWith('.pub') ? key : `${key}.pub`}`;

export default class KeysAdd extends WorkspaceCommand<typeof KeysAdd> {
  static changesWorkspace = true;
  static override summary = 'Let another key open a workspace';
  static override description =
    'Waits until the running workspace has it, a few seconds; without the right to change pods it takes up to 90. Nothing restarts.';
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
  protected override putInOrder(words: (string | undefined)[]): (string | undefined)[] {
    return putWorkspaceFirst(words, 'add');
  }

  async run(): Promise<NamedKey[]> {
    const { args } = this;
    const lines = args.key.startsWith('SHA256:')
      ? [formatAuthorizedKey(await readKey(args.key, await this.world, this.signal, addKey))]
      : await readPublicKeys(args.key, this.terminal.stdin, await this.workspaceName());
    const { workspace, keys } = await addKeys(await this.workspaceName(), lines, await this.world, this.signal);
    this.workspace = workspace;
    for (const key of keys) this.log(`Added ${describeKey(key)}`);
    const weak = keys.map((key) => describeWeakness(key)).filter((text) => text !== undefined);
    for (const text of weak) sayNote(this.terminal.stderr, { text, command: this.toCopy(suggestNewKey()) });
    const inForce = await this.perform((world, signal) => awaitKeys(workspace, world, signal));
    this.log(describeOpening(workspace, keys.length, inForce));
    return keys;
  }
}
