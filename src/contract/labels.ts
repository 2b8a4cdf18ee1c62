/** Labels and annotations on every object of a workspace: how any machine with the kubeconfig finds it again. */

/** The workspace's name, on every object of its release, kept ones included. */
export const WORKSPACE_LABEL = 'ws.dev/workspace';

/** Always `CHART_NAME`: every workspace of a namespace in one list call. */
export const NAME_LABEL = 'app.kubernetes.io/name';

/** The Helm release. */
export const INSTANCE_LABEL = 'app.kubernetes.io/instance';

/** The chart's name and the value of `NAME_LABEL`. */
export const CHART_NAME = 'ws-workspace';

/** Helm writes it on objects that it applies itself, not on objects that it only renders. */
export const HELM_RELEASE_ANNOTATION = 'meta.helm.sh/release-name';

/** What an object is for, among those of one workspace. */
export const COMPONENT_LABEL = 'app.kubernetes.io/component';

/** The value of `COMPONENT_LABEL` on the Secret with a workspace's own host key. */
export const HOST_KEY_COMPONENT = 'host-key';

/** The value of `COMPONENT_LABEL` on the Secret with the keys that open a workspace. */
export const AUTHORIZED_KEYS_COMPONENT = 'authorized-keys';

/** On the pod template and the home claim: the login name, so that a client needs no values to connect. */
export const USER_ANNOTATION = 'ws.dev/user';

/** On the pod: the port of its loopback where the supervisor resumes streams. Absent where it does not. */
export const RESUME_ANNOTATION = 'ws.dev/resume-port';

/** On the pod: which keys the app has told the kubelet to bring. The kubelet looks at a changed pod again, at once. */
export const KEYS_ANNOTATION = 'ws.dev/keys';

/** On a Deployment that makes no other pod while its pod is changed in place. */
export const HELD_ANNOTATION = 'ws.dev/held';

/** On a Deployment that was stopped: until when, since when and by whom. The pod template knows nothing of it. */
export const STOPPED_ANNOTATION = 'ws.dev/stopped';

/** As whom the API server knows the pod that lets an idle workspace sleep: its writes have this manager. */
export const IDLE_MANAGER = 'ws-idle';

/** The same pod, where it stops a workspace whose time is over. */
export const END_MANAGER = 'ws-end';

/** On the Deployment and the host key's Secret: `emptyDir` or the claim's name. */
export const HOME_ANNOTATION = 'ws.dev/home';

/** On the home claim: who owns the files in it. */
export const UID_ANNOTATION = 'ws.dev/uid';
export const GID_ANNOTATION = 'ws.dev/gid';

/** On the home claim and the host key's Secret: the folder of the claim that is the home, where it is not the root. */
export const SUB_PATH_ANNOTATION = 'ws.dev/sub-path';

/** On Helm's record of a revision that `ws` began: a number of its own. */
export const REVISION_LABEL = 'ws.dev/revision';

const RELEASE_PREFIX = 'ws-';

/** A release's name for a workspace's name. The prefix keeps it apart from the namespace's other releases. */
export function releaseName(workspace: string): string {
  return `${RELEASE_PREFIX}${workspace}`;
}

/** The workspace's name in a release's; undefined for a release of another name. */
export function findReleasedName(release: string): string | undefined {
  return release.startsWith(RELEASE_PREFIX) ? release.slice(RELEASE_PREFIX.length) : undefined;
}
