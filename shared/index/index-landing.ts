/** Indexes one landing: lines to records, records to claims, claims to rows, rows to transactions. */
import pMap, { pMapIterable } from 'p-map';
import type { IndexedCounts, IndexRequest, LandingStore, RawBlob, RawStore } from '../landing/landing.ts';
import { auditingSwitchedOffBy } from '../records/auditing-switch.ts';
import type { Telemetry } from '../telemetry.ts';
import { claimRecords } from './claim-records.ts';
import { deliveredRecords, provenanceOf, type DeliveredRecord } from './delivered-records.ts';
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
}

/** Nothing is there to index. */
export class RawBlobMissingError extends Error {
  override readonly name = 'RawBlobMissingError';
}

/** Batches being claimed at once; each waits for one transaction. */
const claimsAtOnce = 4;

interface Placed extends DeliveredRecord {
  readonly id: string;
}

interface Indexing extends IndexDeps {
  readonly request: IndexRequest;
  readonly tally: { records: number; indexed: number; notUnderstood: number; rows: number };
}

/**
 * Indexes a landing to its last line. Doing it again, wholly or after a crash, changes nothing.
 * @throws RawBlobMissingError when the blob is not there
 * @throws when storage fails: the message must come again
 */
export async function indexLanding(deps: IndexDeps, request: IndexRequest): Promise<IndexedCounts> {
  const blob = await deps.raw.read(request.blobName);
  if (blob === undefined) {
    throw new RawBlobMissingError(`The raw blob of landing ${request.landingId} is not there.`);
  }
  const indexing: Indexing = {
    ...deps,
    request,
    tally: { records: 0, indexed: 0, notUnderstood: 0, rows: 0 },
  };
  const placed = placeRecords(indexing, deliveredRecords(blob));
  const claimed = pMapIterable(batches(placed), (batch) => claimBatch(indexing, batch), {
    concurrency: claimsAtOnce,
    backpressure: claimsAtOnce * 2,
  });
  await pMap(transactions(indexing, claimed), (transaction) => write(indexing, transaction), {
    concurrency: deps.concurrency,
  });
  return await conclude(indexing, blob);
}

async function* placeRecords(
  indexing: Indexing,
  records: AsyncIterable<DeliveredRecord>,
): AsyncGenerator<Placed> {
  for await (const delivered of records) {
    indexing.tally.records++;
    yield placeRecord(indexing, delivered);
  }
}

function placeRecord({ request, telemetry, tally }: Indexing, delivered: DeliveredRecord): Placed {
  const { record, line, truncated } = delivered;
  const { tenantId, landingId } = request;
  if (!record.understood) {
    tally.notUnderstood++;
    telemetry('index.record.notUnderstood', { tenantId, landingId, line, truncated });
  }
  const cmdlet = auditingSwitchedOffBy(record);
  if (cmdlet !== undefined)
    telemetry('index.record.switchedAuditingOff', { tenantId, landingId, recordId: record.id, cmdlet });
  return { ...delivered, id: record.id };
}

/** As many records as one transaction claims. */
async function* batches(placed: AsyncIterable<Placed>): AsyncGenerator<readonly Placed[]> {
  let batch: Placed[] = [];
  for await (const record of placed) {
    batch.push(record);
    if (batch.length < maxTransactionRows) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function claimBatch(
  { index, request, tally }: Indexing,
  batch: readonly Placed[],
): Promise<readonly Placed[]> {
  const owned = await claimRecords({ index, ...request }, batch);
  tally.indexed += owned.length;
  tally.rows += owned.length;
  const byLine = new Map(batch.map((placed) => [placed.line, placed]));
  return owned.flatMap(({ id, line }) => {
    const placed = byLine.get(line);
    return placed === undefined ? [] : [{ ...placed, id }];
  });
}

async function* transactions(
  { request, tally }: Indexing,
  claimed: AsyncIterable<readonly Placed[]>,
): AsyncGenerator<RowTransaction> {
  const buffer = createRowBuffer();
  for await (const batch of claimed) {
    for (const placed of batch) {
      const month = monthOf(placed.time);
      for (const { dimension, row } of recordRows(placed, request)) {
        tally.rows++;
        const full = buffer.add(month, dimension, row);
        if (full !== undefined) yield full;
      }
    }
  }
  yield* buffer.drain();
}

async function write(
  { index, request }: Indexing,
  { month, dimension, rows }: RowTransaction,
): Promise<void> {
  await index.writeRows(request.tenantId, month, dimension, rows);
}

async function conclude({ landings, request, tally }: Indexing, blob: RawBlob): Promise<IndexedCounts> {
  const { records, ...counted } = tally;
  const counts: IndexedCounts = { ...counted, duplicates: records - counted.indexed };
  const { runs, landedAt } = provenanceOf(blob);
  const oldest = Math.min(landedAt.getTime(), ...runs.map((run) => run.contentCreated.getTime()));
  const { landingId, blobName, tenantId } = request;
  const landing = {
    ...{ landingId, blobName, landedAt, records, oldestContent: new Date(oldest) },
    contentBlobs: Number(blob.metadata['contentblobs'] ?? 0),
    bytes: Number(blob.metadata['textbytes'] ?? 0),
  };
  await landings.close(tenantId, landing, counts);
  return counts;
}
