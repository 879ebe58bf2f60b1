/** What was shared, with whom, and how far. */
import type { Cell, Section } from '../../document.ts';
import { shownMoment, type Collected } from './collected.ts';
import type { Reach } from './reach.ts';
import type { Share } from './told.ts';
import { sharesTable } from './tables.ts';

const reachTitles: Readonly<Record<Reach, string>> = {
  anyone: 'anyone with the link',
  outside: 'outside the organization',
  organization: 'everyone in the organization',
  people: 'people or groups, not known to be outside',
};

export function sharesSection({ told: { shares, given } }: Collected): Section {
  const { anyone, outside, organization, people } = given;
  const all = anyone + outside + organization + people;
  const counts = `${all} records gave access: ${anyone} to anyone with a link, ${outside} outside the organization, ${organization} to everyone in the organization, ${people} to people or groups that are not known to be outside.`;
  const rule =
    'One share writes several records. An address counts as outside if its domain is not that of the person; an organization can have further domains.';
  return {
    name: 'shares',
    title: 'Shares and links',
    paragraphs: [counts, rule],
    tables: [{ ...sharesTable, rows: shares.kept.map(rowOf), omitted: shares.count - shares.kept.length }],
    charts: [],
  };
}

function rowOf(share: Share): readonly Cell[] {
  return [
    share.severity,
    share.isGiven ? reachTitles[share.reach] : 'access was changed, used, or taken away',
    share.recipient,
    shownMoment(share.at),
    share.sentence,
    share.changes === '' ? null : share.changes,
    share.operation,
    share.objectId,
    share.address,
    share.recordId,
  ];
}
