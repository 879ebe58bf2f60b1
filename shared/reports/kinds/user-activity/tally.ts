/** What is counted of the records of the person, without their texts. */
import * as z from 'zod';
import type { FoundRecord } from '../../../query/found-record.ts';
import { normalize } from '../../../records/normalize.ts';
import { dayOf } from '../../../utc-day.ts';
import { pastOf } from '../../past.ts';
import type { ReportInputs } from '../../report-inputs.ts';
import { activityIn, isEveryday, isOfFile } from './activities.ts';
import { countedSchema, createCounter, nothingCounted, type Done } from './counter.ts';
import { createDailyFiles, dailyFilesSchema, noDailyFiles } from './daily-files.ts';

/** Of those that are listed record by record; more of them are read without a filter. */
export const maxOperations = 100;

export const tallySchema = z.strictObject({
  /** By day and hour in UTC: `2026-03-10`, `07`. */
  days: countedSchema,
  hours: countedSchema,
  files: countedSchema,
  /** Records of operations on files that name no file. */
  unnamedFiles: z.int(),
  sites: countedSchema,
  addresses: countedSchema,
  /** By which names the records know the person. */
  names: countedSchema,
  /** Operations of the range that are not everyday; one more than {@link maxOperations} means that there are more. */
  operations: z.array(z.string()).readonly(),
  /** Of the range, and of the past that it is compared with. */
  dailyFiles: dailyFilesSchema,
});
export type Tallied = z.infer<typeof tallySchema>;

export const emptyTally: Tallied = {
  days: nothingCounted,
  hours: nothingCounted,
  files: nothingCounted,
  unnamedFiles: 0,
  sites: nothingCounted,
  addresses: nothingCounted,
  names: nothingCounted,
  operations: [],
  dailyFiles: noDailyFiles,
};

/** Of sites, addresses, and names; a person has fewer. */
const maxKeys = 5000;
/** Files of a day that are distinguished. */
const maxFilesOfDay = 50_000;

export interface Tally {
  /** @param record of the range or of the past, no newer than the one before */
  add(record: FoundRecord): void;
  /** Those of {@link Tallied}. */
  operations(): readonly string[];
  tallied(): Tallied;
}

/** Continues a tally. */
export function createTally(
  { range, limits }: Pick<ReportInputs<unknown, never>, 'range' | 'limits'>,
  begun: Tallied,
): Tally {
  const past = pastOf(range);
  const counters = countersOf(limits.keys, begun);
  const dailyFiles = createDailyFiles(Math.min(limits.keys, maxFilesOfDay), begun.dailyFiles);
  const operations = new Set(begun.operations);
  let { unnamedFiles } = begun;

  const addToRange = ({ createdDateTime, summary }: FoundRecord, done: Done) => {
    const { operation = '', objectId, siteUrl, clientIp, userId } = summary;
    counters.days.add(dayOf(createdDateTime), done);
    counters.hours.add(createdDateTime.toISOString().slice(11, 13), done);
    if (isOfFile(operation) && objectId !== undefined) counters.files.add(objectId, done);
    if (isOfFile(operation) && objectId === undefined) unnamedFiles += 1;
    if (siteUrl !== undefined) counters.sites.add(siteUrl, done);
    if (clientIp !== undefined) counters.addresses.add(clientIp, done);
    if (userId !== undefined) counters.names.add(userId, done);
    if (!isEveryday(operation) && operations.size <= maxOperations) operations.add(operation);
  };
  return {
    add(record) {
      const { id, createdDateTime: at, summary } = record;
      const isOfRange = at >= range.from;
      // The rest of the day before a range that begins within it.
      if (!isOfRange && at >= past.to) return;
      const activity = activityIn(summary.operation ?? '');
      dailyFiles.add({ id, at, activity, objectId: summary.objectId });
      if (isOfRange) addToRange(record, { at: at.getTime(), activity });
    },
    operations: () => [...operations],
    tallied: () => ({
      days: counters.days.counted(),
      hours: counters.hours.counted(),
      files: counters.files.counted(),
      unnamedFiles,
      sites: counters.sites.counted(),
      addresses: counters.addresses.counted(),
      names: counters.names.counted(),
      operations: [...operations],
      dailyFiles: dailyFiles.found(),
    }),
  };
}

function countersOf(most: number, begun: Tallied) {
  const moments = { keyOf: (name: string) => name, keys: Infinity, characters: Infinity };
  const files = { keyOf: normalize.url, keys: most, characters: 2 * 1024 * 1024 };
  const few = { keys: Math.min(most, maxKeys), characters: 256 * 1024 };
  return {
    days: createCounter(moments, begun.days),
    hours: createCounter(moments, begun.hours),
    files: createCounter(files, begun.files),
    sites: createCounter({ ...few, keyOf: normalize.url }, begun.sites),
    addresses: createCounter({ ...few, keyOf: normalize.text }, begun.addresses),
    names: createCounter({ ...few, keyOf: normalize.text }, begun.names),
  };
}
