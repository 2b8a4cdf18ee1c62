import type { WorkspaceError } from '../errors/errors.ts';
import type { Amounts } from '../state/cluster-pods.ts';

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
   * Throws what `apply` would say of these values for a new release; nothing is changed. Returns what they come to.
   */
  verify(release: string, values: object, valuesFiles: string[], signal: AbortSignal): Promise<Verified>;
  /** The objects that these values come to for a new release; nothing is changed. Throws what `apply` would. */
  render(release: string, values: object, signal: AbortSignal): Promise<ManifestObject[]>;
  /**
   * The pod template of a Deployment as the release has it, and as these values would make it: nothing is changed. A
   * template is undefined where a manifest has none.
   */
  preview(release: string, values: object, options: PreviewOptions, signal: AbortSignal): Promise<Preview>;
  /** What the users' files say of CPU and memory. Nothing of a file that cannot be read: Helm says why, and when. */
  readAmounts(valuesFiles: string[]): Promise<Amounts>;
  /** What the users' files add to a plain workspace. */
  readExtras(valuesFiles: string[]): Promise<Extras>;
  /** The claim that the users' files bring along as the home, and its folder. */
  readHome(valuesFiles: string[]): Promise<{ claim?: string | undefined; subPath?: string | undefined }>;
  /** What the users' files take away of the chart's values: each null in its place, and nothing else. */
  readNulls(valuesFiles: string[]): Promise<Record<string, unknown>>;
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

/** What a release that is gone has left in the cluster. */
export interface ClusterRemains {
  /**
   * Objects of the release, by Helm's own annotations, without those that are kept on purpose. Nothing of the kinds
   * that the user may not list.
   */
  list(release: string, signal: AbortSignal): Promise<Remnant[]>;
  /** Tries all of them, then throws why one could not be deleted. Another object that has taken its name stays. */
  delete(remains: Remnant[], signal: AbortSignal): Promise<void>;
}

export interface Remnant {
  /** `deployments` */
  resource: string;
  name: string;
  uid: string | undefined;
}

/** What a workspace can have beside itself. */
export interface Extras {
  /** A second pod lets a workspace sleep in which nothing works. */
  sleeps: boolean;
  /** A second pod stops the workspace at its end. */
  ends: boolean;
  /** A PodMonitor has its metrics read. */
  isMonitored: boolean;
}

/** A release that could be made. */
export interface Verified {
  /** The pod template, where the release has a Deployment of its own name. */
  template: object | undefined;
  objects: ManifestObject[];
}

/** An object as the chart writes it. */
export interface ManifestObject {
  kind: string;
}

/** An object that the API server would not take. */
export interface Refused {
  kind: string;
  /** In its words; undefined where the user may not make such an object, so that nobody has judged it. */
  why: WorkspaceError | undefined;
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
  /** Whether that was in force: if the release is gone by then, somebody has taken it down. */
  stood?: boolean;
  /** Called once when another operation has held the release for some seconds; it is still waited for. */
  onHeld?: (held: ReleaseState) => void;
  /**
   * Whether nothing of the release is left but what Helm keeps. Only then is an uninstallation finished that `ws` has
   * seen stand still: somebody else's may wait for what ends.
   */
  isEmptied?: (signal: AbortSignal) => Promise<boolean>;
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
