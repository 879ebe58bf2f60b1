/** The kind of report `userActivity`. */
import { withPast } from '../../past.ts';
import { reportKind, type ReportKind } from '../../report-kind.ts';
import { openUserActivity, stateSchema } from './collector.ts';
import { filesTable } from './files-section.ts';
import { optionsSchema } from './options.ts';
import { sharesTable } from './shares-section.ts';
import { sitesTable } from './sites-section.ts';
import { addressesTable, summaryTable } from './summary-section.ts';
import { timelineTable } from './timeline-section.ts';
import { unusualTable, usualTable } from './volume-section.ts';

export const userActivity: ReportKind = reportKind({
  name: 'userActivity',
  title: 'Activity of one person',
  description:
    'What one person did in SharePoint and OneDrive: files, sites, shares, and days with unusually many downloads, deletions, or shares.',
  options: optionsSchema,
  needs: [],
  reads: ({ range }) => withPast(range),
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
  state: stateSchema,
  open: openUserActivity,
});
