/** What this machine says of itself, as far as `ws` depends on it. The edge gathers it; `ws doctor` judges it. */
export interface Machine {
  account: {
    uid: number | undefined;
    /** Undefined where passwd has no line for the UID. */
    name: string | undefined;
    /** HOME, as `ws` understands it. */
    home: string;
    /** The home of passwd, which OpenSSH goes by. */
    accountHome: string | undefined;
  };
  /** Variables that name a folder and are empty or relative. They count as unset. */
  ignoredVariables: readonly string[];
  /** `ws`'s own folder, and why it cannot be written. */
  settingsFolder: { path: string; fault: string | undefined };
  termName: string | undefined;
  /** The variable that decides the locale, and its value; undefined where none is set, or none decides. */
  locale: { variable: string; value: string } | undefined;
  /** Never throws. */
  readOpenSsh(signal: AbortSignal): Promise<OpenSsh | { fault: string }>;
}

/** What the machine's own OpenSSH can agree to. */
export interface OpenSsh {
  version: string;
  kex: string[];
  keys: string[];
  ciphers: string[];
  /** Where the system says that it keeps to FIPS 140; undefined where it does not. */
  fips: string | undefined;
}
