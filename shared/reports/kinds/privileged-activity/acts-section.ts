/** What was dangerous, and what was rare. */
import type { Cell, Section, TableHead } from '../../document.ts';
import { shownSeverities } from '../../shown-acts.ts';
import { personOf, type Collected } from './collected.ts';
import { rareIn, rareUpTo, type Acted } from './tally.ts';

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

export function actsSection(collected: Collected): Section {
  const { tallied } = collected;
  const rare = rareIn(tallied);
  const isRare = new Set(rare.map(({ recordId }) => recordId));
  const rest = rare.filter(({ severity }) => severity !== 'high').toSorted((a, b) => rank(a) - rank(b));
  const shown = [...tallied.keptHigh, ...rest];
  return {
    name: 'acts',
    title: 'Dangerous and rare acts',
    paragraphs: paragraphsOf(collected, rest.length),
    tables: [
      {
        ...actsTable,
        rows: shown.map((acted) => rowOf(collected, acted, isRare.has(acted.recordId))),
        omitted: tallied.high - tallied.keptHigh.length,
      },
    ],
    charts: [],
  };
}

function rank({ severity }: Acted): number {
  return severity === 'notable' ? 0 : 1;
}

function rowOf({ principals }: Collected, acted: Acted, isRare: boolean): readonly Cell[] {
  const isHigh = acted.severity === 'high';
  return [
    shownSeverities[acted.severity],
    [...(isHigh ? ['dangerous'] : []), ...(isRare ? ['rare'] : [])].join(', '),
    new Date(acted.at).toISOString(),
    personOf(principals, acted.key),
    acted.sentence,
    acted.changes === '' ? null : acted.changes,
    acted.operation,
    acted.address,
    acted.isCertain ? 'yes' : 'possibly',
    acted.recordId,
  ];
}

function paragraphsOf({ tallied }: Collected, rare: number): readonly string[] {
  const { records, high, uncertain, unranked } = tallied;
  const all = `${records} ${records === 1 ? 'record' : 'records'} of what was done while holding the role: ${high} dangerous and ${rare} other rare ones are listed here.`;
  const rarity = `An operation is rare if one person did it at most ${rareUpTo} times in this range, and no other holder of the role did.`;
  const doubtful =
    uncertain === 0 ? [] : [`For ${uncertain} of the records it is not certain that the role was held then.`];
  const unknown =
    unranked === 0
      ? []
      : [
          `Of ${unranked} records it is not known whether their operation is rare: there are too many operations.`,
        ];
  return [all, rarity, ...doubtful, ...unknown];
}
