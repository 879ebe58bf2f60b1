import { Moment } from '../parts/moment.tsx';
import { Text } from '../parts/text.tsx';
import { memberNames, memberTitles } from './member-titles.ts';
import { PivotLink } from './pivot-link.tsx';
import { pivotOfMember, type Around } from './pivots.ts';
import type { WholeRecord } from './queries.ts';

interface RecordMembersProps {
  readonly record: WholeRecord;
  readonly tenantId: string;
  readonly around: Around;
}

/** All members, each with the search for its value. */
export function RecordMembers({ record, tenantId, around }: RecordMembersProps) {
  return (
    <dl class="members">
      {memberNames
        .filter((name) => record[name] !== undefined)
        .map((name) => (
          <div key={name}>
            <dt>{memberTitles[name]}</dt>
            {[record[name] ?? []].flat().map((value) => (
              <dd key={String(value)}>
                {name.endsWith('DateTime') ? <Moment at={String(value)} /> : <Text>{String(value)}</Text>}
                <PivotLink
                  href={pivotOfMember(around, tenantId, name, String(value))}
                  value={String(value)}
                />
              </dd>
            ))}
          </div>
        ))}
    </dl>
  );
}
