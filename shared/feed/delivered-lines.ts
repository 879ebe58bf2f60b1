/** The lines of a raw blob as the records that readers of the feed get. */
import { deliveredRecords, type DeliveredRecord } from '../index/delivered-records.ts';
import type { RawBlob } from '../landing/landing.ts';
import type { FoundRecord } from '../query/found-record.ts';

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
  blob: RawBlob,
  tenantId: string,
  from: number,
): AsyncGenerator<DeliveredLine> {
  for await (const delivered of deliveredRecords(blob, from)) yield deliveredLine(delivered, tenantId);
}

function deliveredLine(delivered: DeliveredRecord, tenantId: string): DeliveredLine {
  const { line, record, delivery, time, createdSource } = delivered;
  const { id, summary, bytes, contentHash } = record;
  const found: FoundRecord = {
    ...{ tenantId, id, summary, isLegacy: false, contentType: delivery.contentType },
    ...{ createdDateTime: time, createdSource, ingestedDateTime: delivery.landedAt },
  };
  return { line, bytes, record: found, contentHash };
}
