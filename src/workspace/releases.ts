/** Helm, as far as a workspace needs it. */
export interface Releases {
  /** Helm's version, as `4.3.1`; throws `HELM_MISSING` or `HELM_TOO_OLD`. */
  getVersion(signal: AbortSignal): Promise<string>;
  find(release: string, signal: AbortSignal): Promise<ReleaseState | undefined>;
  /**
   * Installs or upgrades; never waits for pods. Ends a half-done earlier operation first (see `ReleaseState.status`). The
   * values may come later: until then nothing is changed, and nothing ever when they do not come. Throws what they throw.
   */
  apply(
    release: string,
    values: object | Promise<object>,
    options: ApplyOptions,
    signal: AbortSignal,
  ): Promise<{ revision: number; change: 'installed' | 'upgraded' | 'recovered' }>;
  uninstall(release: string, signal: AbortSignal): Promise<void>;
  /** The values that the release was made with, without the chart's defaults. */
  getValues(release: string, signal: AbortSignal): Promise<Record<string, unknown>>;
}

export interface ApplyOptions {
  /** Files that users pass with `--values`, lowest precedence first, all below `values`. */
  valuesFiles: string[];
  createNamespace: boolean;
}

export interface ReleaseState {
  revision: number;
  /** Helm's word: `deployed`, `failed`, `pending-install`, `pending-upgrade`, `uninstalling`, … */
  status: string;
  chart: string;
  updatedAt: string;
}
