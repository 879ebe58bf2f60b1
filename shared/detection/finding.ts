/** A finding: what a watch found in the records of one tenant, and what people made of it. */
import * as z from 'zod';
import { RequestError } from '../errors.ts';
import { storedDate } from '../stored-date.ts';
import { severitySchema, type Severity } from './severity.ts';

export const findingStates = ['new', 'seen', 'closed'] as const;
export type FindingState = (typeof findingStates)[number];

/** The most records that a finding names; it counts all of them. */
export const maxFindingRecords = 10;

/** A record that a finding names. */
const foundRecordSchema = z.object({
  id: z.string(),
  createdDateTime: storedDate,
  /** What the record means, safe to show. */
  sentence: z.string(),
});

const groupSchema = z.object({ member: z.string(), value: z.string() });
/** What the records of a finding have in common, e.g. `userId`. */
export type GroupValue = Readonly<z.output<typeof groupSchema>>;

/** The rule as it was when it matched: it may have changed since, or be gone. */
const ruleSchema = z.object({
  id: z.string(),
  title: z.string(),
  nextSteps: z.string(),
  /** Of a rule of others: shown wherever the finding is shown. */
  author: z.string().optional(),
  license: z.string().optional(),
  references: z.array(z.string()).readonly().optional(),
});

/** Whether channels are notified: `tooOld` for records that are imported, or too old to hurry for. */
export const notificationKinds = ['due', 'tooOld'] as const;

/** What follows from the records, and changes when more of them arrive. */
const derivedSchema = z.object({
  rule: ruleSchema,
  severity: severitySchema,
  /** One sentence: that of its record, or how many records there are, and what they have in common. */
  sentence: z.string(),
  group: z.array(groupSchema).readonly(),
  /** Times of the first and the last record. */
  firstDateTime: storedDate,
  lastDateTime: storedDate,
  /** Records that matched. */
  count: z.number(),
  /** False when there were too many to know each: then a record may be counted twice. */
  countIsExact: z.boolean(),
  /** The first ones, by their time. */
  records: z.array(foundRecordSchema).readonly(),
  notification: z.enum(notificationKinds),
  /** From 1; grows whenever one of these members changes. */
  revision: z.number(),
});
/** A finding as its records make it. */
export type DerivedFinding = Readonly<z.output<typeof derivedSchema>>;

/** What people and channels change. */
const changingSchema = z.object({
  state: z.enum(findingStates),
  /** Who changed the state, when, and why; absent before the first change. */
  changedBy: z.string().optional(),
  changedDateTime: storedDate.optional(),
  reason: z.string().optional(),
  /** The revision that channels were notified of last; 0: none. */
  notifiedRevision: z.number(),
  /** The state that channels were notified of last; `new` before that. */
  notifiedState: z.enum(findingStates),
});
export type FindingChanges = Readonly<Partial<z.output<typeof changingSchema>>>;

/** Before anyone and any channel knows of it. */
export const newFinding = { state: 'new', notifiedRevision: 0, notifiedState: 'new' } as const;

export const findingSchema = derivedSchema.extend({
  ...changingSchema.shape,
  tenantId: z.string(),
  /** Contains when it was made. @see newTimedId */
  findingId: z.string(),
  watchId: z.string(),
});
export type Finding = Readonly<z.output<typeof findingSchema>>;

/** A finding as stored, with the version that changes are made against. */
export interface StoredFinding extends Finding {
  readonly etag: string;
}

export interface FindingQuery {
  /** Made at or after; @default the beginning */
  readonly from?: Date | undefined;
  /** Made before; @default now */
  readonly to?: Date | undefined;
  /** The finding that an earlier page ended with. */
  readonly after?: string | undefined;
  /** One of these; @default any */
  readonly states?: readonly FindingState[] | undefined;
  /** One of these; @default any */
  readonly severities?: readonly Severity[] | undefined;
  readonly watchId?: string | undefined;
}

export interface FindingStore {
  get(tenantId: string, findingId: string): Promise<StoredFinding | undefined>;
  /** Undefined if there is one, which is not changed. */
  create(finding: Finding): Promise<StoredFinding | undefined>;
  /**
   * Sets the named members; an undefined one is removed.
   * @returns the finding as it is now; undefined, and nothing written, when it was modified since or is gone
   */
  update(
    finding: StoredFinding,
    changes: Partial<DerivedFinding> & FindingChanges,
  ): Promise<StoredFinding | undefined>;
  /** Of one tenant, or of all, newest first; fewer than the limit if there are no more. */
  list(tenantId: string | undefined, query: FindingQuery, limit: number): Promise<readonly StoredFinding[]>;
  /** Of all tenants, made in [from, to), that are {@link isUnnotified}; newest first. */
  unnotified(from: Date, to: Date, limit: number): Promise<readonly StoredFinding[]>;
  /** Deletes those of a tenant that were made before a moment, and have no later record. @returns how many */
  removeBefore(tenantId: string, before: Date): Promise<number>;
}

/** Whether channels have to be notified: of a new revision, or that its state changed. */
export function isUnnotified(finding: Finding): boolean {
  const { notification, notifiedRevision, revision, notifiedState, state } = finding;
  return notification === 'due' && (notifiedRevision < revision || notifiedState !== state);
}

/** @throws RequestError 404 */
export async function findFinding(
  store: Pick<FindingStore, 'get'>,
  tenantId: string,
  findingId: string,
): Promise<StoredFinding> {
  const id = z.guid().safeParse(findingId).data;
  const found = id === undefined ? undefined : await store.get(tenantId, id.toLowerCase());
  if (found !== undefined) return found;
  const message = 'The tenant has no finding with this ID. GET /findings lists them.';
  throw new RequestError(404, 'FindingNotFound', message);
}
