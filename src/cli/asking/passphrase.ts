import { say } from '../../report/leaving.ts';
import { sayNote } from '../../report/notes.ts';
import { tellIfInterrupted } from '../../workspace/errors/tell-if-interrupted.ts';
import type { Identity } from '../../workspace/keys/keys.ts';
import type { PassphraseStore } from '../../workspace/keys/passphrases.ts';
import type { SshTarget } from '../../workspace/world.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { findAskpass } from '../wiring/user-machine.ts';

/** Where passphrases of encrypted keys come from: the system's keyring first, then the person at the terminal. */
export class Passphrases {
  readonly #terminal: CliTerminal;
  readonly #signal: AbortSignal;
  readonly #openStore: () => Promise<PassphraseStore>;
  readonly #whileAsking: <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;
  /** The last typed passphrase and its key. It was right if the login worked. */
  #typed: { identity: Identity; passphrase: string } | undefined;
  /** The kept passphrase that we handed out. It was wrong if somebody asks again. */
  #fromStore: Identity | undefined;

  /** `whileAsking` runs a question with the terminal for itself; where nothing is drawn, it has it anyway. */
  constructor(
    terminal: CliTerminal,
    signal: AbortSignal,
    openStore: () => Promise<PassphraseStore>,
    whileAsking: <Answer>(ask: () => Promise<Answer>) => Promise<Answer> = (ask) => ask(),
  ) {
    this.#terminal = terminal;
    this.#signal = signal;
    this.#openStore = openStore;
    this.#whileAsking = whileAsking;
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
    const again = this.#typed === undefined ? '' : 'That was not it. ';
    const passphrase = await this.#whileAsking(() =>
      this.#askFor(`${again}Passphrase of ${identity.path ?? identity.comment}`),
    );
    this.#typed = passphrase === undefined ? undefined : { identity, passphrase };
    return passphrase;
  };

  /** Asks the user's own program where there is one and it is its turn, else the terminal. */
  async #askFor(question: string): Promise<string | undefined> {
    const { isInteractive } = this.#terminal;
    const askpass = findAskpass(isInteractive);
    if (askpass !== undefined) return askpass(`${question}: `, this.#signal);
    if (!isInteractive) return undefined;
    const { askSecret } = await import('../../report/asking/prompts.tsx');
    return askSecret(question, this.#streams());
  }

  /** The passphrase typed for the login that worked; undefined when nobody typed one. */
  get typed(): string | undefined {
    return this.#typed?.passphrase;
  }

  /**
   * After a login with a typed passphrase: keeps it in the system's keyring, if its owner says so here or by `wanted`.
   * Never anywhere else.
   */
  async offerToKeep(wanted: boolean | undefined): Promise<void> {
    if (this.#typed === undefined || wanted === false) return;
    const store = await this.#openStore();
    const fault = await store.findFault();
    if (fault !== undefined) return wanted ? this.#sayNotKept(fault) : undefined;
    if (wanted !== true && !(await this.#agreesToKeep())) return;
    if (!(await store.save(this.#typed.identity.fingerprint, this.#typed.passphrase)))
      this.#sayNotKept('it did not take it');
  }

  async #agreesToKeep(): Promise<boolean> {
    if (!this.#terminal.isInteractive) return false;
    const { askConfirm } = await import('../../report/asking/prompts.tsx');
    const agrees = await tellIfInterrupted('The passphrase was not kept', () =>
      askConfirm("Keep this passphrase in the system's keyring?", this.#streams()),
    );
    if (!agrees) say(this.#terminal.stderr, 'The passphrase was not kept.\n');
    return agrees;
  }

  #sayNotKept(fault: string): void {
    sayNote(this.#terminal.stderr, { text: `the passphrase is not in the keyring: ${fault}` });
  }

  #streams() {
    return { stdin: this.#terminal.stdin, stream: this.#terminal.stderr, signal: this.#signal };
  }
}
