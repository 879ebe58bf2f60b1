/** How lists of the API continue. */

/** Of a list in the API. */
export interface Page<Item> {
  readonly value: readonly Item[];
  readonly nextLink?: string | undefined;
}

/** For a page: the one that a token continues with, or the first. */
export type Ask<Item> = (continued: { readonly skiptoken?: string }) => Promise<Page<Item>>;

/** Only the token of a link is used, so that no answer leads a credential elsewhere. */
export function tokenIn({ nextLink }: Pick<Page<unknown>, 'nextLink'>): string | undefined {
  if (nextLink === undefined) return undefined;
  return new URL(nextLink, 'https://app.invalid').searchParams.get('skiptoken') ?? undefined;
}

const mostEmpty = 20;

/**
 * Pages with filters may be empty and still continue: the first one that is not, or the last of 20.
 * @param token empty: the first page
 */
export async function filledPage<Item>(ask: Ask<Item>, token: string): Promise<Page<Item>> {
  let page = await ask(token === '' ? {} : { skiptoken: token });
  for (let count = 1; count < mostEmpty && page.value.length === 0; count += 1) {
    const skiptoken = tokenIn(page);
    if (skiptoken === undefined) break;
    page = await ask({ skiptoken });
  }
  return page;
}
