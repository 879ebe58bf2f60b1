/** Long tokens of next links, in memory. */
import type { PageTokenStore } from '../../../shared/query/page-tokens.ts';

export function createFakePageTokenStore(): PageTokenStore & { readonly count: () => number } {
  const tokens = new Map<string, string>();
  return {
    count: () => tokens.size,
    keep: async (id, token) => {
      tokens.set(id, token);
      await Promise.resolve();
    },
    find: async (id) => await Promise.resolve(tokens.get(id)),
  };
}
