/** Splits a tenant's records into the content blobs that the feed publishes. */

import { bodyOfRecords, type Layout } from './content-body.ts';
import type { ContentDraft } from './content-blob.ts';
import { withOtherKeyOrder } from '../json-text.ts';
import type { Random } from '../random.ts';
import type { FeedContentType, SimulatedRecord } from '../tenant.ts';

export interface CutOptions {
  readonly now: Date;
  readonly random: Random;
  /** Share of the records that are redelivered in a later content blob. */
  readonly duplicateShare: number;
  /** If false, half of those have a different key order. */
  readonly exactCopies: boolean;
  /** Limits of a content blob: number of records, and bytes unless a single record is larger. */
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly layout: Layout;
}

/** Bytes between two records in the longest layout, `,` CR LF. */
const longestSeparator = 3;

interface Chunk {
  readonly contentCreated: Date;
  readonly texts: readonly string[];
}

const hourMs = 60 * 60 * 1000;
/** Nothing is published so early that it would leave the 7-day window during a test. */
const oldestMs = (7 * 24 - 6) * hourMs;

/**
 * Returns content blobs by content type and in order of availability. contentCreated is the time when the last record of the
 * content blob became available, moved into the last 7 days if necessary; future records become available in the future.
 * Within a content blob, the order is arbitrary.
 */
export const cutContent = (
  records: readonly SimulatedRecord[],
  options: CutOptions,
): readonly ContentDraft[] =>
  [...groupByContentType(records)].flatMap(([contentType, group]) => {
    const chunks = withDuplicates(chunksOf(group, options), options);
    return chunks.map(({ contentCreated, texts }) => ({
      contentType,
      contentCreated,
      body: bodyOfRecords(options.random.shuffle(texts), options.layout),
    }));
  });

const groupByContentType = (
  records: readonly SimulatedRecord[],
): ReadonlyMap<FeedContentType, readonly SimulatedRecord[]> => {
  const groups = new Map<FeedContentType, SimulatedRecord[]>();
  for (const record of records) {
    const group = groups.get(record.contentType) ?? [];
    group.push(record);
    groups.set(record.contentType, group);
  }
  return groups;
};

const chunksOf = (records: readonly SimulatedRecord[], options: CutOptions): readonly Chunk[] => {
  const sorted = records.toSorted((left, right) => left.availableAt.getTime() - right.availableAt.getTime());
  const chunks: Chunk[] = [];
  for (let from = 0; from < sorted.length;) {
    const part = firstChunkOf(sorted, from, options);
    const availableAt = part.at(-1)?.availableAt ?? options.now;
    const earliestMs = options.now.getTime() - oldestMs + chunks.length;
    const contentCreated = new Date(Math.max(availableAt.getTime(), earliestMs));
    chunks.push({ contentCreated, texts: part.map(({ text }) => text) });
    from += part.length;
  }
  return chunks;
};

const firstChunkOf = (
  records: readonly SimulatedRecord[],
  from: number,
  { random, maxRecords, maxBytes }: CutOptions,
): readonly SimulatedRecord[] => {
  const wanted = records.slice(from, from + random.integer(1, maxRecords));
  let bytes = 1;
  const tooMany = wanted.findIndex(({ text }) => {
    bytes += Buffer.byteLength(text) + longestSeparator;
    return bytes > maxBytes;
  });
  return tooMany === -1 ? wanted : wanted.slice(0, Math.max(1, tooMany));
};

/** Copies without a later content blob get their own. */
const withDuplicates = (chunks: readonly Chunk[], options: CutOptions): readonly Chunk[] => {
  const { random, duplicateShare } = options;
  const copies = new Map<number, string[]>();
  for (const [index, { texts }] of chunks.entries()) {
    for (const text of texts.filter(() => random.chance(duplicateShare))) {
      const target = random.integer(index + 1, chunks.length);
      copies.set(target, [...(copies.get(target) ?? []), copyOf(text, options)]);
    }
  }
  const late = copies.get(chunks.length) ?? [];
  const all = chunks.map((chunk, index) => ({
    ...chunk,
    texts: [...chunk.texts, ...(copies.get(index) ?? [])],
  }));
  const lastCreated = chunks.at(-1)?.contentCreated ?? options.now;
  return late.length === 0 ? all : [...all, { contentCreated: lastCreated, texts: late }];
};

const copyOf = (text: string, { random, exactCopies }: CutOptions): string =>
  !exactCopies && random.chance(0.5) ? (withOtherKeyOrder(text) ?? text) : text;
