/** The content blobs of a tenant, settled or open, in order of publication, page by page. */
import type { ContentBlob } from '../activity/activity-feed.ts';
import { contentTypes, type ContentType } from '../activity/content-types.ts';
import { contentPosition } from './content-position.ts';
import type { Ledger, OpenContent, SettledContent } from './ledger.ts';

/** `retrying`: its body was rejected, and it is fetched again; all others as they are stored. */
export const ledgerStates = ['pending', 'retrying', 'landed', 'gone', 'rejected'] as const;
export type LedgerState = (typeof ledgerStates)[number];

/** A content blob as the ledger knows it. */
export interface LedgerEntry {
  readonly content: ContentBlob;
  readonly state: LedgerState;
  readonly row: SettledContent | OpenContent;
}

export interface LedgerQuery {
  /** All by default. */
  readonly contentType?: ContentType | undefined;
  readonly state?: LedgerState | undefined;
  readonly landingId?: string | undefined;
  /** By contentCreated, [from, to). */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Entries up to this {@link ledgerPosition} are on earlier pages. */
  readonly after?: string | undefined;
  readonly top: number;
}

export interface LedgerPage {
  readonly entries: readonly LedgerEntry[];
  /** Where the next page begins; absent if there is none. */
  readonly next?: string | undefined;
}

/** A page costs about ten requests to storage at most: it may be short, or empty, and the next one continues from there. */
const maxScanned = 5000;
const settledBatch = 1000;

/** Identifies a content blob, and sorts by the time of its publication. */
function ledgerPosition({ contentCreated, contentType, contentId }: ContentBlob): string {
  return contentPosition(contentCreated, contentType, contentId);
}

/** One page, oldest first. An entry that is settled and open at once, after a crash, is settled. */
export async function listLedger(ledger: Ledger, tenantId: string, query: LedgerQuery): Promise<LedgerPage> {
  const { top, after = '' } = query;
  const entries: LedgerEntry[] = [];
  let [scanned, last] = [0, after];
  for await (const entry of inOrder(await streamsOf(ledger, tenantId, query))) {
    const position = ledgerPosition(entry.content);
    if (position <= last) continue;
    if (entries.length === top || scanned === maxScanned) return { entries, next: last };
    [scanned, last] = [scanned + 1, position];
    if (isWanted(entry, query)) entries.push(entry);
  }
  return { entries };
}

function isWanted({ state, row }: LedgerEntry, wanted: LedgerQuery): boolean {
  const landingId = 'landingId' in row ? row.landingId : undefined;
  return (
    (wanted.state === undefined || state === wanted.state) &&
    (wanted.landingId === undefined || landingId === wanted.landingId)
  );
}

type Entries = AsyncIterator<LedgerEntry, undefined>;

/** One for each content type, and one of open content, which comes last. */
async function streamsOf(
  ledger: Ledger,
  tenantId: string,
  { contentType, from, to, after, top }: LedgerQuery,
): Promise<readonly Entries[]> {
  const start = after === undefined ? from : new Date(after.slice(0, 24));
  const batch = Math.min(settledBatch, top + 1);
  const types = contentType === undefined ? contentTypes : [contentType];
  const settled = types.map((type) =>
    byPosition(ledger.settled(tenantId, { contentType: type, from: start, to, batch })),
  );
  const open = (await ledger.open(tenantId))
    .filter(({ content }) => types.includes(content.contentType))
    .filter(({ content: { contentCreated: at } }) => (!start || at >= start) && (!to || at < to))
    .map(openEntry)
    .toSorted(compare);
  return [...settled, streamOf(open)];
}

function openEntry(row: OpenContent): LedgerEntry {
  return { content: row.content, state: row.state === 'rejected' ? 'retrying' : row.state, row };
}

function compare(a: LedgerEntry, b: LedgerEntry): number {
  return ledgerPosition(a.content) < ledgerPosition(b.content) ? -1 : 1;
}

async function* streamOf(entries: readonly LedgerEntry[]): AsyncGenerator<LedgerEntry, undefined> {
  for (const entry of entries) yield await Promise.resolve(entry);
}

/** Storage orders by time; entries with the same time are ordered here. */
async function* byPosition(
  batches: AsyncIterable<readonly SettledContent[]>,
): AsyncGenerator<LedgerEntry, undefined> {
  let moment: LedgerEntry[] = [];
  for await (const batch of batches) {
    for (const row of batch) {
      const isLater =
        moment[0] !== undefined && moment[0].content.contentCreated < row.content.contentCreated;
      if (isLater) yield* moment.toSorted(compare);
      if (isLater) moment = [];
      moment.push({ content: row.content, state: row.state, row });
    }
  }
  yield* moment.toSorted(compare);
}

/** Merges streams; of equal entries, that of the earlier stream is first. */
async function* inOrder(streams: readonly Entries[]): AsyncGenerator<LedgerEntry> {
  const heads = await Promise.all(streams.map(async (stream) => ({ stream, next: await stream.next() })));
  for (;;) {
    const left = heads.flatMap((head) =>
      head.next.value === undefined ? [] : [{ head, entry: head.next.value }],
    );
    const [some, ...others] = left;
    if (some === undefined) return;
    const first = others.reduce((best, one) => (isBefore(one.entry, best.entry) ? one : best), some);
    yield first.entry;
    first.head.next = await first.head.stream.next();
  }
}

function isBefore(one: LedgerEntry, other: LedgerEntry): boolean {
  return ledgerPosition(one.content) < ledgerPosition(other.content);
}
