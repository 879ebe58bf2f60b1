/** Exports in answers. */
import * as z from 'zod';
import { exportFormats } from '../../exports/export.ts';
import { operationStatuses } from '../../operations/operation.ts';
import { completeThrough, isPartial, moment } from './times.ts';

const filters = z
  .record(z.string(), z.array(z.string()))
  .meta({ description: 'Values by name, as they were asked for.' });
const newest = moment('When the newest record in the file happened.').optional();
const oldest = moment('When the oldest record in the file happened.').optional();
const ingestedThrough = moment('Records that came later are not in the file.');

const members = {
  id: z.guid().meta({ title: 'Export ID' }),
  tenantId: z.guid().meta({ title: 'Tenant ID' }),
  status: z.enum(operationStatuses),
  format: z.enum(exportFormats),
  bom: z.boolean().optional(),
  filters,
  recordCount: z.int(),
  bytes: z.int(),
  sha256: z.string().optional().meta({ description: 'Of the whole file.' }),
  newestRecordDateTime: newest,
  oldestRecordDateTime: oldest,
  createdBy: z.string(),
  createdDateTime: moment('When it was asked for.'),
  lastActionDateTime: moment('When it was worked on last.'),
  completedDateTime: moment('When it was finished.').optional(),
  expiresDateTime: moment('The file is deleted then.'),
  ingestedThrough,
  completeThrough,
  isPartial,
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
};

export const exportSchema = z.strictObject(members).meta({ id: 'Export' });

export const exportResultSchema = z
  .strictObject({
    ...members,
    contentUrl: z.string().optional().meta({ description: 'Where the file is.' }),
    manifestUrl: z.string().optional().meta({ description: 'Where its manifest is.' }),
  })
  .meta({ id: 'ExportResult' });

export const manifestSchema = z
  .strictObject({
    manifestVersion: z.int(),
    exportId: z.guid(),
    tenantId: z.guid(),
    file: z.strictObject({ name: z.string(), mediaType: z.string(), bytes: z.int(), sha256: z.string() }),
    format: z.enum(exportFormats),
    alterations: z.array(z.string()).meta({ description: 'What is not as it was delivered.' }),
    recordCount: z.int(),
    filters,
    timeRange: z.strictObject({ from: moment('Inclusive.').optional(), to: moment('Exclusive.').optional() }),
    newestRecordDateTime: newest,
    oldestRecordDateTime: oldest,
    ingestedThrough,
    completeness: z.strictObject({ completeThrough, isPartial }),
    createdBy: z.string(),
    createdDateTime: moment('When it was asked for.'),
    completedDateTime: moment('When it was finished.').optional(),
    expiresDateTime: moment('The file is deleted then.'),
  })
  .meta({ id: 'ExportManifest' });
