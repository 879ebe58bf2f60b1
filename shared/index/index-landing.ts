/** Indexes one landing: lines to records, records to claims, claims to rows, rows to transactions. */
import pMap, { pMapIterable } from 'p-map';
import {
  decodeRuns,
  type IndexedCounts,
  type IndexRequest,
  type LandingStore,
  type RawBlob,
  type RawStore,
  type Run,
} from '../landing/landing.ts';
import { parseRecord, type CreatedSource, type Delivery } from '../records/audit-record.ts';
import { auditingSwitchedOffBy } from '../records/auditing-switch.ts';
import type { Telemetry } from '../telemetry.ts';
import { claimRecords, type PlacedRecord } from './claim-records.ts';
import { monthOf } from './keys.ts';
import { readLines, type RawLine } from './read-lines.ts';
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

interface Placed extends PlacedRecord {
  readonly createdSource: CreatedSource;
  readonly delivery: Delivery;
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
  const provenance = provenanceOf(blob);
  const indexing: Indexing = {
    ...deps,
    request,
    tally: { records: 0, indexed: 0, notUnderstood: 0, rows: 0 },
  };
  const placed = placeRecords(indexing, readLines(blob.body), provenance);
  const claimed = pMapIterable(batches(placed), (batch) => claimBatch(indexing, batch), {
    concurrency: claimsAtOnce,
    backpressure: claimsAtOnce * 2,
  });
  await pMap(transactions(indexing, claimed), (transaction) => write(indexing, transaction), {
    concurrency: deps.concurrency,
  });
  return await conclude(indexing, provenance);
}

/** What a raw blob tells of itself. */
interface Provenance {
  readonly runs: readonly Run[];
  readonly landedAt: Date;
  readonly contentBlobs: number;
  readonly bytes: number;
}

function provenanceOf({ metadata }: RawBlob): Provenance {
  return {
    runs: decodeRuns(metadata['runs'] ?? ''),
    landedAt: new Date(metadata['landedat'] ?? 0),
    contentBlobs: Number(metadata['contentblobs'] ?? 0),
    bytes: Number(metadata['textbytes'] ?? 0),
  };
}

async function* placeRecords(
  indexing: Indexing,
  lines: AsyncIterable<RawLine>,
  from: Provenance,
): AsyncGenerator<Placed> {
  const deliveries = deliveryOfLines(from);
  for await (const line of lines) {
    indexing.tally.records++;
    yield placeRecord(indexing, line, deliveries.next().value);
  }
}

/** One delivery per line; lines the metadata does not account for count as General, delivered when landed. */
function* deliveryOfLines({ runs, landedAt }: Provenance): Generator<Delivery, Delivery> {
  for (const { contentType, contentCreated, records } of runs) {
    for (let line = 0; line < records; line++) yield { contentType, contentCreated, landedAt };
  }
  for (;;) yield { contentType: 'Audit.General', contentCreated: landedAt, landedAt };
}

function placeRecord({ request, telemetry, tally }: Indexing, raw: RawLine, delivery: Delivery): Placed {
  const record = parseRecord(raw.bytes);
  const { id, createdDateTime, understood } = record;
  const { tenantId, landingId } = request;
  if (!understood) {
    tally.notUnderstood++;
    telemetry('index.record.notUnderstood', {
      tenantId,
      landingId,
      line: raw.line,
      truncated: raw.truncated,
    });
  }
  const cmdlet = auditingSwitchedOffBy(record);
  if (cmdlet !== undefined)
    telemetry('index.record.switchedAuditingOff', { tenantId, landingId, recordId: id, cmdlet });
  const placed = { record, id, line: raw.line, truncated: raw.truncated, delivery };
  if (createdDateTime !== undefined) return { ...placed, time: createdDateTime, createdSource: 'record' };
  // Delivered again it would get another time, but then it is a duplicate and the first one stays.
  if (understood) return { ...placed, time: delivery.contentCreated, createdSource: 'contentCreated' };
  return { ...placed, time: delivery.landedAt, createdSource: 'ingested' };
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

async function conclude(
  { landings, request, tally }: Indexing,
  provenance: Provenance,
): Promise<IndexedCounts> {
  const { records, ...counted } = tally;
  const counts: IndexedCounts = { ...counted, duplicates: records - counted.indexed };
  const { runs, ...described } = provenance;
  const oldest = Math.min(described.landedAt.getTime(), ...runs.map((run) => run.contentCreated.getTime()));
  const { landingId, blobName, tenantId } = request;
  const landing = { landingId, blobName, ...described, records, oldestContent: new Date(oldest) };
  await landings.close(tenantId, landing, counts);
  return counts;
}
