/** Helm's argument lists, built purely. Values are never among them: they go through stdin. */

import { REVISION_LABEL } from '../../contract/labels.ts';
import type { Place } from '../../workspace/place.ts';
import { IN_CLUSTER } from '../../workspace/state/selectors.ts';

/** The newest major version that `ws` knows. */
export const NEWEST_MAJOR = 4;

/** The flags that every command gets, so that Helm talks to exactly the cluster that `ws` talks to. */
export function placeArguments({ kubeconfig, context, namespace }: Partial<Place>): string[] {
  return [
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
    // A service account is in no kubeconfig; Helm finds it by itself.
    ...(context === undefined || context === IN_CLUSTER ? [] : ['--kube-context', context]),
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
  ];
}

/** Says of a revision that `ws` made it, and which call did. It is written with the revision's first record. */
export interface RevisionMark {
  /** The number that the revision should get. Later revisions inherit the mark, but not the number. */
  revision: number;
  /** Marks this one call. */
  operation: string;
}

/** Renders as the upgrade would, and changes nothing. On the server's side the chart asks the cluster what is there. */
export function dryRunArguments(release: string, chart: string, options: UpgradeOptions, side: 'client' | 'server') {
  return [...upgradeArguments(release, chart, options), `--dry-run=${side}`];
}

export function manifestArguments(release: string): string[] {
  return ['get', 'manifest', release];
}

export interface UpgradeOptions {
  major: number;
  valuesFiles: string[];
  createNamespace: boolean;
  mark: RevisionMark;
}

/** Install or upgrade, values on stdin last, so that they go before the files. */
export function upgradeArguments(release: string, chart: string, options: UpgradeOptions): string[] {
  return [
    'upgrade',
    release,
    chart,
    '--install',
    '--reset-values',
    '--hide-notes',
    // It downloads the description of the cluster's whole API, half of the time that an upgrade takes. The chart's own
    // schema checks the values before, and the API server each object after.
    '--disable-openapi-validation',
    '--output',
    'json',
    ...serverSideArguments(options.major),
    // Helm would write a description only at the end of the operation.
    '--labels',
    toMarkLabels(options.mark).join(','),
    ...(options.createNamespace ? ['--create-namespace'] : []),
    ...options.valuesFiles.flatMap((file) => ['--values', file]),
    '--values',
    '-',
  ];
}

/**
 * Helm 4 would apply on the server's side, where a key that `ws keys add` put into the Secret is somebody else's field
 * and makes the next upgrade fail. So both majors change objects in the way of Helm 3.
 */
function serverSideArguments(major: number): string[] {
  return major >= 4 ? ['--server-side=false'] : [];
}

export function rollbackArguments(release: string, revision: number, major: number): string[] {
  return ['rollback', release, String(revision), ...serverSideArguments(major)];
}

export function uninstallArguments(release: string): string[] {
  return ['uninstall', release, '--ignore-not-found'];
}

/**
 * Finds the newest revision of a release, if it has the mark: labels are all that Helm lets one ask of a revision that
 * is pending. Without an operation, any that `ws` began counts.
 */
export function markedArguments(release: string, mark: { revision: number; operation?: string }): string[] {
  const name = `^${release.replaceAll('.', '\\.')}$`;
  return ['list', ...STATES, '--filter', name, '--selector', toMarkLabels(mark).join(','), '--output', 'json'];
}

/** All of them: Helm 3 shows two by default, and Helm 4 has no flag for all. */
const STATES = ['--deployed', '--failed', '--pending', '--superseded', '--uninstalling'];

function toMarkLabels({ revision, operation }: { revision: number; operation?: string }): string[] {
  return [`${REVISION_LABEL}=${revision}`, ...(operation === undefined ? [] : [`ws.dev/operation=${operation}`])];
}

export function historyArguments(release: string): string[] {
  return ['history', release, '--output', 'json'];
}

export function valuesArguments(release: string, revision: number): string[] {
  return ['get', 'values', release, '--revision', String(revision), '--output', 'json'];
}

export const VERSION_ARGUMENTS = ['version', '--template', '{{.Version}}'];

/** Settings of Helm's own that would send it to another cluster, or fill its stderr. */
const MISLEADING = /^HELM_(KUBE.*|NAMESPACE|DEBUG)$/;

/**
 * Helm lives for a second at most, so it may collect its garbage seldom (https://go.dev/doc/gc-guide): an installation
 * takes a fifth less of a processor, 273 ms instead of 352.
 */
const SELDOM_COLLECTED = { GOGC: '400' };

/** The environment for Helm: the user's, without what contradicts the flags above. */
export function toHelmEnvironment(environment: Readonly<Record<string, string | undefined>>) {
  const own = Object.entries(environment).filter(([name]) => !MISLEADING.test(name));
  return { ...SELDOM_COLLECTED, ...Object.fromEntries(own) };
}
