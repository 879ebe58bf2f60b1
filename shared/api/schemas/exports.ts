/** Exports in answers. */
import * as z from 'zod';
import { exportFormats } from '../../exports/export.ts';
import { errorMembers, historyMembers, identityMembers } from './operation-members.ts';
import { completeThrough, missing, moment } from './times.ts';

export const exportFormat = z.enum(exportFormats).meta({ id: 'ExportFormat' });

/** As requested. */
export const filters = z
  .record(z.string(), z.array(z.string()))
  .meta({ description: 'The requested filter values by filter name.' });
/** As requested; absent where the columns are those of the format. */
export const select = z
  .array(z.string())
  .optional()
  .meta({ description: 'The members that are the columns, if they were selected.' });
const newest = moment('Time of the newest record in the file.').optional();
const oldest = moment('Time of the oldest record in the file.').optional();
const ingestedThrough = moment(
  'Records ingested later are not in the file, unless they are from before completeThrough.',
);

/** What files have in common. */
export const fileMembers = { newestRecordDateTime: newest, oldestRecordDateTime: oldest };

const members = {
  ...identityMembers('Export ID'),
  format: exportFormat,
  bom: z.boolean().optional(),
  select,
  filters,
  recordCount: z.int(),
  bytes: z.int(),
  sha256: z.string().optional().meta({ description: 'SHA-256 of the whole file.' }),
  ...fileMembers,
  ...historyMembers,
  expiresDateTime: moment('When the file is deleted.'),
  ingestedThrough,
  completeThrough,
  ...missing,
  ...errorMembers,
};

export const exportSchema = z.strictObject(members).meta({ id: 'Export' });

export const exportResultSchema = z
  .strictObject({
    ...members,
    contentUrl: z.string().optional().meta({ description: 'Address of the file.' }),
    manifestUrl: z.string().optional().meta({ description: 'Address of its manifest.' }),
  })
  .meta({ id: 'ExportResult' });

export const manifestSchema = z
  .strictObject({
    manifestVersion: z.int(),
    exportId: z.guid(),
    tenantId: z.guid(),
    file: z.strictObject({ name: z.string(), mediaType: z.string(), bytes: z.int(), sha256: z.string() }),
    format: exportFormat,
    alterations: z
      .array(z.string())
      .meta({ description: 'How the file differs from the records as delivered.' }),
    recordCount: z.int(),
    select,
    filters,
    timeRange: z.strictObject({ from: moment('Inclusive.').optional(), to: moment('Exclusive.').optional() }),
    ...fileMembers,
    ingestedThrough,
    completeness: z.strictObject({ completeThrough, ...missing }),
    createdBy: z.string(),
    createdDateTime: moment('When it was requested.'),
    completedDateTime: moment('When it was finished.').optional(),
    expiresDateTime: moment('When the file is deleted.'),
  })
  .meta({ id: 'ExportManifest' });
