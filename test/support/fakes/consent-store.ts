/** Awaited consents in memory. */
import type { AwaitedConsent, ConsentStore } from '../../../shared/tenants/consent.ts';

export interface FakeConsentStore extends ConsentStore {
  /** Stored consents, by the hash of the state. */
  readonly awaited: ReadonlyMap<string, AwaitedConsent>;
}

export function createFakeConsentStore(): FakeConsentStore {
  const awaited = new Map<string, AwaitedConsent>();
  return {
    awaited,
    create: async (stateHash, consent) => {
      awaited.set(stateHash, consent);
      await Promise.resolve();
    },
    take: async (stateHash) => {
      const found = awaited.get(stateHash);
      awaited.delete(stateHash);
      return await Promise.resolve(found);
    },
  };
}
