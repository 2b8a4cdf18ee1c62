/** Paths inside the pod that the image creates, the chart mounts and the supervisor reads. */

/** Secret volume, one file `authorized_keys`. A directory mount, so that changed keys arrive without a restart. */
export const AUTHORIZED_KEYS_DIRECTORY = '/run/secrets/ws/authorized-keys';

/** The file name in the authorized-keys Secret and in its volume. */
export const AUTHORIZED_KEYS_FILE = 'authorized_keys';

/**
 * What `dropbear -D` gets. A root-owned directory of the image with a symlink to the Secret's file: Dropbear checks the
 * owner and mode of every directory above this path, and a Secret volume (mode 1777) fails that check.
 */
export const AUTHORIZED_KEYS_GATE = '/etc/ws/auth';

/** Secret volume with the host key, in any form that `HOST_KEY_FILE` may have: PEM, OpenSSH or Dropbear. */
export const HOST_KEY_DIRECTORY = '/run/secrets/ws/host-key';

/** The file name in the host-key Secret and in its volume. */
export const HOST_KEY_FILE = 'ssh_host_key';

/** Memory-backed emptyDir: the host key as Dropbear reads it, the notice socket, the state file. */
export const RUNTIME_DIRECTORY = '/run/ws';

/** Where the home's volume is mounted. The user's process makes the home in it, `/home/USER`, and Homebrew's prefix. */
export const HOMES_DIRECTORY = '/home';

/** A link at the root of a home's volume: which folder of it is the home, or `.` for the root itself. */
export const HOME_MARK = '.ws-home';

/** `/home/linuxbrew/.linuxbrew` is Homebrew's one prefix; 0.1 had the inner folder in the home itself. */
export const BREW_FOLDER = 'linuxbrew';
export const LINUXBREW_HOME_FOLDER = '.linuxbrew';

/** Files that an empty home starts with. */
export const SKELETON_DIRECTORY = '/etc/skel';

/** Shared memory of the workspace's programs: memory of the pod, which outlives the container. */
export const SHARED_MEMORY_DIRECTORY = '/dev/shm';
