/** The lines of a raw blob as records, with their delivery and the time that they are indexed under. */
import { decodeRuns } from '../landing/content-runs.ts';
import type { RawBlob } from '../landing/raw-store.ts';
import { parseRecord, type AuditRecord, type Delivery } from '../records/audit-record.ts';
import { contentTypeOf } from '../records/content-type.ts';
import type { CreatedSource, IndexedRecord, RecordSource } from '../records/indexed-record.ts';
import { readLines, type RawLine } from './read-lines.ts';

/** A record with its place in the landing. */
export interface DeliveredRecord {
  /** From 0. */
  readonly line: number;
  readonly record: AuditRecord;
  /** The id that it is found by: its own, unless another record with other content has that. */
  readonly id: string;
  readonly delivery: Delivery;
  readonly time: Date;
  readonly createdSource: CreatedSource;
}

/** What the metadata of a raw blob says about it. */
export function provenanceOf({ metadata }: Pick<RawBlob, 'metadata'>) {
  return {
    runs: decodeRuns(metadata['runs'] ?? ''),
    landedAt: new Date(metadata['landedat'] ?? 0),
    /** The import or backfill that made it; absent for what the feed delivered. */
    importId: metadata['importid'],
    source: sourceOf(metadata),
  };
}

/** Raw blobs of imports say nothing of their source, and name the import. */
function sourceOf(metadata: RawBlob['metadata']): RecordSource {
  if (metadata['importid'] === undefined) return 'feed';
  return metadata['source'] === 'backfill' ? 'backfill' : 'import';
}

/**
 * Records from a line on, in order; earlier lines are skipped unparsed.
 * @param lines of the blob, if its body is read by the caller
 * @throws Error when the blob is damaged
 */
export async function* deliveredRecords(
  blob: RawBlob,
  from = 0,
  lines: AsyncIterable<RawLine> = readLines(blob.body),
): AsyncGenerator<DeliveredRecord> {
  const deliveries = deliveryOfLines(blob);
  const { source } = provenanceOf(blob);
  for await (const { line, bytes, truncated } of lines) {
    const delivered = deliveries.next().value;
    if (line < from) continue;
    const record = parseRecord(bytes, truncated);
    const delivery = source === 'feed' ? delivered : importedAs(record, delivered, source);
    yield { line, record, id: record.id, delivery, ...timeOf(record, delivery) };
  }
}

export function indexedRecord({ record, id, delivery, time, createdSource }: DeliveredRecord): IndexedRecord {
  const { contentType, source, landedAt: ingestedDateTime } = delivery;
  const { summary } = record;
  return { id, createdDateTime: time, createdSource, summary, contentType, source, ingestedDateTime };
}

/** The text of an import or a backfill says nothing of content types: the record itself does. */
function importedAs({ summary }: AuditRecord, delivery: Delivery, source: RecordSource): Delivery {
  return { ...delivery, contentType: contentTypeOf(summary), source };
}

/** One delivery per line; lines that the metadata does not cover count as General, delivered when they landed. */
function* deliveryOfLines(blob: RawBlob): Generator<Delivery, Delivery> {
  const { runs, landedAt } = provenanceOf(blob);
  const source = 'feed';
  for (const { contentType, contentCreated, records } of runs) {
    for (let line = 0; line < records; line++) yield { contentType, contentCreated, landedAt, source };
  }
  for (;;) yield { contentType: 'Audit.General', contentCreated: landedAt, landedAt, source };
}

function timeOf(
  { createdDateTime, understood }: AuditRecord,
  { contentCreated, landedAt }: Delivery,
): Pick<DeliveredRecord, 'time' | 'createdSource'> {
  if (createdDateTime !== undefined) return { time: createdDateTime, createdSource: 'record' };
  // A later delivery would get another time, but it is a duplicate: the first one stays.
  if (understood) return { time: contentCreated, createdSource: 'contentCreated' };
  return { time: landedAt, createdSource: 'ingested' };
}
