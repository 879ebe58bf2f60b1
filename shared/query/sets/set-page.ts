/** What the pages of all answers about sets of tenants have in common: the set, the position, the link to the next one. */
import type { OpenSet, SetSource } from '../../access/open-set.ts';
import { checkLeavesRoom, withParameter } from '../../http/address-length.ts';
import { tokenNameOf } from '../page-links.ts';
import type { PageTokens } from '../page-tokens.ts';
import { emptyClaim, type SetPosition } from './set-position.ts';

export type SetTokens = PageTokens<SetPosition>;

export interface SetPageRequest {
  readonly set: SetSource;
  readonly skipToken: string | undefined;
  /** Absolute, as requested: the next link repeats it. */
  readonly url: string;
  /** Everything that must be the same on the next page. */
  readonly bound: object;
}

/** A page that was read, and where the next one starts. */
export interface PageOfSet {
  readonly position: SetPosition;
  readonly isLast: boolean;
}

/**
 * Reads a page of the set as it was on the first page.
 * @throws RequestError 400 InvalidSkipToken, 404 for a tenant that the caller has no access to, 414 when the link to the
 *   next page would be too long
 */
export async function readSetPage<P extends PageOfSet>(
  tokens: SetTokens,
  { set, skipToken, url, bound }: SetPageRequest,
  read: (open: OpenSet, position: SetPosition) => Promise<P>,
): Promise<{ readonly page: P; readonly nextLink: string | undefined }> {
  const tokenName = tokenNameOf(url);
  checkLeavesRoom(url, tokenName);
  const { open, position } = await startPage(tokens, { set, skipToken, bound });
  const page = await read(open, position);
  if (page.isLast) return { page, nextLink: undefined };
  const token = await tokens.seal(page.position, set.bound, bound);
  return { page, nextLink: withParameter(url, tokenName, token) };
}

async function startPage(
  tokens: SetTokens,
  { set, skipToken, bound }: Omit<SetPageRequest, 'url'>,
): Promise<{ readonly open: OpenSet; readonly position: SetPosition }> {
  if (skipToken === undefined) {
    const open = await set.open();
    const places = open.tenantIds.map((tenantId) => ({ tenantId }));
    return { open, position: { places, claim: emptyClaim } };
  }
  const position = await tokens.open(skipToken, set.bound, bound);
  return { open: set.reopen(position.places.map(({ tenantId }) => tenantId)), position };
}
