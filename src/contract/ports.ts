/** TCP ports inside the pod. The Service repeats them under the names `ssh` and `metrics`. */

/** Where the supervisor accepts SSH. Above 1023, because nothing in the pod may bind a privileged port. */
export const SSH_PORT = 2222;

/** Where the supervisor answers `/healthz`, `/readyz` and `/metrics`. */
export const HTTP_PORT = 9222;

/**
 * Where the supervisor accepts resumable streams: on the pod's own loopback, which the API server's port-forward
 * reaches and no Service does.
 */
export const RESUME_PORT = 2223;
