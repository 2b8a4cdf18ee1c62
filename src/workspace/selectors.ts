/** How the objects of a workspace are told apart in a cluster, and what their metadata and mounts say. */
import {
  CHART_NAME,
  COMPONENT_LABEL,
  GID_ANNOTATION,
  HOME_ANNOTATION,
  HOST_KEY_COMPONENT,
  INSTANCE_LABEL,
  NAME_LABEL,
  releaseName,
  SUB_PATH_ANNOTATION,
  UID_ANNOTATION,
  USER_ANNOTATION,
  WORKSPACE_LABEL,
} from '../contract/labels.ts';
import { AUTHORIZED_KEYS_DIRECTORY, HOST_KEY_DIRECTORY } from '../contract/paths.ts';

/** Label selector of every workspace's objects, kept ones included. */
export const ALL_WORKSPACES = `${NAME_LABEL}=${CHART_NAME}`;

/** Label selector of the Secrets with the workspaces' own host keys. */
export const ALL_HOST_KEYS = `${ALL_WORKSPACES},${COMPONENT_LABEL}=${HOST_KEY_COMPONENT}`;

/** The container of a workspace's pod that serves SSH. */
export const WORKSPACE_CONTAINER = 'workspace';

/** Name of the container port and the Service port that carry SSH. */
export const SSH_PORT_NAME = 'ssh';

/** Where the pod mounts the two Secrets: tells which Secrets a workspace uses, however they are named. */
export const SECRET_MOUNTS = { hostKey: HOST_KEY_DIRECTORY, authorizedKeys: AUTHORIZED_KEYS_DIRECTORY };

/** The parent of every home directory in the pod. */
export const HOMES_DIRECTORY = '/home/';

/** What a pod's own service account is called where others name a context of a kubeconfig. */
export const IN_CLUSTER = 'in-cluster';

type Strings = Record<string, string> | undefined;

/** Label selector of one workspace's objects. */
export function toSelector(workspace: string): string {
  return `${ALL_WORKSPACES},${WORKSPACE_LABEL}=${workspace}`;
}

/** The workspace an object belongs to. */
export function findWorkspaceName(labels: Strings): string | undefined {
  return labels?.[WORKSPACE_LABEL];
}

/** Whether an object is the chart's, and not something else that borrowed the workspace's label. */
export function isOfWorkspace(labels: Strings): boolean {
  return labels?.[NAME_LABEL] === CHART_NAME;
}

/** The Helm release of an object; without the label, the one that `ws` gives a workspace of this name. */
export function getReleaseName(labels: Strings, workspace: string): string {
  return labels?.[INSTANCE_LABEL] ?? releaseName(workspace);
}

/** The login name that an object's annotation names. */
export function findUser(annotations: Strings): string | undefined {
  return annotations?.[USER_ANNOTATION];
}

/** The home claim's name from the Deployment's annotation; undefined for an emptyDir. */
export function findHomeClaim(annotations: Strings): string | undefined {
  const home = annotations?.[HOME_ANNOTATION];
  return home === 'emptyDir' ? undefined : home;
}

/** The home that a host key's annotations remember; undefined for an emptyDir. */
export function findHome(annotations: Strings): { claim: string; subPath: string | undefined } | undefined {
  const claim = findHomeClaim(annotations);
  return claim === undefined ? undefined : { claim, subPath: annotations?.[SUB_PATH_ANNOTATION] };
}

/** Whose the files of a home claim are and in which folder of it they lie, as its annotations remember. */
export function findOwner(annotations: Strings) {
  const read = (name: string) => (/^\d+$/.test(annotations?.[name] ?? '') ? Number(annotations?.[name]) : undefined);
  return { uid: read(UID_ANNOTATION), gid: read(GID_ANNOTATION), subPath: annotations?.[SUB_PATH_ANNOTATION] };
}

/** Whether Helm leaves the object behind at uninstall. */
export function isKept(annotations: Strings): boolean {
  return annotations?.['helm.sh/resource-policy'] === 'keep';
}
