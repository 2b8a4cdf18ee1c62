/** What a workspace needs at least: with less its server does not start, or nobody would call it a workspace. */

/** Cores. With half of this the server takes longer to greet than a probe waits. */
export const LEAST_CPU = 0.05;

/** Bytes. The server needs about 60 MiB at its start, and a shell wants some. */
export const LEAST_MEMORY = 64 * 2 ** 20;

/** Bytes of a home's volume. */
export const LEAST_HOME = 100 * 2 ** 20;
