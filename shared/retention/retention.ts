/** How long a tenant's data is kept; pure. */
import * as z from 'zod';
import { storedDate } from '../stored-date.ts';
import { dayOf } from '../utc-day.ts';

/** The feed delivers content for seven days, and compaction moves months that are this old. */
export const leastIndexMonths = 3;
export const mostIndexMonths = 1200;
export const mostRawDays = 36_600;

const dayMs = 24 * 60 * 60_000;
/** Of the longest months. */
const monthDays = 31;

/** What is kept; absent members: forever. */
export const retentionSchema = z.strictObject({
  indexMonths: z.int().min(leastIndexMonths).max(mostIndexMonths).optional().meta({
    description: 'Whole months before the current one whose records are kept; by default forever.',
  }),
  rawDays: z.int().max(mostRawDays).optional().meta({
    description:
      'Days for which raw blobs are kept, at least 31 for each month of the index and the current one; by default forever.',
  }),
});
export type Retention = Readonly<z.infer<typeof retentionSchema>>;

/** As it may be set. */
export const checkedRetentionSchema = retentionSchema.superRefine((retention, context) => {
  const message = flawOfRetention(retention);
  if (message !== undefined) context.addIssue({ code: 'custom', path: ['rawDays'], message });
});

/** What was decided. */
export const retainedSchema = z.object({
  /** Records before this moment are deleted, or about to be. It never moves back. */
  from: storedDate,
  /** The limit that was decided last: earlier than `from` if the retention became longer since. Absent: `from`. */
  limit: storedDate.optional(),
  /** When the limit was decided: nothing is deleted before everyone can know. */
  decidedAt: storedDate,
  /** Raw blobs of earlier days of landing are deleted, or about to be; absent: none are. It never moves back. */
  rawFrom: z.string().optional(),
});
export type Retained = Readonly<z.output<typeof retainedSchema>>;

/** How far it is carried out. In a column of its own: a turn that is overtaken cannot undo what was decided. */
export const retentionProgressSchema = z.object({
  /** All claims before this moment are deleted; absent: not yet. */
  claimsFrom: storedDate.optional(),
  /** The reading of all claims that is under way. */
  pass: z
    .object({
      /** What is older is deleted when it ends. */
      before: storedDate,
      /** Where it continues. */
      next: z.string(),
    })
    .optional(),
  /** When a turn last found nothing to delete, or nothing that it may delete. */
  settledAt: storedDate.optional(),
});
export type RetentionProgress = Readonly<z.output<typeof retentionProgressSchema>>;

/** Index rows of long records point to raw blobs. @returns what is wrong; undefined: nothing */
export function flawOfRetention({ indexMonths, rawDays }: Retention): string | undefined {
  if (rawDays === undefined) return undefined;
  if (indexMonths === undefined)
    return 'requires a limit for the index as well: the index needs the raw blobs of its records';
  const least = (indexMonths + 1) * monthDays;
  if (rawDays >= least) return undefined;
  return `must be at least ${least}: the index keeps up to ${indexMonths + 1} months, and needs the raw blobs of its records`;
}

/** The first moment that the index keeps; undefined: it keeps everything. */
export function indexKeptFrom({ indexMonths }: Retention, now: Date): Date | undefined {
  if (indexMonths === undefined) return undefined;
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - indexMonths));
}

/** How long a tenant is kept, and what was decided. */
interface Kept {
  /** Absent: as the settings say. */
  readonly retention?: Retention | undefined;
  readonly retained?: Retained | undefined;
}

/** Records before this moment are deleted, or about to be: that was decided, and is still wanted. Undefined: none are. */
export function deletedBefore(
  { retention, retained }: Kept,
  defaults: Retention,
  now: Date,
): Date | undefined {
  const from = indexKeptFrom(retention ?? defaults, now);
  if (from === undefined || retained === undefined) return undefined;
  return retained.from < from ? retained.from : from;
}

/** Every retention keeps what is of this moment or later. */
export function keptByAll(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - leastIndexMonths));
}

/**
 * The first day of landing whose raw blobs are kept, `yyyy-MM-dd`; undefined: all are. A record lands after it happened,
 * so a landing before the index begins holds nothing of the index; a day more, because clocks differ.
 * @param indexFrom from when on the index is kept
 */
export function rawKeptFrom({ rawDays }: Retention, indexFrom: Date, now: Date): string | undefined {
  if (rawDays === undefined) return undefined;
  const kept = Math.min(now.getTime() - rawDays * dayMs, indexFrom.getTime() - dayMs);
  return dayOf(new Date(kept));
}

interface Settled extends Kept {
  readonly retentionProgress?: RetentionProgress | undefined;
  readonly createdDateTime: Date;
}

/** Since when something may be due that was not deleted; undefined: everything is kept. */
export function overdueSince(
  { retention, retained, retentionProgress, createdDateTime }: Settled,
  defaults: Retention,
): Date | undefined {
  if ((retention ?? defaults).indexMonths === undefined) return undefined;
  return retentionProgress?.settledAt ?? retained?.decidedAt ?? createdDateTime;
}
