/** What a request can name of the kind `userActivity`: a cold start reads it, without what computes such a report. */
import type { DeclaredKind } from '../../report-kind.ts';
import { optionsSchema } from './options.ts';
import {
  addressesTable,
  filesTable,
  sharesTable,
  sitesTable,
  summaryTable,
  timelineTable,
  unusualTable,
  usualTable,
} from './tables.ts';

export const declaredUserActivity = {
  name: 'userActivity',
  title: 'Activity of one person',
  description:
    'What one person did in SharePoint and OneDrive: files, sites, shares, and days with unusually many downloads, deletions, or shares.',
  options: optionsSchema,
  tables: [
    summaryTable,
    addressesTable,
    unusualTable,
    usualTable,
    sharesTable,
    filesTable,
    sitesTable,
    timelineTable,
  ],
} satisfies DeclaredKind;
