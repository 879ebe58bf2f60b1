/** The data of tenants, as far as it can be counted. */
import type { DeletedCounts, DeletedPlace, TenantData } from '../../../shared/offboarding/removal.ts';

export interface FakeTenantData extends TenantData {
  /** Adds data of a tenant. */
  put(tenantId: string, counts: DeletedCounts): void;
  left(tenantId: string): DeletedCounts;
  /** As if so many of the blobs could not be deleted yet. */
  retain(blobs: number): void;
  /** Runs before every piece is deleted, and also when a purge finds nothing. */
  beforeEach(work: () => void): void;
}

const nothing: DeletedCounts = { blobs: 0, tables: 0, rows: 0 };
const placeOf = { blobs: 'raw', tables: 'index', rows: 'Ledger' } as const;
const kinds = ['blobs', 'tables', 'rows'] as const;

export function createFakeTenantData(): FakeTenantData {
  const data = new Map<string, Record<keyof DeletedCounts, number>>();
  let work = (): void => undefined;
  let retained = 0;
  const left = (tenantId: string) => data.get(tenantId) ?? { ...nothing };
  return {
    put: (tenantId, counts) => {
      const before = left(tenantId);
      for (const kind of kinds) before[kind] += counts[kind];
      data.set(tenantId, before);
    },
    left: (tenantId) => ({ ...left(tenantId) }),
    retain: (blobs) => {
      retained = blobs;
    },
    beforeEach: (next) => {
      work = next;
    },
    purge: async (tenantId, budget) => {
      const counts = left(tenantId);
      const deleted = { ...nothing };
      const places: DeletedPlace[] = [];
      const isRetained = (kind: keyof DeletedCounts) => kind === 'blobs' && counts.blobs <= retained;
      for (const kind of kinds) {
        do {
          work();
          if (counts[kind] === 0 || isRetained(kind)) continue;
          counts[kind] -= 1;
          deleted[kind] += 1;
          places.push({ kind, place: placeOf[kind], count: 1 });
          await Promise.resolve();
          if (budget.aborted) return { deleted, places, retainedBlobs: 0, finished: false };
        } while (counts[kind] > 0 && !isRetained(kind));
      }
      return { deleted, places, retainedBlobs: Math.min(retained, counts.blobs), finished: true };
    },
  };
}
