/** The ledger in memory. */
import type { ContentBlob } from '../../../shared/activity/activity-feed.ts';
import type { ContentType } from '../../../shared/activity/content-types.ts';
import type { Checkpoint, Gap, Ledger, OpenContent, SettledContent } from '../../../shared/landing/ledger.ts';

export interface FakeLedger extends Ledger {
  /** All that is settled, of all content types, oldest first. */
  allSettled(tenantId: string): readonly SettledContent[];
}

interface Book {
  readonly settled: Map<string, SettledContent>;
  readonly open: Map<string, OpenContent>;
  readonly gaps: Map<string, Gap>;
  readonly checkpoints: Map<ContentType, Checkpoint>;
}

export function createFakeLedger(): FakeLedger {
  const books = new Map<string, Book>();
  const bookOf = (tenantId: string): Book => {
    const book = books.get(tenantId) ?? {
      ...{ settled: new Map(), open: new Map(), gaps: new Map(), checkpoints: new Map() },
    };
    books.set(tenantId, book);
    return book;
  };
  const inOrder = <T extends { readonly content: ContentBlob }>(rows: Map<string, T>): readonly T[] =>
    [...rows].sort(([a], [b]) => compare(a, b)).map(([, row]) => row);
  return {
    allSettled: (tenantId) => inOrder(bookOf(tenantId).settled),
    settled: (tenantId, { contentType, from, to, batch = 1000 }) => {
      const wanted = inOrder(bookOf(tenantId).settled).filter(
        ({ content: { contentType: type, contentCreated: at } }) =>
          type === contentType && (from === undefined || at >= from) && (to === undefined || at < to),
      );
      return inBatches(wanted, batch);
    },
    known: async (tenantId, contents) => {
      const { settled } = bookOf(tenantId);
      const known = contents.flatMap((content) => {
        const row = settled.get(keyOf(content));
        return row === undefined ? [] : [[content.contentId, row.state] as const];
      });
      return await Promise.resolve(new Map(known));
    },
    settle: async (tenantId, contents) => {
      const { settled, gaps } = bookOf(tenantId);
      const landed: ContentBlob[] = [];
      for (const row of contents) {
        const { contentCreated: start, ...content } = row.content;
        const before = settled.get(keyOf(row.content))?.state;
        if (before === 'landed' && row.state !== 'landed') landed.push(row.content);
        else settled.set(keyOf(row.content), row);
        const isFound = before !== undefined && before !== 'landed' && row.state === 'landed';
        if (isFound) gaps.delete(keyOfGap({ ...content, start }));
      }
      return await Promise.resolve(landed);
    },
    open: async (tenantId) => await Promise.resolve(inOrder(bookOf(tenantId).open)),
    defer: async (tenantId, contents) => {
      for (const row of contents) bookOf(tenantId).open.set(keyOf(row.content), row);
      await Promise.resolve();
    },
    close: async (tenantId, contents) => {
      for (const content of contents) bookOf(tenantId).open.delete(keyOf(content));
      await Promise.resolve();
    },
    gaps: async (tenantId) => {
      const rows = [...bookOf(tenantId).gaps].sort(([a], [b]) => compare(a, b));
      return await Promise.resolve(rows.map(([, gap]) => gap));
    },
    recordGaps: async (tenantId, gaps) => {
      for (const gap of gaps) bookOf(tenantId).gaps.set(keyOfGap({ ...gap, start: gap.window.start }), gap);
      await Promise.resolve();
    },
    closeGaps: async (tenantId, contents) => {
      for (const { contentType, contentId, contentCreated: start } of contents)
        bookOf(tenantId).gaps.delete(keyOfGap({ contentType, contentId, start }));
      await Promise.resolve();
    },
    checkpoints: async (tenantId) => {
      return await Promise.resolve([...bookOf(tenantId).checkpoints.values()]);
    },
    advance: async (tenantId, { stop, ...progress }) => {
      const { checkpoints } = bookOf(tenantId);
      const before = checkpoints.get(progress.contentType);
      checkpoints.set(progress.contentType, {
        ...before,
        ...progress,
        collectedFrom: progress.collectedFrom ?? before?.collectedFrom,
        measuredFrom: progress.measuredFrom ?? before?.measuredFrom,
        revisitedThrough: progress.revisitedThrough ?? before?.revisitedThrough,
        lateness: progress.lateness ?? before?.lateness,
        stop: stop === undefined ? before?.stop : (stop ?? undefined),
      });
      await Promise.resolve();
    },
    markStopped: async (tenantId, contentType, stop) => {
      const { checkpoints } = bookOf(tenantId);
      const before = checkpoints.get(contentType);
      if (before !== undefined) checkpoints.set(contentType, { ...before, stop });
      await Promise.resolve();
    },
    markRetained: async (tenantId, retainedFrom) => {
      const { checkpoints } = bookOf(tenantId);
      for (const [type, before] of checkpoints) checkpoints.set(type, { ...before, retainedFrom });
      await Promise.resolve();
    },
  };
}

async function* inBatches<T>(items: readonly T[], size: number): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield await Promise.resolve(items.slice(at, at + size));
}

function keyOf({ contentCreated, contentId }: Pick<ContentBlob, 'contentCreated' | 'contentId'>): string {
  return `${contentCreated.toISOString()} ${contentId}`;
}

type GapIdentity = Pick<Gap, 'contentType' | 'contentId'> & { readonly start: Date };

function keyOfGap({ start, contentType, contentId }: GapIdentity): string {
  return `${start.toISOString()} ${contentType} ${contentId ?? ''}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
