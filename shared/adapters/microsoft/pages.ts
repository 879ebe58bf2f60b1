/** The one pager for lists of Microsoft: of the feed, Graph, and Exchange. */
import type { Budget } from '../../budget.ts';
import { budgetSpent } from '../../errors.ts';

/** More than any list has: a day of the busiest tenant's feed is a few thousand pages. */
const maxPages = 10_000;
/** An empty page may be followed by others. Microsoft has been seen to send one, not many. */
const maxEmptyPages = 100;

export interface PagedList<Request extends { readonly url: string }, Page> {
  readonly first: Request;
  /** @throws UpstreamError */
  readonly read: (request: Request) => Promise<Page>;
  /** Requests the page after one, or nothing after the last. */
  readonly next: (page: Page) => Request | undefined;
  /** What tells pages apart; by default their addresses. */
  readonly keyOf?: ((request: Request) => string) | undefined;
  readonly isEmpty: (page: Page) => boolean;
  readonly budget: Budget;
  /** The error for an answer that cannot be right. @param what continues "The API returned a list that …" */
  readonly unexpected: (what: string) => Error;
}

/**
 * Reads a list page by page to the last. The first page is always read; before every other one the budget is checked.
 * @throws UpstreamError when the budget is spent, or when the list does not end: it links to a page that was read, or to
 * one empty page after another
 */
export async function* readPages<Request extends { readonly url: string }, Page>(
  list: PagedList<Request, Page>,
): AsyncGenerator<Page> {
  const keyOf = list.keyOf ?? (({ url }: Request) => url);
  const seen = new Set<string>();
  let empty = 0;
  for (let request: Request | undefined = list.first; request !== undefined;) {
    const key = keyOf(request);
    if (seen.has(key)) throw list.unexpected('links to a page that was read before');
    if (seen.size === maxPages) throw list.unexpected(`has more than ${maxPages} pages`);
    if (seen.size > 0 && list.budget.aborted) throw budgetSpent('A list did not end');
    seen.add(key);
    const page: Page = await list.read(request);
    empty = list.isEmpty(page) ? empty + 1 : 0;
    if (empty > maxEmptyPages) throw list.unexpected(`has more than ${maxEmptyPages} empty pages in a row`);
    yield page;
    request = list.next(page);
  }
}
