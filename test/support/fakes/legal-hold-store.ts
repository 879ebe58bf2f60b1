/** Legal holds in memory. */
import type { LegalHoldEvent, LegalHolds } from '../../../shared/offboarding/legal-hold.ts';

export function createFakeLegalHolds(): LegalHolds {
  const all = new Map<string, readonly LegalHoldEvent[]>();
  const of = (tenantId: string) => all.get(tenantId) ?? [];
  return {
    events: async (tenantId) => await Promise.resolve(of(tenantId)),
    append: async (tenantId, event) => {
      const events = [event, ...of(tenantId)].sort((a, b) => b.at.getTime() - a.at.getTime());
      all.set(tenantId, events);
      await Promise.resolve();
    },
  };
}
