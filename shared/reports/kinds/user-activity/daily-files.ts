/** How many different files were downloaded, deleted, and shared on each day, in bounded memory. */
import * as z from 'zod';
import { dayOf } from '../../../utc-day.ts';
import { sha256Of } from '../../../sha256.ts';
import { normalize } from '../../../records/normalize.ts';
import type { Activity } from './activities.ts';

/** What is compared with the past. */
export const measures = ['download', 'deletion', 'share'] as const satisfies readonly Activity[];
export type Measure = (typeof measures)[number];

const dayCountSchema = z.strictObject({
  day: z.string(),
  download: z.int(),
  deletion: z.int(),
  share: z.int(),
  /** There were more files than can be distinguished, so that a number is a minimum. */
  isCapped: z.boolean(),
});
/** Of a day on which the person did anything. */
export type DayCount = Readonly<z.infer<typeof dayCountSchema>>;

const files = z.array(z.string()).readonly();

export const dailyFilesSchema = z.strictObject({
  /** Those that were read whole, newest first. */
  days: z.array(dayCountSchema).readonly(),
  /** The day that is being read, and its files. */
  open: z
    .strictObject({ day: z.string(), download: files, deletion: files, share: files, isCapped: z.boolean() })
    .optional(),
});
export type DailyFiles = z.infer<typeof dailyFilesSchema>;

export const noDailyFiles: DailyFiles = { days: [] };

/** A record of the person. */
export interface DoneToFile {
  readonly id: string;
  readonly at: Date;
  readonly activity: Activity | undefined;
  readonly objectId: string | undefined;
}

export interface DailyFilesCounter {
  /** @param done no newer than the one before */
  add(done: DoneToFile): void;
  found(): DailyFiles;
  /** Of all days, newest first. */
  counts(): readonly DayCount[];
}

interface OpenDay {
  readonly day: string;
  readonly files: Readonly<Record<Measure, Set<string>>>;
  isCapped: boolean;
}

/** Continues what was counted. @param most files of a day that are distinguished, for each measure */
export function createDailyFiles(most: number, begun: DailyFiles): DailyFilesCounter {
  const days = [...begun.days];
  let open = begun.open === undefined ? undefined : reopened(begun.open);
  const dayWith = (day: string): OpenDay => {
    if (open?.day === day) return open;
    if (open !== undefined) days.push(countOf(open));
    open = reopened({ day, download: [], deletion: [], share: [], isCapped: false });
    return open;
  };
  return {
    add(done) {
      addTo(dayWith(dayOf(done.at)), done, most);
    },
    found: () => (open === undefined ? { days: [...days] } : { days: [...days], open: stored(open) }),
    counts: () => (open === undefined ? [...days] : [...days, countOf(open)]),
  };
}

function addTo(open: OpenDay, { id, activity, objectId }: DoneToFile, most: number): void {
  const measure = measures.find((one) => one === activity);
  if (measure === undefined) return;
  const set = open.files[measure];
  const file = markOf(objectId ?? `record ${id}`);
  if (set.size < most || set.has(file)) set.add(file);
  else open.isCapped = true;
}

/** 96 bits: two files of one day have the same mark once in a billion years. */
function markOf(file: string): string {
  return sha256Of(normalize.url(file)).slice(0, 24);
}

function reopened({ day, isCapped, ...marks }: NonNullable<DailyFiles['open']>): OpenDay {
  const { download, deletion, share } = marks;
  return {
    day,
    files: { download: new Set(download), deletion: new Set(deletion), share: new Set(share) },
    isCapped,
  };
}

function stored({ day, files: { download, deletion, share }, isCapped }: OpenDay) {
  return { day, download: [...download], deletion: [...deletion], share: [...share], isCapped };
}

function countOf({ day, files: { download, deletion, share }, isCapped }: OpenDay): DayCount {
  return { day, download: download.size, deletion: deletion.size, share: share.size, isCapped };
}
