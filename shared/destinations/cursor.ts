/** How far a destination has got with the records of one tenant. */
import * as z from 'zod';
import { leaseSchema } from '../deliveries/lease.ts';
import { storedDate } from '../stored-date.ts';

const positionSchema = z.object({ sequence: z.number(), line: z.number() });

/** Records that were refused one by one, before it is known whether the receiver refuses everything. */
const suspectSchema = z.object({
  /** Its place in the feed of the tenant. */
  at: positionSchema,
  recordId: z.string(),
  cause: z.string(),
});
export type Suspect = Readonly<z.output<typeof suspectSchema>>;

/** Attempts after a crash may count records twice. */
const countsSchema = z.object({
  /** Records that were accepted, those included that the receiver had already. */
  sent: z.number(),
  /** Records that the receiver said it had already. */
  duplicates: z.number(),
  /** Records that became dead letters. */
  rejected: z.number(),
});

export const nothingSent = { sent: 0, duplicates: 0, rejected: 0 } as const;

const stateSchema = z.object({
  /** Everything before it was accepted, or is a dead letter, or is suspect. */
  position: positionSchema,
  /** Where a batch that begins at the position ends. It was about to be sent, and is not known to have been accepted. */
  pendingTo: positionSchema.optional(),
  /** When the first of the records arrived that wait for others; absent: none does, as far as is known. */
  waitingSince: storedDate.optional(),
  /** The most records in the next batch, after a larger one was refused. */
  atMost: z.number().optional(),
  /** In order; all of them precede the position. */
  suspects: z.array(suspectSchema).readonly().optional(),
  /** When the first of the records was refused that were refused in a row until now; kept until one is accepted. */
  refusedSince: storedDate.optional(),
  counts: countsSchema,
  lastSentDateTime: storedDate.optional(),
});

export const cursorSchema = stateSchema.extend({
  tenantId: z.string(),
  destinationId: z.string(),
  lease: leaseSchema.optional(),
});
export type Cursor = Readonly<z.output<typeof cursorSchema>>;

/** A cursor as stored, with the version that changes are made against. */
export interface StoredCursor extends Cursor {
  readonly etag: string;
}

export type CursorState = Readonly<z.output<typeof stateSchema>>;

export interface CursorStore {
  get(tenantId: string, destinationId: string): Promise<StoredCursor | undefined>;
  /** Undefined if there is one, which is not changed. */
  create(cursor: Cursor): Promise<StoredCursor | undefined>;
  /**
   * Sets the named members; an undefined one is removed.
   * @returns the cursor as it is now; undefined, and nothing written, when it was modified since or is gone
   */
  update(
    cursor: StoredCursor,
    changes: Partial<CursorState> & Pick<Cursor, 'lease'>,
  ): Promise<StoredCursor | undefined>;
  /** Of all tenants, in pages of at most a thousand; each costs a request. */
  listOf(destinationId: string): AsyncIterable<readonly StoredCursor[]>;
  /** Succeeds if there is none. */
  remove(tenantId: string, destinationId: string): Promise<void>;
}
