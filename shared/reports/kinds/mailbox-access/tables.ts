/** The tables of the report. A cold start reads them, because answers and the description of the API name them. */
import type { TableHead } from '../../document.ts';
import { actKindNames, actKinds } from './act-kinds.ts';

export const accessTable: TableHead = {
  name: 'access',
  title: 'Who used whose mailbox',
  columns: [
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'mailbox', title: 'Mailbox', kind: 'person' },
    { name: 'as', title: 'As', kind: 'text' },
    { name: 'isExternal', title: 'From outside of the organization', kind: 'text' },
    { name: 'records', title: 'Records', kind: 'count' },
    ...actKindNames.map((name) => ({ name, title: actKinds[name].title, kind: 'count' as const })),
    { name: 'first', title: 'First', kind: 'moment' },
    { name: 'last', title: 'Last', kind: 'moment' },
    { name: 'addresses', title: 'IP addresses', kind: 'count' },
    { name: 'newestAddress', title: 'Newest IP address', kind: 'text' },
  ],
};

export const waysTable: TableHead = {
  name: 'ways',
  title: 'From where, and with what',
  columns: [
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'mailbox', title: 'Mailbox', kind: 'person' },
    { name: 'clientIp', title: 'IP address', kind: 'text' },
    { name: 'client', title: 'Client application', kind: 'text' },
    { name: 'records', title: 'Records', kind: 'count' },
    { name: 'first', title: 'First', kind: 'moment' },
    { name: 'last', title: 'Last', kind: 'moment' },
  ],
};

export const permissionsTable: TableHead = {
  name: 'permissions',
  title: 'Permissions that explain it',
  columns: [
    { name: 'createdDateTime', title: 'Time', kind: 'moment' },
    { name: 'mailbox', title: 'Mailbox', kind: 'person' },
    { name: 'grantee', title: 'Granted to', kind: 'person' },
    { name: 'grantedBy', title: 'Granted by', kind: 'person' },
    { name: 'act', title: 'What was done', kind: 'sentence' },
    { name: 'recordId', title: 'Record', kind: 'record' },
  ],
};

export const recordsTable: TableHead = {
  name: 'records',
  title: 'Notable records',
  columns: [
    { name: 'severity', title: 'Severity', kind: 'severity' },
    { name: 'createdDateTime', title: 'Time', kind: 'moment' },
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'mailbox', title: 'Mailbox', kind: 'person' },
    { name: 'act', title: 'What was done', kind: 'sentence' },
    { name: 'clientIp', title: 'IP address', kind: 'text' },
    { name: 'recordId', title: 'Record', kind: 'record' },
  ],
};

export const unknownTable: TableHead = {
  name: 'unknown',
  title: 'Mailboxes and people whose records are not complete',
  columns: [
    { name: 'name', title: 'Mailbox or person', kind: 'person' },
    { name: 'reason', title: 'Why', kind: 'sentence' },
    { name: 'first', title: 'First', kind: 'moment' },
    { name: 'last', title: 'Last', kind: 'moment' },
  ],
};
