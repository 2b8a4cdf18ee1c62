import type { Identity } from '../workspace/keys.ts';
import type { PassphraseStore } from '../workspace/passphrases.ts';
import type { SshTarget } from '../workspace/world.ts';
import type { CliTerminal } from './terminal.ts';

/** Where passphrases of encrypted keys come from: the system's keyring first, then the person at the terminal. */
export class Passphrases {
  readonly #terminal: CliTerminal;
  readonly #signal: AbortSignal;
  readonly #openStore: () => Promise<PassphraseStore>;
  /** What was typed last, and for which key; it is right if the login worked. */
  #typed: { identity: Identity; passphrase: string } | undefined;
  /** A kept passphrase that was handed out: wrong, if it is asked for again. */
  #fromStore: Identity | undefined;

  constructor(terminal: CliTerminal, signal: AbortSignal, openStore: () => Promise<PassphraseStore>) {
    this.#terminal = terminal;
    this.#signal = signal;
    this.#openStore = openStore;
  }

  /** For `SshTarget.askPassphrase`: undefined gives up on the key. */
  readonly ask: NonNullable<SshTarget['askPassphrase']> = async (identity, attempt) => {
    const store = await this.#openStore();
    if (attempt === 1) {
      const kept = await store.find(identity.fingerprint);
      this.#fromStore = kept === undefined ? undefined : identity;
      if (kept !== undefined) return kept;
    } else if (this.#fromStore !== undefined) {
      await store.remove(this.#fromStore.fingerprint);
      this.#fromStore = undefined;
    }
    if (!this.#terminal.isInteractive) return undefined;
    const { askSecret } = await import('../report/prompts.tsx');
    const again = this.#typed === undefined ? '' : 'That was not it. ';
    const passphrase = await askSecret(`${again}Passphrase of ${identity.path ?? identity.comment}`, this.#streams());
    this.#typed = passphrase === undefined ? undefined : { identity, passphrase };
    return passphrase;
  };

  /** What was typed for the login that worked; undefined when nothing was. */
  get typed(): string | undefined {
    return this.#typed?.passphrase;
  }

  /** After a login with a typed passphrase: keeps it in the system's keyring, if its owner says so. Never anywhere else. */
  async offerToKeep(): Promise<void> {
    if (this.#typed === undefined) return;
    const store = await this.#openStore();
    if ((await store.findFault()) !== undefined) return;
    const { askConfirm } = await import('../report/prompts.tsx');
    if (!(await askConfirm("Keep this passphrase in the system's keyring?", this.#streams()))) return;
    await store.save(this.#typed.identity.fingerprint, this.#typed.passphrase);
  }

  #streams() {
    return { stdin: this.#terminal.stdin, stream: this.#terminal.stderr, signal: this.#signal };
  }
}
