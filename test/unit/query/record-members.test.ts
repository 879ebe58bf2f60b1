/** Members as callers see them: pinned, for flows and scripts rely on their names and order. */
import { expect, it } from 'vitest';
import { recordRows } from '../../../shared/index/rows.ts';
import { filterMembers } from '../../../shared/query/filter-language/filter-members.ts';
import { recordOfRow } from '../../../shared/query/found-record.ts';
import { groupKeys } from '../../../shared/query/group-key.ts';
import { publicRecord } from '../../../shared/query/public-record.ts';
import { recordMembers } from '../../../shared/records/member-kinds.ts';
import { deliveredExamples } from '../index/delivered-examples.ts';
import { tenantId } from '../index/placed-records.ts';
import answers from './answered-records.json' with { type: 'json' };

it('lists show these members', () => {
  expect(recordMembers.join(' ')).toBe(
    'id createdDateTime createdDateTimeSource auditLogRecordType recordType operation userId userType userKey ' +
      'service objectId clientIp resultStatus siteUrl siteId mailboxOwner teamId administrativeUnits ' +
      'organizationId contentType source ingestedDateTime',
  );
});

it('records are counted by these keys', () => {
  expect(groupKeys.join(' ')).toBe(
    'recordType operation user userType service objectId clientIp resultStatus siteUrl mailbox team contentType ' +
      'source day hour',
  );
});

it('filters compare these members', () => {
  expect(filterMembers.join(' ')).toBe(
    'id createdDateTime createdDateTimeSource auditLogRecordType recordType operation userId userType userKey ' +
      'service objectId clientIp resultStatus siteUrl mailboxOwner teamId organizationId contentType ' +
      'source ingestedDateTime',
  );
});

it('records keep their format in answers, whatever members they have', () => {
  const texts = deliveredExamples.map((placed) => {
    const [time] = recordRows(placed, { tenantId, blobName: 'blob' });
    return time && JSON.stringify(publicRecord(recordOfRow(time.row, tenantId)));
  });
  expect(texts).toEqual(answers.map((answer) => JSON.stringify(answer)));
});
