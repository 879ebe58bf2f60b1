/** Landings in memory. */
import {
  nextSequence,
  type LandingSequence,
  type SequencedLanding,
} from '../../../shared/feed/landing-sequence.ts';
import type { IndexedCounts, Landing, LandingStore } from '../../../shared/landing/landing.ts';

interface FakeLanding extends Landing {
  readonly indexed?: IndexedCounts | undefined;
  readonly processed?: number;
}

export interface FakeLandingStore extends LandingStore, LandingSequence {
  /** All landings, oldest first; those indexed carry their counts. */
  all(tenantId: string): readonly FakeLanding[];
}

/** @param now @default numbers begin with 1, which is easier to read */
export function createFakeLandingStore({ now = () => new Date(1) } = {}): FakeLandingStore {
  const tenants = new Map<string, Map<string, FakeLanding>>();
  const sequences = new Map<string, SequencedLanding[]>();
  const sequenceOf = (tenantId: string): SequencedLanding[] => {
    const sequence = sequences.get(tenantId) ?? [];
    sequences.set(tenantId, sequence);
    return sequence;
  };
  const landingsOf = (tenantId: string): Map<string, FakeLanding> => {
    const landings = tenants.get(tenantId) ?? new Map<string, FakeLanding>();
    tenants.set(tenantId, landings);
    return landings;
  };
  const all = (tenantId: string): readonly FakeLanding[] =>
    [...landingsOf(tenantId).values()].sort((a, b) => (a.landingId < b.landingId ? -1 : 1));
  return {
    all,
    open: async (tenantId, landing) => {
      const landings = landingsOf(tenantId);
      if (!landings.has(landing.landingId)) landings.set(landing.landingId, landing);
      await Promise.resolve();
    },
    close: async (tenantId, landing, indexed) => {
      landingsOf(tenantId).set(landing.landingId, { ...landing, indexed });
      const sequence = sequenceOf(tenantId);
      const { landingId, blobName } = landing;
      if (landing.importId === undefined && !sequence.some((numbered) => numbered.landingId === landingId)) {
        sequence.push({
          sequence: nextSequence(sequence.at(-1)?.sequence, now()),
          landingId,
          blobName,
          indexed: indexed.indexed,
        });
      }
      await Promise.resolve();
    },
    progress: async (tenantId, landingId, processed) => {
      const landing = landingsOf(tenantId).get(landingId);
      if (landing !== undefined && landing.indexed === undefined)
        landingsOf(tenantId).set(landingId, { ...landing, processed });
      await Promise.resolve();
    },
    isIndexed: async (tenantId, landingId) =>
      await Promise.resolve(landingsOf(tenantId).get(landingId)?.indexed !== undefined),
    sequenced: async (tenantId, from, limit) =>
      await Promise.resolve(
        sequenceOf(tenantId)
          .filter(({ sequence }) => sequence >= from)
          .slice(0, limit),
      ),
    lastSequence: async (tenantId) => await Promise.resolve(sequenceOf(tenantId).at(-1)?.sequence ?? 0),
    unindexed: async (tenantId) =>
      await Promise.resolve(all(tenantId).filter(({ indexed }) => indexed === undefined)),
    totals: async (tenantId, since) => {
      const rows = all(tenantId).filter(
        ({ landedAt, importId }) => importId === undefined && landedAt >= since,
      );
      const sum = (pick: (landing: FakeLanding) => number | undefined) =>
        rows.reduce((total, landing) => total + (pick(landing) ?? 0), 0);
      const counted = (name: keyof IndexedCounts) => sum(({ indexed }) => indexed?.[name]);
      return await Promise.resolve({
        contentBlobs: sum(({ contentBlobs }) => contentBlobs),
        recordsLanded: sum(({ records }) => records),
        recordsIndexed: counted('indexed'),
        duplicates: counted('duplicates'),
        notUnderstood: counted('notUnderstood'),
      });
    },
    importTotals: async (tenantId, importId) => {
      const rows = all(tenantId).filter((landing) => landing.importId === importId);
      const counts = rows.flatMap(({ indexed }) => indexed ?? []);
      const recordsIndexed = counts.reduce((total, { indexed }) => total + indexed, 0);
      await Promise.resolve();
      return { landings: rows.length, indexedLandings: counts.length, recordsIndexed };
    },
  };
}
