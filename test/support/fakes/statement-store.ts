/** Statements in memory. */
import type { StatementStore } from '../../../shared/evidence/statement.ts';

export function createFakeStatementStore(): StatementStore {
  const texts = new Map<string, string>();
  const keyOf = (tenantId: string, sha256: string) => `${tenantId}/${sha256}`;
  return {
    put: async (tenantId, sha256, text) => {
      const key = keyOf(tenantId, sha256);
      await Promise.resolve(texts.set(key, texts.get(key) ?? text));
    },
    get: async (tenantId, sha256) => await Promise.resolve(texts.get(keyOf(tenantId, sha256))),
  };
}
