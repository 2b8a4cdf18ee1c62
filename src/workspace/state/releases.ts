/** Helm, as far as a workspace needs it. */
export interface Releases {
  /** Helm's version, as `4.3.1`; throws `HELM_MISSING` or `HELM_TOO_OLD`. */
  getVersion(signal: AbortSignal): Promise<string>;
  find(release: string, signal: AbortSignal): Promise<ReleaseState | undefined>;
  /**
   * Installs or upgrades; never waits for pods. Another operation at work is waited for, and one that `ws` itself left
   * half-done is ended first; what anybody else may be doing is `WORKSPACE_BUSY`. The values may come later: until then
   * nothing is changed, and nothing ever when they do not come. Throws what they throw.
   */
  apply(
    release: string,
    values: object | Promise<object>,
    options: ApplyOptions,
    signal: AbortSignal,
  ): Promise<{ revision: number; change: 'installed' | 'upgraded' | 'recovered' }>;
  /**
   * Throws what `apply` would say of these values for a new release; nothing is changed. Returns the pod template that
   * they come to, where the release has a Deployment of its own name.
   */
  verify(release: string, values: object, valuesFiles: string[], signal: AbortSignal): Promise<object | undefined>;
  /**
   * The pod template of a Deployment as the release has it, and as these values would make it: nothing is changed. A
   * template is undefined where a manifest has none.
   */
  preview(release: string, values: object, options: PreviewOptions, signal: AbortSignal): Promise<Preview>;
  /**
   * Takes back what the last `apply` of this release left, which failed: a first revision is removed, but for the
   * objects that Helm keeps, another goes back to the one that was deployed. `nothing` where it left none. What another
   * call made is never touched.
   */
  undo(release: string, signal: AbortSignal): Promise<'removed' | 'restored' | 'nothing'>;
  uninstall(release: string, signal: AbortSignal): Promise<void>;
  /**
   * What a change starts from, without what the users' files set now. Throws `WORKSPACE_MISSING` where there is no
   * release.
   */
  getBase(release: string, valuesFiles: string[], signal: AbortSignal): Promise<ReleaseBase>;
}

export interface ReleaseBase {
  /**
   * The values, without the chart's defaults, of the revision that was deployed last: never those of one that failed
   * after it.
   */
  values: Record<string, unknown>;
  /** All values of the newest revision, where that is the one that was deployed last. */
  deployed: Record<string, unknown> | undefined;
  /** The newest revision, however it ended. */
  revision: number;
}

export interface ApplyOptions {
  /** Files that users pass with `--values`, lowest precedence first, all below `values`. */
  valuesFiles: string[];
  createNamespace: boolean;
  /** The newest revision that is known; 0 for none. */
  after: number;
}

export interface PreviewOptions {
  valuesFiles: string[];
  /** The Deployment's name. */
  deployment: string;
}

export interface Preview {
  before: object | undefined;
  after: object | undefined;
  /** All values that the release would have: those that were given, over those of the files. */
  values: Record<string, unknown>;
}

export interface ReleaseState {
  revision: number;
  /** Helm's word: `deployed`, `failed`, `pending-install`, `pending-upgrade`, `uninstalling`, … */
  status: string;
  chart: string;
  updatedAt: string;
}
