import { text as readAll } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkspaceCommand, workspaceFlags } from '../../cli/command/workspace-command.ts';
import { limitGarbage } from '../../cli/terminal/garbage.ts';
import { findHeldSocket } from '../../cli/wiring/held-connection.ts';
import { openHolder } from '../../cli/wiring/world.ts';
import { ssh } from '../../operations/ssh.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { NEVER_WAKE } from '../../workspace/sleep/waking.ts';
import type { SshConnection } from '../../workspace/world.ts';

/** Long enough for a person who reads what a command said before the next one. */
const IDLE_MS = 5 * 60_000;
/** The workspace was there a moment ago. */
const WAIT_MS = 30_000;
/** A credential plugin may wait for a person. Meanwhile every command waits five seconds for this process in vain. */
const LOGIN_LIMIT_MS = 120_000;

export default class Hold extends WorkspaceCommand<typeof Hold> {
  static override hidden = true;
  static override summary = 'Hold a connection to a workspace for the commands to come; ws ssh starts this by itself';
  static override enableJsonFlag = false;
  static override baseFlags = workspaceFlags;

  async run(): Promise<void> {
    const workspace = this.givenWorkspace;
    const socket = workspace === undefined ? undefined : findHeldSocket(this.place, workspace);
    // Do this first, so that other commands wait here instead of connecting too.
    const holder = socket === undefined ? undefined : await openHolder(socket);
    if (holder === undefined) return;
    try {
      const connection = await Promise.race([this.#logIn(workspace), expire(LOGIN_LIMIT_MS)]);
      limitGarbage();
      await holder.serve(connection, { idleMs: IDLE_MS, nowMs: Date.now }, this.signal);
      await connection.close();
    } finally {
      holder.close();
    }
  }

  /** Nobody sees the output of this process. */
  protected override progressKind() {
    return 'quiet' as const;
  }

  async #logIn(workspace: string | undefined): Promise<SshConnection> {
    const passphrase = await readAll(this.terminal.stdin);
    const connect = {
      identityPath: undefined,
      acceptHostKey: undefined,
      askPassphrase: async (...[identity, attempt]: Parameters<typeof this.passphrases.ask>) =>
        attempt === 1 && passphrase !== '' ? passphrase : this.passphrases.ask(identity, attempt),
    };
    const { connection } = await this.perform((world, signal) =>
      ssh({ workspace, waitTimeoutMs: WAIT_MS, waking: NEVER_WAKE, connect }, world, signal),
    );
    return connection;
  }
}

async function expire(limitMs: number): Promise<never> {
  await sleep(limitMs, undefined, { ref: false });
  throw failure('CONNECTION_FAILED', { message: 'The login of the shared connection takes too long' });
}
