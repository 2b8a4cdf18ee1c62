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

/** Beside it, the key from before the chart wrote another one from values. It serves while that one cannot. */
export const HOST_KEY_BEFORE_FILE = 'ssh_host_key_before';

/** Memory-backed emptyDir: the host key as Dropbear reads it, the notice socket, the state file. */
export const RUNTIME_DIRECTORY = '/run/ws';

/** In there, a line or two for logins: what came back, and how to return. Empty or absent where there is nothing. */
export const RETURNED_FILE = 'returned';

/** In there, not empty while sessions are being made again: logins and `tmux` wait for that. */
export const RETURNING_FILE = 'returning';

/** In there, files that hold the workspace: it counts as busy for as many seconds as one says, else for an hour. */
export const KEEP_DIRECTORY = `${RUNTIME_DIRECTORY}/keep`;

/** A program of this name holds the workspace while it runs; see image/root/usr/local/bin/ws-keep. */
export const KEEP_PROGRAM = 'ws-keep';

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

/** The PATH of a session, as Dropbear sets it: a test holds it against image/dropbear/localoptions.h. */
export const LOGIN_PATH = '/home/linuxbrew/.linuxbrew/bin:/home/linuxbrew/.linuxbrew/sbin:/usr/local/bin:/usr/bin:/bin';
