import { Explained } from '../../contract/explained.ts';

/** What the log's last line says of the error that ends the server: of a mistake, where it was made, too. */
export function toFatalFacts(error: unknown): { reason: string; stack?: string | undefined } {
  if (!(error instanceof Error)) return { reason: String(error) };
  const { message: reason, stack } = error;
  return error instanceof Explained ? { reason } : { reason, stack };
}
