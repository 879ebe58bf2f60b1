/** What was dangerous, and what was rare. */
import { boundedRows } from '../../bounded-rows.ts';
import type { Cell, Section } from '../../document.ts';
import { shownSeverities } from '../../shown-acts.ts';
import { personOf, type Collected } from './collected.ts';
import { rareIn, rareUpTo, type Acted } from './tally.ts';
import { actsTable } from './tables.ts';

export function actsSection(collected: Collected): Section {
  const { tallied, limits } = collected;
  const { dangerous } = tallied;
  const rare = rareIn(tallied);
  const isRare = new Set(rare.map(({ recordId }) => recordId));
  const rest = rare.filter(({ severity }) => severity !== 'high').toSorted((a, b) => rank(a) - rank(b));
  const rows = [...dangerous.kept, ...rest].map((acted) =>
    rowOf(collected, acted, isRare.has(acted.recordId)),
  );
  const listed = boundedRows(rows, limits.rows).length;
  return {
    name: 'acts',
    title: 'Dangerous and rare acts',
    paragraphs: paragraphsOf(collected, { rare: rest.length, listed }),
    tables: [{ ...actsTable, rows, omitted: dangerous.count - dangerous.kept.length }],
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

interface Listed {
  /** Rare ones that are not dangerous, listed or not. */
  readonly rare: number;
  /** Rows of the table. */
  readonly listed: number;
}

function paragraphsOf({ tallied }: Collected, { rare, listed }: Listed): readonly string[] {
  const { records, uncertain, dangerous, operations } = tallied;
  const listedDangerous = Math.min(listed, dangerous.kept.length);
  const all = `${records} ${records === 1 ? 'record' : 'records'} of what was done while holding the role. Of ${dangerous.count} dangerous ones, ${listedDangerous} are listed here; of ${rare} other rare ones, ${listed - listedDangerous}.`;
  const rarity = `An operation is rare if one person did it at most ${rareUpTo} times in this range, and no other holder of the role did.`;
  const doubtful =
    uncertain === 0 ? [] : [`For ${uncertain} of the records it is not certain that the role was held then.`];
  const unknown =
    operations.uncounted === 0
      ? []
      : [
          `Of ${operations.uncounted} records it is not known whether their operation is rare: there are too many operations.`,
        ];
  return [all, rarity, ...doubtful, ...unknown];
}
