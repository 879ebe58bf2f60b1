/** Permissions that were granted in the range to those who used the mailbox. */
import type { Section, TableHead } from '../../document.ts';
import type { Collected } from './collected.ts';

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

export function permissionsSection({ granted, grantedUnused }: Collected): Section {
  const unused = `Permissions that were granted in this range, and that no record shows in use: ${grantedUnused}.`;
  return {
    name: 'permissions',
    title: 'Permissions that explain it',
    paragraphs: [
      'Permissions from before this range, and those of groups, roles, and applications, are not among them.',
      ...(grantedUnused === 0 ? [] : [unused]),
    ],
    tables: [
      {
        ...permissionsTable,
        rows: granted.kept.map(({ at, mailbox, grantees, by, sentence, recordId }) => [
          new Date(at).toISOString(),
          ...[mailbox, grantees, by].map((name) => (name === '' ? null : name)),
          sentence,
          recordId,
        ]),
        omitted: granted.count - granted.kept.length,
      },
    ],
    charts: [],
  };
}
