/** Imports and uploads in answers. */
import * as z from 'zod';
import { refusalReasons } from '../../imports/import.ts';
import { errorMembers, historyMembers, identityMembers } from './operation-members.ts';

export const uploadedPartSchema = z
  .strictObject({
    uploadId: z.guid(),
    part: z.int().meta({ description: 'Number of the part, from 1.' }),
    bytes: z.int(),
    sha256: z.string().meta({ description: 'SHA-256 of the part.' }),
  })
  .meta({ id: 'UploadedPart' });

const refusalReason = z.enum(refusalReasons).meta({ id: 'RefusalReason' });
/** How many rows were refused, by reason. */
export const refusedRowsSchema = z
  .array(z.strictObject({ reason: refusalReason, count: z.int() }).meta({ id: 'RefusedRows' }))
  .meta({ description: 'How many rows were refused for each reason.' });

const count = (description: string) => z.int().meta({ description });

const members = {
  ...identityMembers('Import ID'),
  uploadId: z.guid(),
  fileName: z.string().optional(),
  bytes: count('Size of the upload.'),
  readCount: count('Rows of the file that were read: imported, duplicate, or refused.'),
  landedCount: count('Records that are stored; whether they are new shows when they are indexed.'),
  importedCount: count('Records that are new. Absent until all are indexed.').optional(),
  duplicateCount: count('Records that were there already. Absent until all are indexed.').optional(),
  pastRetentionCount: count(
    'Records that are stored but not in the index, because the retention moved past them; absent: none.',
  ).optional(),
  refusedCount: count('Rows that were refused.'),
  refused: refusedRowsSchema,
  ...historyMembers,
  ...errorMembers,
};

export const importSchema = z.strictObject(members).meta({ id: 'Import' });

export const importResultSchema = z
  .strictObject({
    ...members,
    refusals: z
      .array(z.strictObject({ place: z.string(), reason: refusalReason }).meta({ id: 'Refusal' }))
      .meta({ description: 'The first 100 rows that were refused.' }),
  })
  .meta({ id: 'ImportResult' });

export const importListSchema = z.strictObject({ value: z.array(importSchema) }).meta({ id: 'ImportList' });
