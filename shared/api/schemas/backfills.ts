/** Backfills in answers. */
import * as z from 'zod';
import { shortfalls } from '../../backfills/backfill.ts';
import { refusedRowsSchema } from './imports.ts';
import { errorMembers, historyMembers, identityMembers } from './operation-members.ts';
import { moment } from './times.ts';

const count = (description: string) => z.int().meta({ description });

const range = {
  fromDateTime: moment('Its beginning.'),
  toDateTime: moment('Its end, which is not in it.'),
};

const unfinished = z
  .strictObject({
    ...range,
    reason: z.enum(shortfalls).meta({
      description:
        'cutShort: more records than Microsoft shows; unsteady: each reading gave other records; fewerThanFound: Microsoft shows fewer records than it says that it found; failed: the queries fail; tooManyQueries: the backfill had used up its queries.',
    }),
  })
  .meta({ id: 'UnfinishedRange' });

export const searchedRange = z.strictObject(range).meta({ id: 'SearchedRange' });

const members = {
  ...identityMembers('Backfill ID'),
  fromDateTime: moment('Records of this moment and later.'),
  toDateTime: moment('Records before this moment.'),
  searchToDateTime: moment("Microsoft's log is searched up to here; the feed delivers the rest."),
  ranges: count('Parts of the range, each searched on its own; grows when one has to be split.'),
  rangesDone: count('Parts that were searched whole, with two readings that agree.'),
  queryCount: count('Queries that were made at Microsoft.'),
  waitingSinceDateTime: moment('Since when there is nothing to do but to wait for Microsoft.').optional(),
  readCount: count('Rows that were read; those of a part that is searched again count again.'),
  landedCount: count('Records that are stored; whether they are new shows when they are indexed.'),
  addedCount: count('Records that are new. Absent until all are indexed.').optional(),
  duplicateCount: count('Records that were there already. Absent until all are indexed.').optional(),
  pastRetentionCount: count(
    'Records that are stored but not in the index, because the retention moved past them; absent: none.',
  ).optional(),
  refusedCount: count('Rows that are not records of the tenant.'),
  refused: refusedRowsSchema,
  unfinished: z
    .array(unfinished)
    .meta({ description: 'Parts that could not be searched whole; what was found in them is kept.' }),
  searched: z.array(searchedRange).meta({
    description: 'What was searched whole so far; it stays true if the backfill fails or is canceled.',
  }),
  ...historyMembers,
  ...errorMembers,
};

export const backfillSchema = z.strictObject(members).meta({ id: 'Backfill' });

export const backfillListSchema = z
  .strictObject({ value: z.array(backfillSchema) })
  .meta({ id: 'BackfillList' });
