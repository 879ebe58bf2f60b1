/** A record as the index knows it, and where it comes from. */
import type { ContentType } from '../activity/content-types.ts';
import type { RecordSummary } from './delivered-members.ts';

/**
 * How records come here: delivered by Microsoft's feed, imported from what a customer had exported before, or found by
 * a backfill in Microsoft's search of the audit log. Rows hold the position, so new ones go last.
 */
export const recordSources = ['feed', 'import', 'backfill'] as const;
export type RecordSource = (typeof recordSources)[number];

/** Where createdDateTime comes from; anything but `record` means that the record has no readable time of its own. */
export type CreatedSource = 'record' | 'contentCreated' | 'ingested';

/** A record as the index knows it. */
export interface IndexedRecord {
  readonly id: string;
  readonly createdDateTime: Date;
  readonly createdSource: CreatedSource;
  readonly summary: RecordSummary;
  readonly contentType: ContentType;
  readonly source: RecordSource;
  readonly ingestedDateTime: Date;
}
