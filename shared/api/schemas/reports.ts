/** Reports in answers. */
import * as z from 'zod';
import type { reportSchema } from '../../reports/document.ts';
import { errorMembers, historyMembers, identityMembers } from './operation-members.ts';
import { completeThrough, missing, moment } from './times.ts';

/** As requested. */
export const reportRequestMembers = {
  kind: z.string().meta({ description: 'The kind of report.' }),
  title: z.string().optional().meta({ description: 'Its name for people.' }),
  from: moment('The beginning of the range.'),
  to: moment('The end of the range, which is not part of it.'),
  options: z.record(z.string(), z.unknown()).meta({ description: 'The options of the kind.' }),
};

const members = {
  ...identityMembers('Report ID'),
  ...reportRequestMembers,
  recordCount: z.int().meta({ description: 'Records that were read for it so far.' }),
  bytes: z.int().optional().meta({ description: 'Size of the document; absent until it is computed.' }),
  ...historyMembers,
  expiresDateTime: moment('When the report is deleted.').optional(),
  ingestedThrough: moment(
    'Records ingested later are not in the report, unless they are from before completeThrough.',
  ),
  completeThrough,
  ...missing,
  ...errorMembers,
};

export const reportViewSchema = z.strictObject(members).meta({ id: 'Report' });

export const reportResultSchema = z
  .strictObject({
    ...members,
    contentUrl: z.string().optional().meta({ description: 'Address of its content.' }),
  })
  .meta({ id: 'ReportResult' });

export const reportListSchema = z
  .strictObject({ value: z.array(reportViewSchema) })
  .meta({ id: 'ReportList' });

/** The content of a report in the format `json`. */
export type ReportContent = Readonly<z.infer<typeof reportSchema>>;
