/** Landings in memory. */
import {
  nextSequence,
  type LandingSequence,
  type SequencedLanding,
} from '../../../shared/feed/landing-sequence.ts';
import { nextLink, type ChainLink, type LandingChain } from '../../../shared/evidence/chain.ts';
import type {
  GivenUpLanding,
  IndexedCounts,
  Landing,
  LandingRow,
  LandingRows,
  LandingStore,
} from '../../../shared/landing/landing.ts';

interface FakeLanding extends Landing {
  readonly indexed?: IndexedCounts | undefined;
  readonly processed?: number;
  readonly givenUp?: GivenUpLanding | undefined;
}

export interface FakeLandingStore extends LandingStore, LandingSequence, LandingChain, LandingRows {
  /** All landings, oldest first; those indexed carry their counts. */
  all(tenantId: string): readonly FakeLanding[];
  /** As a purge of the tenant does. */
  purge(tenantId: string): void;
}

function toRow(stored: FakeLanding): LandingRow {
  const { indexed: counts, ...landing } = stored;
  if (counts === undefined) return landing;
  const { indexed, duplicates, pastRetention = 0 } = counts;
  return { ...landing, counts: { indexed, duplicates, pastRetention } };
}

function linkIn(chain: readonly ChainLink[], { landingId }: Landing): Pick<LandingRow, 'link'> {
  const link = chain.find((linked) => linked.landingId === landingId)?.number;
  return link === undefined ? {} : { link };
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
  const contents = new Map<string, readonly string[]>();
  const chains = new Map<string, ChainLink[]>();
  const chainOf = (tenantId: string): ChainLink[] => {
    const chain = chains.get(tenantId) ?? [];
    chains.set(tenantId, chain);
    return chain;
  };
  const landingsOf = (tenantId: string): Map<string, FakeLanding> => {
    const landings = tenants.get(tenantId) ?? new Map<string, FakeLanding>();
    tenants.set(tenantId, landings);
    return landings;
  };
  const all = (tenantId: string): readonly FakeLanding[] =>
    [...landingsOf(tenantId).values()].sort((a, b) => (a.landingId < b.landingId ? -1 : 1));
  const notIndexed = (tenantId: string) => all(tenantId).filter(({ indexed }) => indexed === undefined);
  const unindexed = (tenantId: string) => notIndexed(tenantId).filter(({ givenUp }) => givenUp === undefined);
  const openLanding = (tenantId: string, landingId: string) =>
    notIndexed(tenantId).find((landing) => landing.landingId === landingId);
  return {
    purge: (tenantId) => {
      for (const kept of [tenants, sequences, chains]) kept.delete(tenantId);
    },
    all,
    rows: async (tenantId, { from, to, limit }) =>
      await Promise.resolve(
        all(tenantId)
          .filter(({ landingId }) => landingId >= from && landingId < to)
          .slice(0, limit)
          .map((landing) => ({ ...toRow(landing), ...linkIn(chainOf(tenantId), landing) })),
      ),
    async *ids(tenantId) {
      for (const { landingId } of all(tenantId)) yield await Promise.resolve([landingId]);
    },
    open: async (tenantId, landing, contentHashes) => {
      const landings = landingsOf(tenantId);
      if (!landings.has(landing.landingId)) {
        landings.set(landing.landingId, landing);
        if (contentHashes !== undefined) contents.set(`${tenantId}/${landing.landingId}`, contentHashes);
      }
      await Promise.resolve();
    },
    close: async (tenantId, landing, indexed) => {
      landingsOf(tenantId).set(landing.landingId, { ...landing, indexed });
      const chain = chainOf(tenantId);
      if (!chain.some((link) => link.landingId === landing.landingId))
        chain.push(linkOf(nextLink(tenantId, chain.at(-1), { ...landing, linkedAt: now() })));
      const sequence = sequenceOf(tenantId);
      const { landingId, blobName, oldestContent } = landing;
      const isNumbered = (numbered: SequencedLanding) => numbered.landingId === landingId;
      if (landing.importId === undefined && !sequence.some(isNumbered)) {
        sequence.push({
          sequence: nextSequence(sequence.at(-1)?.sequence, now()),
          landingId,
          blobName,
          indexed: indexed.indexed,
          allOwn: indexed.allOwn,
          oldestContent,
        });
      }
      return await Promise.resolve(sequence.find(isNumbered)?.sequence);
    },
    progress: async (tenantId, landingId, processed) => {
      const landing = landingsOf(tenantId).get(landingId);
      if (landing !== undefined && landing.indexed === undefined)
        landingsOf(tenantId).set(landingId, { ...landing, processed });
      await Promise.resolve();
    },
    recorded: async (tenantId, landingId) => {
      const landing = await Promise.resolve(landingsOf(tenantId).get(landingId));
      if (landing === undefined) return undefined;
      const { textSha256, hashedAt, contentsSha256 } = landing;
      const sequence = sequenceOf(tenantId).find((numbered) => numbered.landingId === landingId)?.sequence;
      const link = chainOf(tenantId).find((linked) => linked.landingId === landingId)?.number;
      return {
        textSha256,
        hashedAt,
        contentsSha256,
        sequence,
        link,
        isIndexed: landing.indexed !== undefined,
      };
    },
    contentHashes: async (tenantId, landingId) =>
      await Promise.resolve(contents.get(`${tenantId}/${landingId}`)),
    links: async (tenantId, from, limit) =>
      await Promise.resolve(
        chainOf(tenantId)
          .filter(({ number }) => number >= from)
          .slice(0, limit),
      ),
    placed: async (tenantId, { from, to }, limit) =>
      await Promise.resolve(
        all(tenantId)
          .filter(({ landedAt }) => landedAt >= from && landedAt < to)
          .slice(0, limit)
          .map(({ landingId, records, bytes, indexed }) => {
            const link = chainOf(tenantId).find((linked) => linked.landingId === landingId)?.number;
            return { landingId, records, bytes, link, isIndexed: indexed !== undefined };
          }),
      ),
    head: async (tenantId) => {
      const newest = await Promise.resolve(chainOf(tenantId).at(-1));
      return newest && { number: newest.number, hash: newest.hash };
    },
    sequenced: async (tenantId, from, limit) =>
      await Promise.resolve(
        sequenceOf(tenantId)
          .filter(({ sequence }) => sequence >= from)
          .slice(0, limit),
      ),
    lastSequence: async (tenantId) => await Promise.resolve(sequenceOf(tenantId).at(-1)?.sequence ?? 0),
    unindexed: async (tenantId) => await Promise.resolve(unindexed(tenantId)),
    notIndexed: async (tenantId) =>
      await Promise.resolve({
        unindexed: unindexed(tenantId),
        givenUp: notIndexed(tenantId).filter(({ givenUp }) => givenUp !== undefined),
      }),
    giveUp: async (tenantId, landingId, givenUp) => {
      const landing = openLanding(tenantId, landingId);
      if (landing !== undefined) landingsOf(tenantId).set(landingId, { ...landing, givenUp });
      return await Promise.resolve(landing !== undefined);
    },
    takeBack: async (tenantId, landingId) => {
      const landing = openLanding(tenantId, landingId);
      if (landing === undefined) return undefined;
      const rest: FakeLanding = { ...landing, givenUp: undefined };
      landingsOf(tenantId).set(landingId, rest);
      return await Promise.resolve(rest);
    },
    totals: async (tenantId, since) => {
      const rows = all(tenantId).filter(
        ({ landedAt, importId }) => importId === undefined && landedAt >= since,
      );
      const sum = (pick: (landing: FakeLanding) => number | undefined) =>
        rows.reduce((total, landing) => total + (pick(landing) ?? 0), 0);
      const counted = (name: Exclude<keyof IndexedCounts, 'allOwn'>) => sum(({ indexed }) => indexed?.[name]);
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
      const pastRetention = counts.reduce((total, one) => total + (one.pastRetention ?? 0), 0);
      await Promise.resolve();
      return { landings: rows.length, indexedLandings: counts.length, recordsIndexed, pastRetention };
    },
  };
}

/** Only what a link holds, as storage would return it. */
function linkOf({ number, previous, hash, linkedAt, ...landing }: ChainLink): ChainLink {
  const { landingId, blobName, landedAt, importId, contentBlobs, records, bytes } = landing;
  const { textSha256, hashedAt, contentsSha256 } = landing;
  return {
    ...{ number, previous, hash, linkedAt, landingId, blobName, landedAt, contentBlobs, records, bytes },
    ...{ importId, textSha256, hashedAt, contentsSha256 },
  };
}
