/** A new record as rules see it. */
import type { RecordText } from '../../query/matching/free-text.ts';
import type { IndexedRecord } from '../../records/indexed-record.ts';

export interface WatchedRecord {
  readonly tenantId: string;
  readonly record: IndexedRecord;
  /** Parsed when a rule first reads it, and once. */
  readonly text: RecordText;
  /** Domains of the tenant, in lower case; empty if they are not known. */
  readonly acceptedDomains: readonly string[];
}
