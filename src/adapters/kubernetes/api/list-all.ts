import type { ApiRequest, RestClient } from './rest.ts';
import { findStatusCode } from './translate.ts';

/** Objects of one answer, as in client-go's pager. */
const PAGE = 500;

interface Page<T> {
  items: T[] | null;
  metadata?: { continue?: string };
}

export interface ListOptions<T, R> {
  /** What is kept of each object: of a namespace's ten thousand pods few fields matter. */
  pick(object: T): R;
  /** Ends when there are as many; all of them by default. */
  most?: number;
}

/** A list of any length, page by page. A list that grew too old between two pages (410) is read once more, at once. */
export async function listAll<T, R = T>(
  rest: RestClient,
  request: ApiRequest,
  signal: AbortSignal,
  { pick, most = Number.POSITIVE_INFINITY }: ListOptions<T, R> = { pick: (object) => object as unknown as R },
): Promise<R[]> {
  const ask = (query: Record<string, string>) =>
    rest.call<Page<T>>({ ...request, query: { ...request.query, ...query } }, signal);
  const found: R[] = [];
  let token: string | undefined;
  try {
    do {
      const limit = String(Math.min(PAGE, most - found.length));
      const page = await ask(token === undefined ? { limit } : { limit, continue: token });
      found.push(...(page.items ?? []).map(pick));
      // The same token for ever is no next page.
      token = page.metadata?.continue === token ? undefined : page.metadata?.continue || undefined;
    } while (token !== undefined && found.length < most);
    return found.slice(0, most);
  } catch (error) {
    if (token === undefined || findStatusCode(error) !== 410) throw error;
    const { items } = await ask({});
    return (items ?? []).slice(0, most).map(pick);
  }
}
