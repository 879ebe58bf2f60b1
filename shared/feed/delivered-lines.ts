/** The lines of a raw blob as records, with the id and time that the indexer gave them. */
import { readLines, type RawLine } from '../index/read-lines.ts';
import { decodeRuns, type RawBlob } from '../landing/landing.ts';
import type { FoundRecord } from '../query/found-record.ts';
import { parseRecord, type CreatedSource, type Delivery } from '../records/audit-record.ts';

/** A line and what it says. */
export interface DeliveredLine {
  readonly line: number;
  readonly bytes: Buffer;
  /** Its id is the record's own; another record may already bear it. */
  readonly record: FoundRecord;
  readonly contentHash: Buffer;
}

/**
 * Lines from a number on, in order. Those before it are passed over without being looked at.
 * @throws Error when the blob is damaged
 */
export async function* deliveredLines(
  { metadata, body }: RawBlob,
  tenantId: string,
  from: number,
): AsyncGenerator<DeliveredLine> {
  const deliveries = deliveryOfLines(metadata);
  for await (const raw of readLines(body)) {
    const delivery = deliveries.next().value;
    if (raw.line >= from) yield deliveredLine(raw, tenantId, delivery);
  }
}

/** As the indexer does: lines that the metadata does not account for count as General, delivered when landed. */
function* deliveryOfLines(metadata: RawBlob['metadata']): Generator<Delivery, Delivery> {
  const landedAt = new Date(metadata['landedat'] ?? 0);
  for (const { contentType, contentCreated, records } of decodeRuns(metadata['runs'] ?? '')) {
    for (let line = 0; line < records; line++) yield { contentType, contentCreated, landedAt };
  }
  for (;;) yield { contentType: 'Audit.General', contentCreated: landedAt, landedAt };
}

function deliveredLine({ line, bytes }: RawLine, tenantId: string, delivery: Delivery): DeliveredLine {
  const { id, createdDateTime, understood, summary, contentHash } = parseRecord(bytes);
  const record: FoundRecord = {
    ...{ tenantId, id, summary, isEarlier: false, contentType: delivery.contentType },
    ...timeOf(createdDateTime, understood, delivery),
    ingestedDateTime: delivery.landedAt,
  };
  return { line, bytes, record, contentHash };
}

function timeOf(
  said: Date | undefined,
  understood: boolean,
  { contentCreated, landedAt }: Delivery,
): { readonly createdDateTime: Date; readonly createdSource: CreatedSource } {
  if (said !== undefined) return { createdDateTime: said, createdSource: 'record' };
  if (understood) return { createdDateTime: contentCreated, createdSource: 'contentCreated' };
  return { createdDateTime: landedAt, createdSource: 'ingested' };
}
