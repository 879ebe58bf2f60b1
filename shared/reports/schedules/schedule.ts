/** A schedule: which report is computed when, about which tenants, and which channels get it. */
import * as z from 'zod';
import { RequestError } from '../../errors.ts';
import { storedDate } from '../../stored-date.ts';
import { cadenceSchema } from './cadence.ts';

/** What can be attached to a message; `csv`: a file for each table. */
export const attachmentFormats = ['xlsx', 'csv', 'html'] as const;
export type AttachmentFormat = (typeof attachmentFormats)[number];

/** What changes by request. */
const settingsSchema = z.object({
  displayName: z.string(),
  /** Name of a kind of reports. */
  kind: z.string(),
  /** Options of the kind, as its schema returned them. */
  options: z.record(z.string(), z.json()),
  /** The set of tenants; who is in it is decided with each run. */
  tenants: z.string(),
  cadence: cadenceSchema,
  /** IDs of channels; absent: all that have the topic. Of either, those that are for the tenant get its report. */
  channels: z.array(z.string()).readonly().optional(),
  formats: z.array(z.enum(attachmentFormats)).readonly(),
  paused: z.boolean(),
});
export type ScheduleSettings = Readonly<z.output<typeof settingsSchema>>;

const runSchema = z.object({
  /** Of the report on several tenants: always the same for the same slot of a schedule. */
  reportSetId: z.string(),
  /** The range of the reports, half-open. */
  from: storedDate,
  to: storedDate,
  /** Of the cadence that it began with: the range is one of its days. */
  timeZone: z.string(),
  /** How many slots before this one had no run, because no host was running. */
  skipped: z.int(),
  startedDateTime: storedDate,
  /** It takes long: the messages about tenants that had their reports then were given to channels. */
  partlySent: z.boolean().optional(),
});
export type ScheduleRun = Readonly<z.output<typeof runSchema>>;

const endedRunSchema = runSchema.omit({ partlySent: true, timeZone: true }).extend({
  completedDateTime: storedDate,
  /** Tenants whose messages were given to channels. */
  tenants: z.int(),
  /** Of these, those without a report. */
  failed: z.int(),
  /** Why nothing was computed. */
  errorMessage: z.string().optional(),
});

/** What runs change. */
const stateSchema = z.object({
  nextDueDateTime: storedDate,
  /** The one that has not ended. */
  run: runSchema.optional(),
  lastRun: endedRunSchema.optional(),
});

export const scheduleSchema = settingsSchema.extend({
  ...stateSchema.shape,
  scheduleId: z.string(),
  createdBy: z.string(),
  /** Who created or changed it last: reports are computed of tenants whose records this caller may still read. */
  runsAs: z.string(),
  createdDateTime: storedDate,
});
export type Schedule = Readonly<z.output<typeof scheduleSchema>>;

/** A schedule as stored, with the version that changes are made against. */
export interface StoredSchedule extends Schedule {
  readonly etag: string;
}

export type ScheduleChanges = Readonly<
  Partial<Omit<Schedule, 'scheduleId' | 'createdBy' | 'createdDateTime'>>
>;

/** Schedules are those of the partner: few, and none belongs to a tenant. */
export interface ScheduleStore {
  get(scheduleId: string): Promise<StoredSchedule | undefined>;
  /** All, in order of id. */
  list(): Promise<readonly StoredSchedule[]>;
  create(schedule: Schedule): Promise<void>;
  /**
   * Sets the named members; an undefined one is removed.
   * @returns the schedule as it is now; undefined, and nothing written, when it was modified since or is gone
   */
  update(schedule: StoredSchedule, changes: ScheduleChanges): Promise<StoredSchedule | undefined>;
  /** Succeeds if there is none. */
  remove(scheduleId: string): Promise<void>;
}

/** @throws RequestError 404 */
export async function findSchedule(
  store: Pick<ScheduleStore, 'get'>,
  scheduleId: string,
): Promise<StoredSchedule> {
  const id = z.guid().safeParse(scheduleId).data;
  const found = id === undefined ? undefined : await store.get(id.toLowerCase());
  if (found !== undefined) return found;
  const message = 'There is no report schedule with this ID. GET /reportSchedules lists them.';
  throw new RequestError(404, 'ReportScheduleNotFound', message);
}
