/** Permissions that were granted in the range to those who used the mailbox. */
import type { Section } from '../../document.ts';
import type { Collected } from './collected.ts';
import { permissionsTable } from './tables.ts';

export function permissionsSection({ granted, grantedUnmatched }: Collected): Section {
  const unmatched = `Further permissions of this range that could be matched to no record: ${grantedUnmatched}. That does not mean that they were not used: records may know the person by another name, may not be recorded, or may not be counted above.`;
  return {
    name: 'permissions',
    title: 'Permissions that explain it',
    paragraphs: [
      'Permissions of those who did something in the mailbox at that time or later. Those from before this range, and those of groups, roles, and applications, are not among them.',
      ...(grantedUnmatched === 0 ? [] : [unmatched]),
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
