import { Moment } from '../parts/moment.tsx';
import { Text } from '../parts/text.tsx';
import { PivotLink } from './pivot-link.tsx';
import { pivotOfMember, type Around } from './pivots.ts';
import type { WholeRecord } from './queries.ts';

interface RecordMembersProps {
  readonly record: WholeRecord;
  readonly tenantId: string;
  readonly around: Around;
}

const titles: Readonly<Record<Exclude<keyof WholeRecord, 'auditData'>, string>> = {
  createdDateTime: 'When it happened',
  createdDateTimeSource: 'Where that time is from',
  userId: 'Person',
  operation: 'Operation',
  service: 'Service',
  objectId: 'Object',
  clientIp: 'Address',
  resultStatus: 'Result',
  mailboxOwner: 'Mailbox',
  siteUrl: 'Site',
  siteId: 'Site ID',
  teamId: 'Team',
  auditLogRecordType: 'Record type',
  recordType: 'Number of the record type',
  userType: 'User type',
  userKey: 'User key',
  administrativeUnits: 'Administrative units',
  organizationId: 'Organization',
  id: 'Record ID',
  contentType: 'Content type',
  source: 'Source',
  ingestedDateTime: 'When Auditkeep received it',
};

/** All members, each with the search for its value. */
export function RecordMembers({ record, tenantId, around }: RecordMembersProps) {
  return (
    <dl class="members">
      {namesIn(record).map((name) => (
        <div key={name}>
          <dt>{titles[name]}</dt>
          {[record[name] ?? []].flat().map((value) => (
            <dd key={String(value)}>
              {name.endsWith('DateTime') ? <Moment at={String(value)} /> : <Text>{String(value)}</Text>}
              <PivotLink href={pivotOfMember(around, tenantId, name, String(value))} value={String(value)} />
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

function namesIn(record: WholeRecord) {
  // The table has a row for each member.
  const names = Object.keys(titles) as (keyof typeof titles)[];
  return names.filter((name) => record[name] !== undefined);
}
