/** What a report remembers of a large tenant fits into its state, with the greatest number of keys that the settings allow. */
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../shared/settings.ts';
import { mailboxAccess } from '../../../shared/reports/kinds/mailbox-access/kind.ts';
import { privilegedActivity } from '../../../shared/reports/kinds/privileged-activity/kind.ts';
import { signIns } from '../../../shared/reports/kinds/sign-ins/kind.ts';
import { userActivity } from '../../../shared/reports/kinds/user-activity/kind.ts';
import type { GivenInputs, Needed } from '../../../shared/reports/report-inputs.ts';
import { maxStateBytes, type ReportKind } from '../../../shared/reports/report-kind.ts';
import type { StoredRecord } from './driven-kind.ts';
import * as mailboxes from './mailbox-access/mailbox-tenant.ts';
import * as logins from './sign-ins/sign-in-tenant.ts';
import * as person from './user-activity/person.ts';
import * as roles from './privileged-activity/told-tenant.ts';

const most = 50_000;
const limits = { rows: 1000, keys: most };

/** The size of the state after the records of the first scan that wants them. */
function stateBytes(
  kind: ReportKind,
  given: GivenInputs<unknown> & Partial<Needed>,
  records: Iterable<StoredRecord>,
  scans = 0,
): number {
  const collector = kind.open(given, undefined);
  for (let scan = 0; scan < scans; scan++) collector?.endScan();
  const withTexts = collector?.next()?.withTexts === true;
  for (const { record, text } of records) collector?.add(record, withTexts ? text : undefined);
  return Buffer.byteLength(collector?.state() ?? '');
}

function* times(count: number, make: (at: number) => StoredRecord): Generator<StoredRecord> {
  for (let at = 0; at < count; at++) yield make(at);
}

describe('the settings', () => {
  const parse = (keys: number) => settingsSchema.safeParse({ AUDITKEEP_REPORT_KEYS: String(keys) });

  it('allow as many keys as are tried here, and no more', () => {
    const issuesOf = (keys: number) =>
      parse(keys).error?.issues.filter(({ path }) => path[0] === 'AUDITKEEP_REPORT_KEYS') ?? [];
    expect(issuesOf(most)).toEqual([]);
    expect(issuesOf(most + 1)).toHaveLength(1);
  });
});

/** Each makes, parses, and adds 51,000 records, which takes longer than a minute while a machine is busy. */
describe('the state of a report with as many keys as are allowed', { timeout: 300_000 }, () => {
  it('fits for userActivity', () => {
    const folder = `${person.site}/Shared Documents/Customers/Contoso/2026/Quarter`;
    const records = times(most + 1000, (at) =>
      person.did('03-05T10:00', 'FileDownloaded', { ObjectId: `${folder} ${at}/Überblick ${at}.docx` }),
    );
    const bytes = stateBytes(userActivity, person.given({ limits }), records);
    expect(bytes).toBeGreaterThan(maxStateBytes / 4);
    expect(bytes).toBeLessThan(maxStateBytes);
  });

  it('fits for mailboxAccess', () => {
    const records = times(most + 1000, (at) =>
      mailboxes.used('05T10:00', 'Create', {
        UserId: `someone.with.a.name.${at}@fabrikam.example`,
        ClientIPAddress: `2001:db8::${at.toString(16)}`,
      }),
    );
    const bytes = stateBytes(mailboxAccess, mailboxes.given({ limits }), records);
    expect(bytes).toBeGreaterThan(maxStateBytes / 4);
    expect(bytes).toBeLessThan(maxStateBytes);
  });

  it('fits for privilegedActivity with its changes of roles', () => {
    const records = times(most + 1000, (at) =>
      roles.roleRecord(
        '05T10:00',
        'admin@fabrikam.example',
        at % 2 === 0 ? 'Add member to role.' : 'Remove member from role.',
        {
          ...{
            id: `00000000-0000-4000-9000-${String(at).padStart(12, '0')}`,
            type: 'user',
            assignment: 'active',
          },
          userPrincipalName: `someone.with.a.name.${at}@fabrikam.example`,
        },
      ),
    );
    const bytes = stateBytes(privilegedActivity, roles.given([], { limits }), records);
    expect(bytes).toBeGreaterThan(maxStateBytes / 8);
    expect(bytes).toBeLessThan(maxStateBytes);
  });

  it('fits for signIns', () => {
    const records = times(most + 1000, (at) =>
      logins.failed('03-05T10:00:00', `someone.with.a.name.${at}`, `2001:db8:${at.toString(16)}::1`),
    );
    const bytes = stateBytes(signIns, logins.given({ limits }), records);
    expect(bytes).toBeGreaterThan(maxStateBytes / 16);
    expect(bytes).toBeLessThan(maxStateBytes);
  });
});
