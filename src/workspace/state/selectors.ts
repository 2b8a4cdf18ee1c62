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
} from '../../contract/labels.ts';
import { AUTHORIZED_KEYS_DIRECTORY, HOMES_DIRECTORY, HOST_KEY_DIRECTORY } from '../../contract/paths.ts';
import { parseIdNumber, parseObjectName, parseSubPath, parseUser, parseWorkspaceLabel } from './cluster-words.ts';

/** Label selector of every workspace's objects, kept ones included. */
export const ALL_WORKSPACES = `${NAME_LABEL}=${CHART_NAME}`;

/** Label selector of the Secrets with the workspaces' own host keys. */
export const ALL_HOST_KEYS = `${ALL_WORKSPACES},${COMPONENT_LABEL}=${HOST_KEY_COMPONENT}`;

/** The container of a workspace's pod that serves SSH. */
export const WORKSPACE_CONTAINER = 'workspace';

/** Those of the chart that run before it, from the same image. Others are somebody else's. */
export const INIT_CONTAINERS = ['users', 'home'];

/** Name of the container port and the Service port that carry SSH. */
export const SSH_PORT_NAME = 'ssh';

/** Where the pod mounts the two Secrets: tells which Secrets a workspace uses, however they are named. */
export const SECRET_MOUNTS = { hostKey: HOST_KEY_DIRECTORY, authorizedKeys: AUTHORIZED_KEYS_DIRECTORY };

/** Where the pod of a user mounts the home's volume: the homes' parent, and the home itself as 0.1 has it. */
export function toHomeMounts(user: string): string[] {
  return [HOMES_DIRECTORY, `${HOMES_DIRECTORY}/${user}`];
}

/** What a pod's own service account is called where others name a context of a kubeconfig. */
export const IN_CLUSTER = 'in-cluster';

/** `HOME_ANNOTATION` of a home that goes with the pod. */
const EMPTY_DIR = 'emptyDir';

type Strings = Record<string, string> | undefined;

/** Label selector of one workspace's objects. */
export function toSelector(workspace: string): string {
  return `${ALL_WORKSPACES},${WORKSPACE_LABEL}=${workspace}`;
}

/** The workspace an object belongs to; undefined for a label that cannot be a workspace's name. */
export function findWorkspaceName(labels: Strings): string | undefined {
  return parseWorkspaceLabel(labels?.[WORKSPACE_LABEL]);
}

/** Whether the chart made an object, and not somebody who borrowed the workspace's label. */
export function isOfWorkspace(labels: Strings): boolean {
  return labels?.[NAME_LABEL] === CHART_NAME;
}

/** The Helm release of an object; without a label that names one, the one that `ws` gives a workspace of this name. */
export function getReleaseName(labels: Strings, workspace: string): string {
  return parseObjectName(labels?.[INSTANCE_LABEL]) ?? releaseName(workspace);
}

/** The login name that an object's annotation names; undefined also for what cannot be one. */
export function findUser(annotations: Strings): string | undefined {
  return parseUser(annotations?.[USER_ANNOTATION]);
}

/** The home claim's name from the Deployment's annotation; undefined for an emptyDir. */
export function findHomeClaim(annotations: Strings): string | undefined {
  const home = annotations?.[HOME_ANNOTATION];
  return home === EMPTY_DIR ? undefined : parseObjectName(home);
}

/** The home that a host key's annotations remember; undefined for an emptyDir. */
export function findHome(annotations: Strings): { claim: string; subPath: string | undefined } | undefined {
  const claim = findHomeClaim(annotations);
  return claim === undefined ? undefined : { claim, subPath: parseSubPath(annotations?.[SUB_PATH_ANNOTATION]) };
}

/** Whose the files of a home claim are and in which folder of it they lie, as its annotations remember. */
export function findOwner(annotations: Strings) {
  return {
    uid: parseIdNumber(annotations?.[UID_ANNOTATION]),
    gid: parseIdNumber(annotations?.[GID_ANNOTATION]),
    subPath: parseSubPath(annotations?.[SUB_PATH_ANNOTATION]),
  };
}

/** Which annotation of a Deployment and its template is impossible; undefined when all are as the chart writes them. */
export function findDamage(annotations: Strings, ofTemplate: Strings): string | undefined {
  const user = ofTemplate?.[USER_ANNOTATION] ?? annotations?.[USER_ANNOTATION];
  if (user === undefined) return `it has no annotation ${USER_ANNOTATION}, which names its user`;
  if (parseUser(user) === undefined) return `its annotation ${USER_ANNOTATION} is no username`;
  const home = annotations?.[HOME_ANNOTATION];
  if (home !== undefined && home !== EMPTY_DIR && parseObjectName(home) === undefined)
    return `its annotation ${HOME_ANNOTATION} is no name of a claim`;
  return undefined;
}
