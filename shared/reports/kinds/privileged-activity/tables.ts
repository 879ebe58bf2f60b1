/** The tables of the report. A cold start reads them, because answers and the description of the API name them. */
import type { TableHead } from '../../document.ts';

export const actsTable: TableHead = {
  name: 'acts',
  title: 'Dangerous and rare acts',
  columns: [
    { name: 'severity', title: 'Severity', kind: 'severity' },
    { name: 'reason', title: 'Listed because it is', kind: 'text' },
    { name: 'createdDateTime', title: 'Time', kind: 'moment' },
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'act', title: 'What was done', kind: 'sentence' },
    { name: 'changes', title: 'Changes', kind: 'sentence' },
    { name: 'operation', title: 'Operation', kind: 'text' },
    { name: 'clientIp', title: 'IP address', kind: 'text' },
    { name: 'heldRole', title: 'Held the role then', kind: 'text' },
    { name: 'recordId', title: 'Record', kind: 'record' },
  ],
};

export const holdersTable: TableHead = {
  name: 'holders',
  title: 'Who held the role',
  columns: [
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'displayName', title: 'Name', kind: 'text' },
    { name: 'role', title: 'Role', kind: 'text' },
    { name: 'from', title: 'From', kind: 'moment' },
    { name: 'to', title: 'To', kind: 'moment' },
    { name: 'evidence', title: 'How it is known', kind: 'sentence' },
    { name: 'gainedByRecord', title: 'Record of the gain', kind: 'record' },
    { name: 'lostByRecord', title: 'Record of the loss', kind: 'record' },
    { name: 'throughGroup', title: 'Through groups', kind: 'text' },
    { name: 'records', title: 'Records of the person', kind: 'count' },
    { name: 'recordsThen', title: 'Records in that time', kind: 'count' },
  ],
};

export const countsTable: TableHead = {
  name: 'counts',
  title: 'What was done, by person',
  columns: [
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'operation', title: 'Operation', kind: 'text' },
    { name: 'act', title: 'Kind of act', kind: 'text' },
    { name: 'records', title: 'Records', kind: 'count' },
    { name: 'dangerous', title: 'Dangerous', kind: 'count' },
    { name: 'first', title: 'First', kind: 'moment' },
    { name: 'last', title: 'Last', kind: 'moment' },
  ],
};
