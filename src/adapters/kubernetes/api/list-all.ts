import type { ApiRequest, RestClient } from './rest.ts';
import { findStatusCode } from './translate.ts';

/** Objects of one answer, as in client-go's pager. */
const PAGE = 500;

interface Page<T> {
  items: T[] | null;
  metadata?: { continue?: string };
}

export interface ListOptions<T, R> {
  /** What to keep of each object: a namespace may have ten thousand pods, of which few fields matter. */
  pick(object: T): R;
  /** Stops at this many; reads all by default. */
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
      // A server that repeats its token has no next page.
      token = page.metadata?.continue === token ? undefined : page.metadata?.continue || undefined;
    } while (token !== undefined && found.length < most);
    return found.slice(0, most);
  } catch (error) {
    if (token === undefined || findStatusCode(error) !== 410) throw error;
    const { items } = await ask({});
    return (items ?? []).slice(0, most).map(pick);
  }
}
