/** The tables of the report. A cold start reads them, because answers and the description of the API name them. */
import type { TableHead } from '../../document.ts';

export const findingsTable: TableHead = {
  name: 'findings',
  title: 'What looks like an attack, the worst first',
  columns: [
    { name: 'severity', title: 'Severity', kind: 'severity' },
    { name: 'kind', title: 'What', kind: 'text' },
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'clientIp', title: 'IP address', kind: 'text' },
    { name: 'finding', title: 'Finding', kind: 'sentence' },
    { name: 'failures', title: 'Failures', kind: 'count' },
    { name: 'people', title: 'People', kind: 'count' },
    { name: 'signedIn', title: 'Signed in afterwards', kind: 'count' },
    { name: 'first', title: 'First failure', kind: 'moment' },
    { name: 'last', title: 'Last failure', kind: 'moment' },
    { name: 'recordId', title: 'Record', kind: 'record' },
  ],
};

export const failuresTable: TableHead = {
  name: 'failures',
  title: 'Failed sign-ins by person and reason',
  columns: [
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'reason', title: 'Why', kind: 'sentence' },
    { name: 'failures', title: 'Failures', kind: 'count' },
    { name: 'first', title: 'First', kind: 'moment' },
    { name: 'last', title: 'Last', kind: 'moment' },
    { name: 'clientIp', title: 'Newest IP address', kind: 'text' },
    { name: 'recordId', title: 'Newest record', kind: 'record' },
  ],
};

export const networksTable: TableHead = {
  name: 'networks',
  title: 'Networks that people signed in from, new ones first',
  columns: [
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'network', title: 'Network', kind: 'text' },
    { name: 'isNew', title: 'New for the person', kind: 'text' },
    { name: 'signIns', title: 'Sign-ins', kind: 'count' },
    { name: 'first', title: 'First', kind: 'moment' },
    { name: 'last', title: 'Last', kind: 'moment' },
    { name: 'clientIp', title: 'First IP address', kind: 'text' },
    { name: 'recordId', title: 'First record', kind: 'record' },
  ],
};

export const waysTable: TableHead = {
  name: 'ways',
  title: 'Old protocols and confirmed applications',
  columns: [
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'way', title: 'How', kind: 'sentence' },
    { name: 'signIns', title: 'Sign-ins', kind: 'count' },
    { name: 'failures', title: 'Failures', kind: 'count' },
    { name: 'first', title: 'First', kind: 'moment' },
    { name: 'last', title: 'Last', kind: 'moment' },
    { name: 'clientIp', title: 'Newest IP address', kind: 'text' },
    { name: 'recordId', title: 'Newest record', kind: 'record' },
  ],
};
