/** What runs in a workspace, and would end with its pod. */
export type InUse =
  /** Nobody can be working there: nothing runs, or no pod does. */
  | { kind: 'nobody' }
  | {
      kind: 'somebody';
      /** Shells, commands and transfers; connections, where an older image does not tell them apart. It may be 0. */
      sessions: number;
      /** When the oldest began; undefined where nobody says. */
      sinceMs: number | undefined;
      /** Programs without a connection; undefined where an older image does not say. */
      detached: number | undefined;
    }
  /** It cannot be told, and why: a clause. */
  | { kind: 'unknown'; why: string };
