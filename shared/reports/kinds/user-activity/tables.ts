/** The tables of the report. A cold start reads them, because answers and the description of the API name them. */
import type { Column, TableHead } from '../../document.ts';
import { activities, activityTitles, type Activity } from './activities.ts';

export const summaryTable: TableHead = {
  name: 'summary',
  title: 'Summary',
  columns: [
    { name: 'fact', title: 'Fact', kind: 'text' },
    { name: 'value', title: 'Value', kind: 'text' },
  ],
};

export const addressesTable: TableHead = {
  name: 'addresses',
  title: 'IP addresses',
  columns: [
    { name: 'clientIp', title: 'IP address', kind: 'text' },
    { name: 'records', title: 'Records', kind: 'count' },
    { name: 'downloads', title: 'Downloads', kind: 'count' },
    { name: 'first', title: 'First', kind: 'moment' },
    { name: 'last', title: 'Last', kind: 'moment' },
  ],
};

export const unusualTable: TableHead = {
  name: 'unusual',
  title: 'Days with unusually many files',
  columns: [
    { name: 'severity', title: 'Severity', kind: 'severity' },
    { name: 'day', title: 'Day', kind: 'day' },
    { name: 'what', title: 'What', kind: 'text' },
    { name: 'files', title: 'Different files', kind: 'count' },
    { name: 'usual', title: 'Median of the past', kind: 'count' },
    { name: 'threshold', title: 'Unusual above', kind: 'count' },
    { name: 'finding', title: 'Finding', kind: 'sentence' },
  ],
};

export const usualTable: TableHead = {
  name: 'usual',
  title: 'What is usual for the person',
  columns: [
    { name: 'what', title: 'What', kind: 'text' },
    { name: 'activeDays', title: 'Active days in the past', kind: 'count' },
    { name: 'median', title: 'Median of files a day', kind: 'count' },
    { name: 'deviation', title: 'Median absolute deviation', kind: 'count' },
    { name: 'threshold', title: 'Unusual above', kind: 'count' },
    { name: 'finding', title: 'Finding', kind: 'sentence' },
  ],
};

export const sharesTable: TableHead = {
  name: 'shares',
  title: 'Shares and links',
  columns: [
    { name: 'severity', title: 'Severity', kind: 'severity' },
    { name: 'reach', title: 'Who gets access', kind: 'text' },
    { name: 'recipient', title: 'With', kind: 'person' },
    { name: 'createdDateTime', title: 'Time', kind: 'moment' },
    { name: 'act', title: 'What was done', kind: 'sentence' },
    { name: 'changes', title: 'Changes', kind: 'sentence' },
    { name: 'operation', title: 'Operation', kind: 'text' },
    { name: 'objectId', title: 'Object', kind: 'text' },
    { name: 'clientIp', title: 'IP address', kind: 'text' },
    { name: 'recordId', title: 'Record', kind: 'record' },
  ],
};

/** Sharing is of folders and sites as well, and has a table of its own. */
export const fileActivities: readonly Activity[] = ['open', 'download', 'upload', 'edit', 'deletion'];

export const filesTable: TableHead = {
  name: 'files',
  title: 'Files by activity',
  columns: columnsOf('file', 'File', fileActivities),
};

export const sitesTable: TableHead = {
  name: 'sites',
  title: 'Sites by activity',
  columns: columnsOf('siteUrl', 'Site', activities),
};

export const timelineTable: TableHead = {
  name: 'timeline',
  title: 'Timeline',
  columns: [
    { name: 'severity', title: 'Severity', kind: 'severity' },
    { name: 'createdDateTime', title: 'Time', kind: 'moment' },
    { name: 'act', title: 'What was done', kind: 'sentence' },
    { name: 'changes', title: 'Changes', kind: 'sentence' },
    { name: 'operation', title: 'Operation', kind: 'text' },
    { name: 'clientIp', title: 'IP address', kind: 'text' },
    { name: 'recordId', title: 'Record', kind: 'record' },
  ],
};

/** Of a table that counts what was done to something. */
function columnsOf(name: string, title: string, counted: readonly Activity[]): readonly Column[] {
  return [
    { name, title, kind: 'text' },
    { name: 'records', title: 'Records', kind: 'count' },
    ...counted.map((one): Column => ({ name: one, title: activityTitles[one], kind: 'count' })),
    { name: 'first', title: 'First', kind: 'moment' },
    { name: 'last', title: 'Last', kind: 'moment' },
  ];
}
