/** Records on their way to a destination. */
import type { FeedPosition } from '../feed/landing-sequence.ts';
import type { IndexedRecord } from '../records/indexed-record.ts';

export interface OutgoingRecord extends IndexedRecord {
  readonly tenantId: string;
  /** Display name of the tenant when the batch was read. */
  readonly tenantName: string;
  /** Its place in the feed of its tenant: grows with every record, and is the same whenever the record is read. */
  readonly place: FeedPosition;
  /** Its exact text as Microsoft delivered it, UTF-8 that is not guaranteed to be valid JSON. */
  readonly text: Buffer;
  /** The text is only the beginning of a longer one. */
  readonly truncated: boolean;
}

/** A record as its destination receives it. */
export interface EncodedRecord {
  readonly record: OutgoingRecord;
  readonly body: Buffer;
}

export interface OutgoingBatch {
  /** The same for the same records to the same destination, whenever and by whichever host they are sent. */
  readonly id: string;
  /** Records of one tenant, in the order of arrival; at least one. */
  readonly records: readonly EncodedRecord[];
}
