/** Indexes one landing: lines to records, records to claims, claims to rows, rows to transactions. */
import pMap, { pMapIterable } from 'p-map';
import type { LandingWatch, StartWatching } from '../detection/watch-landing.ts';
import { inBatches } from '../in-batches.ts';
import type { IndexedCounts, LandingStore, RecordedLanding } from '../landing/landing.ts';
import type { RawStore } from '../landing/raw-store.ts';
import type { IndexRequest } from '../landing/work-queues.ts';
import { auditingSwitchedOffBy } from '../records/auditing-switch.ts';
import type { Telemetry } from '../telemetry.ts';
import { readChecked, type CheckedBlob } from './checked-blob.ts';
import { claimRecords } from './claim-records.ts';
import { deliveredRecords, provenanceOf, type DeliveredRecord } from './delivered-records.ts';
import { keptRecords, type KeptFrom } from './kept-records.ts';
import { monthOf } from './keys.ts';
import { maxTransactionRows, type RecordIndex } from './record-index.ts';
import { createRowBuffer, type RowTransaction } from './row-buffer.ts';
import { recordRows } from './rows.ts';

export interface IndexDeps {
  readonly raw: RawStore;
  readonly index: RecordIndex;
  readonly landings: LandingStore;
  readonly telemetry: Telemetry;
  /** Table transactions in flight. */
  readonly concurrency: number;
  /** Which records are too old to be indexed; @default none */
  readonly keptFrom?: KeptFrom | undefined;
  /** Applies rules to new records; @default none */
  readonly watching?: StartWatching | undefined;
}

/** Batches being claimed at once; each waits for one transaction. */
const claimsAtOnce = 4;

export interface IndexedLanding extends IndexedCounts {
  /** Its number in the feed; undefined if it has none. */
  readonly sequence: number | undefined;
}

interface Indexing extends IndexDeps {
  readonly request: IndexRequest;
  readonly watch: LandingWatch | undefined;
  readonly tally: Tally;
}

type Tally = Record<
  'records' | 'claimed' | 'pastRetention' | 'indexed' | 'indexedAsDelivered' | 'notUnderstood' | 'rows',
  number
>;

/** Progress is reported each time this many records are claimed: one write, next to hundreds for their rows. */
const recordsPerReport = 5_000;

/**
 * Indexes a landing to its last line. Repeating it, in full or after a crash, changes nothing.
 * @throws RawBlobMissingError when the blob does not exist
 * @throws LandingAlteredError when it is not what landed; then nothing is indexed
 * @throws Error when storage fails: the message must be redelivered
 */
export async function indexLanding(deps: IndexDeps, request: IndexRequest): Promise<IndexedLanding> {
  const recorded = await deps.landings.recorded(request.tenantId, request.landingId);
  const checked = await readChecked(deps.raw, request, recorded);
  const tally: Tally = {
    records: 0,
    claimed: 0,
    pastRetention: 0,
    indexed: 0,
    indexedAsDelivered: 0,
    notUnderstood: 0,
    rows: 0,
  };
  const watch = await deps.watching?.(request.tenantId);
  const indexing: Indexing = { ...deps, request, tally, watch };
  const records = observed(indexing, deliveredRecords(checked.blob));
  // As many records as one transaction claims.
  const batches = inBatches(records, maxTransactionRows);
  const claimed = pMapIterable(batches, (batch) => claimBatch(indexing, batch), {
    concurrency: claimsAtOnce,
    backpressure: claimsAtOnce * 2,
  });
  await pMap(
    transactions(indexing, claimed),
    ({ month, dimension, rows }) => deps.index.writeRows(request.tenantId, month, dimension, rows),
    { concurrency: deps.concurrency },
  );
  await watch?.end();
  return await conclude(indexing, checked, recorded);
}

async function* observed(
  indexing: Indexing,
  records: AsyncIterable<DeliveredRecord>,
): AsyncGenerator<DeliveredRecord> {
  for await (const delivered of records) {
    report(indexing, delivered);
    yield delivered;
  }
}

function report({ request, telemetry, tally }: Indexing, delivered: DeliveredRecord): void {
  const { record, line, delivery } = delivered;
  const { tenantId, landingId } = request;
  tally.records++;
  if (!record.understood) {
    tally.notUnderstood++;
    telemetry('index.record.notUnderstood', { tenantId, landingId, line, truncated: record.truncated });
  }
  // What was imported happened long ago: an alert would come too late.
  const cmdlet = delivery.source === 'feed' ? auditingSwitchedOffBy(record) : undefined;
  if (cmdlet !== undefined)
    telemetry('index.record.switchedAuditingOff', { tenantId, landingId, recordId: record.id, cmdlet });
}

async function claimBatch(
  indexing: Indexing,
  batch: readonly DeliveredRecord[],
): Promise<readonly DeliveredRecord[]> {
  const { index, request, tally, keptFrom } = indexing;
  const kept = await keptRecords({ index, keptFrom, ...request }, batch);
  const owned = await claimRecords({ index, ...request }, kept);
  tally.pastRetention += batch.length - kept.length;
  tally.indexed += owned.length;
  tally.indexedAsDelivered += owned.filter(({ id, record }) => id === record.id).length;
  tally.rows += owned.length;
  await reportProgress(indexing, batch.length);
  return owned;
}

async function reportProgress({ landings, request, tally }: Indexing, claimed: number): Promise<void> {
  const before = tally.claimed;
  tally.claimed += claimed;
  const isDue = Math.floor(before / recordsPerReport) < Math.floor(tally.claimed / recordsPerReport);
  if (isDue) await landings.progress(request.tenantId, request.landingId, tally.claimed);
}

async function* transactions(
  { request, tally, watch }: Indexing,
  claimed: AsyncIterable<readonly DeliveredRecord[]>,
): AsyncGenerator<RowTransaction> {
  const buffer = createRowBuffer();
  for await (const batch of claimed) {
    for (const record of batch) {
      await watch?.add(record);
      const month = monthOf(record.time);
      for (const { dimension, row } of recordRows(record, request)) {
        tally.rows++;
        const full = buffer.add(month, dimension, row);
        if (full !== undefined) yield full;
      }
    }
  }
  yield* buffer.drain();
}

async function conclude(
  { landings, request, tally }: Indexing,
  { blob, hashes }: CheckedBlob,
  recorded: RecordedLanding | undefined,
): Promise<IndexedLanding> {
  const { records, pastRetention, indexed, indexedAsDelivered, notUnderstood, rows } = tally;
  const duplicates = records - pastRetention - indexed;
  const allOwn = indexedAsDelivered === records;
  const counts: IndexedCounts = { indexed, notUnderstood, rows, duplicates, pastRetention, allOwn };
  const { runs, landedAt, importId } = provenanceOf(blob);
  const oldest = Math.min(landedAt.getTime(), ...runs.map((run) => run.contentCreated.getTime()));
  const { landingId, blobName, tenantId } = request;
  const landing = {
    landingId,
    blobName,
    landedAt,
    records,
    oldestContent: new Date(oldest),
    contentBlobs: Number(blob.metadata['contentblobs'] ?? 0),
    bytes: Number(blob.metadata['textbytes'] ?? 0),
    importId,
    ...hashes,
  };
  const sequence = await landings.close(tenantId, landing, counts, recorded);
  return { ...counts, sequence };
}
