/** Where a key's passphrase may be kept, when its owner says so: the keyring of the operating system and nothing else. */
export interface PassphraseStore {
  /** Why the keyring cannot be used, in one sentence; undefined when it can. Never throws, answers within 3 s. */
  findFault(): Promise<string | undefined>;
  /** The passphrase of the key with this fingerprint; undefined when none is kept or the keyring cannot be used. */
  find(fingerprint: string): Promise<string | undefined>;
  /** True when it is kept now; false when the keyring cannot be used. */
  save(fingerprint: string, passphrase: string): Promise<boolean>;
  /** True when there was one and it is gone. */
  remove(fingerprint: string): Promise<boolean>;
}
