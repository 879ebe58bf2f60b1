import { useLocation } from 'preact-iso';
import { Text } from '../parts/text.tsx';
import { countText } from '../reports/numbers.ts';
import { writeState } from '../url/codecs.ts';
import type { CountsBy, groupKeyOf } from './count-keys.ts';
import { valueOf, type Counts, type Group } from './counts.ts';
import type { FilterName } from './filter-fields.ts';
import { nameIn, useVocabulary } from './queries.ts';
import { searchSchema } from './search-state.ts';

type ValuesBy = Exclude<CountsBy, 'time'>;

interface ValueCountsProps {
  readonly counts: Counts;
  readonly by: ValuesBy;
  readonly groupKey: ReturnType<typeof groupKeyOf>;
}

/** The filter that a value narrows the search by: exactly this value. */
const filterOf: Readonly<Record<ValuesBy, FilterName>> = {
  people: 'users',
  activities: 'operations',
  addresses: 'clientIp',
};
const titles: Readonly<Record<ValuesBy, string>> = {
  people: 'Person',
  activities: 'Activity',
  addresses: 'Address',
};
const most = 15;

/** The most frequent values; each leads to its records within this search. */
export function ValueCounts({ counts: { groups, total, others }, by, groupKey }: ValueCountsProps) {
  const ranked = [...groups].sort((a, b) => b.count - a.count);
  const shown = ranked.slice(0, most);
  const rest = others + ranked.slice(most).reduce((sum, { count }) => sum + count, 0);
  return (
    <div class="scroll-x" role="region" aria-label={`Counts by ${titles[by].toLowerCase()}`} tabIndex={0}>
      <table class="plain-table value-counts">
        <thead>
          <tr>
            <th scope="col">{titles[by]}</th>
            <th scope="col">Records</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((group) => (
            <ValueRow key={valueOf(group, groupKey) ?? ''} {...{ group, groupKey, by, total }} />
          ))}
          {rest > 0 && (
            <tr>
              <th scope="row">All others</th>
              <td>{countText(rest)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

interface ValueRowProps extends Pick<ValueCountsProps, 'by' | 'groupKey'> {
  readonly group: Group;
  readonly total: number;
}

function ValueRow({ group, groupKey, by, total }: ValueRowProps) {
  const { path, url } = useLocation();
  const operations = useVocabulary('operations', by === 'activities').data;
  const text = valueOf(group, groupKey) ?? '';
  const { search } = new URL(url, location.origin);
  const share = `${Math.max(1, Math.round((100 * group.count) / Math.max(1, total)))}%`;
  return (
    <tr>
      <th scope="row">
        {text === '' ? (
          'None'
        ) : (
          <a href={`${path}${writeState(searchSchema, search, { [filterOf[by]]: [text] })}`}>
            <Text most={120}>{by === 'activities' ? nameIn(operations, text) : text}</Text>
          </a>
        )}
      </th>
      <td>
        <span class="share" style={{ '--share': share }}>
          {countText(group.count)}
        </span>
      </td>
    </tr>
  );
}
