/** Where we keep a key's passphrase when its owner asks for it: in the operating system's keyring and nowhere else. */
export interface PassphraseStore {
  /** Why the keyring cannot be used, in one sentence; undefined when it can. Never throws, answers within 3 s. */
  findFault(): Promise<string | undefined>;
  /** The passphrase of the key with this fingerprint; undefined when none is kept or the keyring cannot be used. */
  find(fingerprint: string): Promise<string | undefined>;
  /** True when the keyring has it now; false when the keyring cannot be used. */
  save(fingerprint: string, passphrase: string): Promise<boolean>;
  /** True when there was one and we removed it. */
  remove(fingerprint: string): Promise<boolean>;
}
