/** Records that are worth reading one by one. */
import type { Cell, Section } from '../../document.ts';
import type { Collected } from './collected.ts';
import type { Notable } from './tally.ts';
import { recordsTable } from './tables.ts';

export function recordsSection({ tallied: { notable } }: Collected): Section {
  return {
    name: 'records',
    title: 'Notable records',
    paragraphs: [
      'Auditing that was turned off, messages sent as or on behalf of others, items deleted for good, and changes of rules and permissions; the worst first.',
    ],
    tables: [
      { ...recordsTable, rows: notable.kept.map(rowOf), omitted: notable.count - notable.kept.length },
    ],
    charts: [],
  };
}

function rowOf({
  severity,
  at,
  actorName,
  mailboxName,
  sentence,
  address,
  recordId,
}: Notable): readonly Cell[] {
  return [
    severity,
    new Date(at).toISOString(),
    actorName === '' ? null : actorName,
    mailboxName === '' ? null : mailboxName,
    sentence,
    address === '' ? null : address,
    recordId,
  ];
}
