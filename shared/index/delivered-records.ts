/** The lines of a raw blob as records, each with how it was delivered and the time that it is found by. */
import { decodeRuns, type RawBlob, type Run } from '../landing/landing.ts';
import { parseRecord, type AuditRecord, type Delivery } from '../records/audit-record.ts';
import type { CreatedSource } from '../records/members.ts';
import { readLines } from './read-lines.ts';

export interface DeliveredRecord {
  /** From 0. */
  readonly line: number;
  /** Longer than can be held: the record is but the beginning of the line. */
  readonly truncated: boolean;
  readonly record: AuditRecord;
  readonly delivery: Delivery;
  readonly time: Date;
  readonly createdSource: CreatedSource;
}

/** What a raw blob tells of itself. */
export interface Provenance {
  readonly runs: readonly Run[];
  readonly landedAt: Date;
}

export function provenanceOf({ metadata }: Pick<RawBlob, 'metadata'>): Provenance {
  return { runs: decodeRuns(metadata['runs'] ?? ''), landedAt: new Date(metadata['landedat'] ?? 0) };
}

/**
 * Lines from a number on, in order. Those before it are passed over without being looked at.
 * @throws Error when the blob is damaged
 */
export async function* deliveredRecords(blob: RawBlob, from = 0): AsyncGenerator<DeliveredRecord> {
  const deliveries = deliveryOfLines(provenanceOf(blob));
  for await (const { line, bytes, truncated } of readLines(blob.body)) {
    const delivery = deliveries.next().value;
    if (line < from) continue;
    const record = parseRecord(bytes);
    yield { line, truncated, record, delivery, ...timeOf(record, delivery) };
  }
}

/** One delivery per line; lines the metadata does not account for count as General, delivered when landed. */
function* deliveryOfLines({ runs, landedAt }: Provenance): Generator<Delivery, Delivery> {
  for (const { contentType, contentCreated, records } of runs) {
    for (let line = 0; line < records; line++) yield { contentType, contentCreated, landedAt };
  }
  for (;;) yield { contentType: 'Audit.General', contentCreated: landedAt, landedAt };
}

function timeOf(
  { createdDateTime, understood }: AuditRecord,
  { contentCreated, landedAt }: Delivery,
): Pick<DeliveredRecord, 'time' | 'createdSource'> {
  if (createdDateTime !== undefined) return { time: createdDateTime, createdSource: 'record' };
  // Delivered again it would get another time, but then it is a duplicate and the first one stays.
  if (understood) return { time: contentCreated, createdSource: 'contentCreated' };
  return { time: landedAt, createdSource: 'ingested' };
}
