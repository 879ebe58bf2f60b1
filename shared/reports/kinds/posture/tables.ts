/** The tables of the report. A cold start reads them, because answers and the description of the API name them. */
import type { TableHead } from '../../document.ts';

export const findingsTable: TableHead = {
  name: 'findings',
  title: 'What is wrong, the worst first',
  columns: [
    { name: 'severity', title: 'Severity', kind: 'severity' },
    { name: 'about', title: 'About', kind: 'text' },
    { name: 'finding', title: 'Finding', kind: 'sentence' },
    { name: 'next', title: 'What to do next', kind: 'sentence' },
  ],
};

export const freshnessTable: TableHead = {
  name: 'freshness',
  title: 'Content types',
  columns: [
    { name: 'contentType', title: 'Content type', kind: 'text' },
    { name: 'collectedFrom', title: 'Collected from', kind: 'moment' },
    { name: 'listedThrough', title: 'Listed through', kind: 'moment' },
    { name: 'completeThrough', title: 'Complete through', kind: 'moment' },
  ],
};

export const mailboxesTable: TableHead = {
  name: 'mailboxes',
  title: 'Mailboxes that are not audited as wanted',
  columns: [{ name: 'mailbox', title: 'Mailbox', kind: 'person' }],
};

export const driftTable: TableHead = {
  name: 'drift',
  title: 'What got worse since the check before',
  columns: [{ name: 'change', title: 'Change', kind: 'sentence' }],
};
