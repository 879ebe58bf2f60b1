/** The ledger: one row for every content blob ever listed, and its state. */
import * as z from 'zod';
import { contentBlobSchema, type ContentBlob } from '../activity/activity-feed.ts';
import { contentTypeSchema, type ContentType } from '../activity/content-types.ts';
import { storedDate } from '../stored-date.ts';
import type { Lateness } from './lateness.ts';
import type { RevisitedThrough } from './revisits.ts';

/** What was received for one content blob. */
export const receiptSchema = z.object({
  /** Of a body that was rejected: its whole records, which landed; none if `faults` is absent. */
  records: z.number(),
  bytes: z.number(),
  /** SHA-256 of the body as received, hex. */
  sha256: z.string(),
  /** Of a rejected body whose whole records landed: what is not a record, or not as JSON has it. */
  faults: z.number().optional(),
  /** Position of the first of them. */
  faultAt: z.number().optional(),
  /** Of a rejected body: when it was received first. */
  receivedAt: storedDate.optional(),
});
export type Receipt = Readonly<z.output<typeof receiptSchema>>;

/**
 * `landed`: its records are in a raw blob; `gone` or `rejected`: a gap has the reason. What is `gone` is fetched again if
 * a reconciliation finds it listed.
 */
export const settledStates = ['landed', 'gone', 'rejected'] as const;
export type SettledState = (typeof settledStates)[number];

export interface SettledContent {
  readonly content: ContentBlob;
  readonly state: SettledState;
  readonly attempts: number;
  readonly landingId?: string | undefined;
  readonly receipt?: Receipt | undefined;
  /** Microsoft's or Auditkeep's code for why it did not land. */
  readonly code?: string | undefined;
}

/**
 * A content blob that is not settled. `pending`: it could not be fetched yet. `rejected`: its body was not an array of
 * objects and is kept as received; its whole records landed, and it is fetched again daily, as the next response may be
 * sound.
 */
export const openContentSchema = z.object({
  content: contentBlobSchema,
  state: z.enum(['pending', 'rejected']),
  attempts: z.number(),
  nextAttemptAt: storedDate,
  code: z.string(),
  receipt: receiptSchema.optional(),
  /** Since when Microsoft has answered that it does not exist. */
  goneSince: storedDate.optional(),
  /** It was settled as gone and then listed again. Its gap remains until it lands. */
  reopened: z.boolean().optional(),
});
export type OpenContent = Readonly<z.output<typeof openContentSchema>>;

/** A range or a content blob that is permanently lost. */
export const gapSchema = z.object({
  contentType: contentTypeSchema,
  /** What is missing, by contentCreated; [start, end). */
  window: z.object({ start: storedDate, end: storedDate }),
  contentId: z.string().optional(),
  /** Of a landing that was given up: its content is stored, and is not indexed. */
  landingId: z.string().optional(),
  reason: z.enum([
    'feedExpired',
    'feedStopped',
    'contentGone',
    'contentExpired',
    'contentRejected',
    'contentUnusable',
    'landingGivenUp',
  ]),
  code: z.string(),
  recordedAt: storedDate,
  /** Of its last body, if that was rejected. */
  receipt: receiptSchema.optional(),
  /** Where its content blob can be fetched, and until when. */
  contentUri: z.string().optional(),
  contentExpiration: storedDate.optional(),
  /** When and why an operator ended the attempts to fetch it, and who that was. */
  givenUpAt: storedDate.optional(),
  givenUpBy: z.string().optional(),
  givenUpReason: z.string().optional(),
});
export type Gap = Readonly<z.output<typeof gapSchema>>;
export type GapReason = Gap['reason'];

/** The gap of one content blob. */
export function gapOf(
  { contentType, contentId, contentUri, contentExpiration, contentCreated: start }: ContentBlob,
  why: Pick<Gap, 'reason' | 'code' | 'recordedAt' | 'receipt'>,
): Gap {
  const window = { start, end: new Date(start.getTime() + 1) };
  return { contentType, contentId, contentUri, contentExpiration, window, ...why };
}

/** What identifies a content blob in the ledger. */
export type ContentKey = Pick<ContentBlob, 'contentType' | 'contentId' | 'contentCreated'>;

/** Settled content to read, by contentCreated: [from, to). Absent bounds are open. */
export interface SettledRange {
  readonly contentType: ContentType;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** At most this many in a batch, each of which is one request; by default as many as storage returns. */
  readonly batch?: number | undefined;
}

/** How far a content type has been listed. */
export interface Checkpoint {
  readonly contentType: ContentType;
  readonly listedThrough: Date;
  /**
   * When it was listed first. What the feed still had from before is collected, but Microsoft publishes nothing for the
   * time before a subscription, so nothing shows that it is everything. Absent in rows of earlier releases.
   */
  readonly collectedFrom?: Date | undefined;
  /** Absent while it is running. */
  readonly stop?: Stop | undefined;
  /** Content published since then shows how late Microsoft lists it. Absent in rows of earlier releases. */
  readonly measuredFrom?: Date | undefined;
  /** What was listed again later; absent in rows of earlier releases. */
  readonly revisitedThrough?: RevisitedThrough | undefined;
  /** Absent until content was found since `measuredFrom`. */
  readonly lateness?: Lateness | undefined;
  /** Records before this moment may be deleted, because of the retention. Absent: none are. */
  readonly retainedFrom?: Date | undefined;
}

/** For some time, Microsoft published nothing for a content type: the next listing records a gap. */
export interface Stop {
  /** Microsoft's. */
  readonly code: string;
  /** The last moment at which it is known to have been running. */
  readonly from: Date;
}

/** What a poll found out about a content type. Members that are absent, or undefined, are left as they are. */
export interface Progress extends Omit<Checkpoint, 'stop' | 'retainedFrom'> {
  /** `null`: it is running again, and the gap of its stop is recorded. */
  readonly stop?: Stop | null | undefined;
}

/**
 * Everything that proves completeness. Writes are durable when they resolve, and repeating one changes nothing.
 */
export interface Ledger {
  /** The states of those that are settled, by contentId. */
  known(tenantId: string, contents: readonly ContentKey[]): Promise<ReadonlyMap<string, SettledState>>;
  /**
   * What landed stays landed, however late another host says that it was lost: nothing of that is written. The gap of what
   * was lost, and has landed, is closed first.
   * @returns those that have landed although they were to be settled as lost
   */
  settle(tenantId: string, contents: readonly SettledContent[]): Promise<readonly ContentBlob[]>;
  /** What is settled of one content type and was published in [from, to), oldest first, in batches; one may be empty. */
  settled(tenantId: string, range: SettledRange): AsyncIterable<readonly SettledContent[]>;

  /** All content blobs not settled yet: the work queue. */
  open(tenantId: string): Promise<readonly OpenContent[]>;
  defer(tenantId: string, contents: readonly OpenContent[]): Promise<void>;
  /** Removes these from the open content; unknown ones are ignored. */
  close(tenantId: string, contents: readonly ContentBlob[]): Promise<void>;

  gaps(tenantId: string): Promise<readonly Gap[]>;
  recordGaps(tenantId: string, gaps: readonly Gap[]): Promise<void>;
  /** Removes the gaps of these content blobs, which landed after all; those without a gap are ignored. */
  closeGaps(tenantId: string, contents: readonly ContentBlob[]): Promise<void>;

  checkpoints(tenantId: string): Promise<readonly Checkpoint[]>;
  advance(tenantId: string, progress: Progress): Promise<void>;
  /** Changes nothing but this. No effect on a content type that was never listed. */
  markStopped(tenantId: string, contentType: ContentType, stop: Stop): Promise<void>;
  /** Marks all content types that were listed; it outlives the tenant's registration. Changes nothing but this. */
  markRetained(tenantId: string, from: Date): Promise<void>;
}
