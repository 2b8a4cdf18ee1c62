/** The user's own defaults: nothing here that the cluster could be asked. */

export interface Settings {
  user?: string;
  uid?: number;
  gid?: number;
  /** `none` is an emptyDir. */
  storageClass?: string;
  size?: string;
  /** Path of a private key. */
  identity?: string;
  image?: string;
  /** Workspace of a directory, by its absolute path. */
  directories?: Record<string, string>;
  /** What the form of `ws up` was told the last time: where it begins the next time. No default of anything else. */
  lastAnswers?: LastAnswers;
}

export interface LastAnswers {
  user?: string;
  uid?: number;
  /** `none` is an emptyDir. */
  storageClass?: string;
  size?: string;
  /** The key's fingerprint. */
  key?: string;
}

/** Keys that `ws config set` takes, each with what it may be. */
export const SETTING_KEYS = {
  user: 'username of new workspaces',
  uid: 'UID of new workspaces',
  gid: 'GID of new workspaces',
  storageClass: 'storage class of new homes, or none',
  size: 'size of new homes, as 10Gi',
  identity: 'path of the private key to use',
  image: 'image of new workspaces',
} as const;

export type SettingKey = keyof typeof SETTING_KEYS;

/** Where settings are kept. */
export interface SettingsStore {
  readonly path: string;
  /** Set when the file was damaged: it was moved there, and defaults apply. */
  readonly setAside: { movedTo: string; reason: string } | undefined;
  read(): Settings;
  write(change: Settings): void;
  remove(key: keyof Settings): void;
}
