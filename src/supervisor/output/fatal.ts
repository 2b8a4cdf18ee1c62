/**
 * What the log's last line says of the error that ends the server. A plain Error is a sentence that somebody wrote for
 * whoever gave the wrong value or Secret, and a stack would only repeat it. What Node throws has a code, or a class of
 * its own.
 */
export function toFatalFacts(error: unknown): { reason: string; stack?: string | undefined } {
  if (!(error instanceof Error)) return { reason: String(error) };
  const { message: reason, stack } = error;
  const isWritten = Object.getPrototypeOf(error) === Error.prototype && !('code' in error);
  return isWritten ? { reason } : { reason, stack };
}
