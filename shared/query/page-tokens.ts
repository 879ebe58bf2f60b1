/**
 * The tokens of next links. Most positions fit into the link. The position of a query that reads many places at once
 * does not: it is stored, and the link names it. The question itself is never stored: it remains in the address.
 */
import { randomBytes } from 'node:crypto';
import { maxContinuation } from '../http/address-length.ts';
import { invalidSkipToken, type SkipTokens } from './skip-token.ts';
import type { QueryPosition } from './record-page.ts';

/** Long tokens by id. They expire with their content, a day after they were made; rows are deleted later. */
export interface PageTokenStore {
  /** @param id unused so far */
  keep(id: string, token: string, at: Date): Promise<void>;
  /** Undefined if it was deleted, or never existed. */
  find(id: string): Promise<string | undefined>;
}

/** As {@link SkipTokens}, in at most {@link maxTokenLength} characters. */
export interface PageTokens<Position = QueryPosition> {
  seal(position: Position, tenants: string, query: object): Promise<string>;
  /** @throws RequestError 400 InvalidSkipToken when altered, expired, or of other tenants or another query */
  open(token: string, tenants: string, query: object): Promise<Position>;
}

export interface PageTokenDeps<Position> {
  readonly skipTokens: SkipTokens<Position>;
  readonly store: PageTokenStore;
  readonly now: () => Date;
}

export const maxTokenLength = maxContinuation - '&%24skiptoken='.length;

/** Random, so that no id can be guessed. Its content is bound to tenants and query: an id that leaks opens no other. */
const idBytes = 16;
const idPattern = /^[\w-]{22}$/;

export function createPageTokens<Position>({
  skipTokens,
  store,
  now,
}: PageTokenDeps<Position>): PageTokens<Position> {
  return {
    async seal(position, tenants, query) {
      const token = skipTokens.seal(position, tenants, query);
      if (token.length <= maxTokenLength) return token;
      const id = randomBytes(idBytes).toString('base64url');
      await store.keep(id, token, now());
      return id;
    },
    async open(token, tenants, query) {
      const sealed = idPattern.test(token) ? await store.find(token) : token;
      if (sealed === undefined) throw invalidSkipToken();
      return skipTokens.open(sealed, tenants, query);
    },
  };
}
