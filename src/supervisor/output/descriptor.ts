/**
 * The descriptor of a standard stream, made so that a write of what its pipe cannot take fails instead of waiting: Node
 * does that when the stream is asked for, and never uses the stream then.
 */
export function makePatient(open: () => { fd?: number }, descriptor = 1): number {
  try {
    return open().fd ?? descriptor;
  } catch {
    return descriptor;
  }
}
