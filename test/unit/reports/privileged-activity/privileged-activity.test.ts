import { describe, expect, it } from 'vitest';
import type { RoleHolder } from '../../../../shared/tenants/role-holders.ts';
import { privilegedActivity } from '../../../../shared/reports/kinds/privileged-activity/kind.ts';
import { exchangeAdministrator, privilegedRoles } from '../../../../shared/tenants/privileged-roles.ts';
import { drive, rowsOf, type Given, type StoredRecord } from './driven-report.ts';
import { at } from './history.ts';
import { given, recordOf, roleRecord, withOtherRoles } from './told-tenant.ts';

const person = (digit: number, name: string, changes: Partial<RoleHolder> = {}): RoleHolder => ({
  id: `a${digit}111111-0000-4000-8000-000000000001`,
  ...{ type: 'user', assignment: 'active', userPrincipalName: `${name}@fabrikam.example`, displayName: name },
  ...changes,
});
const [anna, ben] = [person(1, 'anna'), person(2, 'ben')];
const annas = 'anna@fabrikam.example';
const bens = 'ben@fabrikam.example';

const operationsOf = (...driven: Parameters<typeof drive>) =>
  rowsOf(drive(...driven).sections, 'counts').map(({ person: who, operation, records }) => [
    who,
    operation,
    records,
  ]);

const turnsAuditOff = {
  Operation: 'Set-AdminAuditLogConfig',
  RecordType: 1,
  Workload: 'Exchange',
  ResultStatus: 'True',
  Parameters: [{ Name: 'UnifiedAuditLogIngestionEnabled', Value: 'False' }],
};

describe('the activity of global administrators', () => {
  it('is what holders did, by all their names, and what no one else did', () => {
    const records = [
      recordOf('05T10:00', annas),
      recordOf('05T11:00', 'Not Available', { Operation: 'UserLoggedIn', UserKey: anna.id }),
      recordOf('05T12:00', 'anna@old.example', { Operation: 'FileDeleted' }),
      recordOf('05T12:00', bens),
    ];
    const before = { ...anna, userPrincipalName: 'anna@old.example' };
    expect(
      operationsOf(
        given([
          ['02', before],
          ['20', anna],
        ]),
        records,
      ),
    ).toEqual([
      [annas, 'FileAccessed', 1],
      [annas, 'FileDeleted', 1],
      [annas, 'UserLoggedIn', 1],
    ]);
  });

  it('is what they did while they held the role: from the second of the gain to the second of the loss', () => {
    const gain = roleRecord('05T10:00', annas, 'Add member to role.', ben);
    const loss = roleRecord('05T14:00', bens, 'Remove member from role.', ben);
    const times = ['05T09:59', '05T10:00', '05T13:59', '05T14:00', '05T14:01'];
    const records = [gain, loss, ...times.map((time) => recordOf(time, bens, { Operation: `at ${time}` }))];
    const days = given([
      ['05', anna],
      ['06', anna],
    ]);
    expect(operationsOf(days, records).filter(([who]) => who === bens)).toEqual([
      [bens, 'Remove member from role.', 1],
      [bens, 'at 05T10:00', 1],
      [bens, 'at 05T13:59', 1],
      [bens, 'at 05T14:00', 1],
    ]);
  });

  it('says of each record whether it is certain that the role was held then', () => {
    const records = [recordOf('04T10:00', bens), recordOf('06T10:00', bens, { Operation: 'FileDeleted' })];
    const { sections } = drive(
      given([
        ['03', anna],
        ['05', anna, ben],
        ['07', anna, ben],
      ]),
      records,
    );
    expect(rowsOf(sections, 'acts').map(({ operation, heldRole }) => [operation, heldRole])).toEqual([
      ['FileDeleted', 'yes'],
      ['FileAccessed', 'possibly'],
    ]);
    expect(sections[1]?.paragraphs.join(' ')).toContain('For 1 of the records it is not certain');
  });

  it('lists who held the role when, and how that is known', () => {
    const gain = roleRecord('05T10:00', annas, 'Add member to role completed (PIM activation)', ben);
    const loss = roleRecord('05T14:00', 'x', 'Remove member from role (PIM activation expired)', ben);
    const eligible = { ...ben, assignment: 'eligible' } as const;
    const carl = person(3, 'carl', { assignment: 'eligible' });
    const { sections } = drive(
      given([
        ['04', anna, eligible, carl],
        ['06', eligible],
      ]),
      [gain, loss],
    );
    expect(rowsOf(sections, 'holders')).toEqual([
      expect.objectContaining({
        ...{ person: annas, role: 'Global Administrator', from: null, to: '2026-03-06T00:00:00.000Z' },
        evidence:
          'Held before the snapshot of 2026-03-04 00:00:00 UTC; since when is unknown. ' +
          'Lost at some time between the snapshot of 2026-03-04 00:00:00 UTC and the snapshot of 2026-03-06 00:00:00 UTC.',
        ...{ gainedByRecord: null, lostByRecord: null, records: 1 },
      }),
      expect.objectContaining({
        ...{ person: bens, from: '2026-03-05T10:00:00.000Z', to: '2026-03-05T14:00:01.000Z' },
        evidence: 'Gained: a record of 2026-03-05 10:00:00 UTC. Lost: a record of 2026-03-05 14:00:00 UTC.',
        ...{ gainedByRecord: gain.record.id, lostByRecord: loss.record.id },
      }),
    ]);
    expect(sections[0]?.paragraphs.at(-1)).toBe(
      'Could activate the role, and nothing says that they did: carl@fabrikam.example.',
    );
  });

  it('counts the records of each holder once, and those of each time in which the role was held', () => {
    const records = [
      roleRecord('05T10:00', annas, 'Add member to role.', ben),
      recordOf('05T11:00', bens),
      recordOf('05T12:00', bens),
      roleRecord('05T14:00', annas, 'Remove member from role.', ben),
      roleRecord('07T10:00', annas, 'Add member to role.', ben),
      recordOf('07T11:00', bens),
      roleRecord('07T14:00', annas, 'Remove member from role.', ben),
    ];
    const days = ['05', '06', '07', '08'].map((day) => [day, anna] as const);
    const rows = rowsOf(drive(given(days), records).sections, 'holders');
    expect(rows.map(({ person: who, records: all, recordsThen }) => [who, all, recordsThen])).toEqual([
      [annas, 4, 4],
      [bens, 3, 2],
      [bens, null, 1],
    ]);
  });

  it('lists what is dangerous first, newest first, then what is rare', () => {
    const records = [
      recordOf('05T10:00', annas, turnsAuditOff),
      recordOf('07T10:00', annas, turnsAuditOff),
      recordOf('08T10:00', annas, turnsAuditOff),
      recordOf('06T10:00', annas, { Operation: 'ConnectorPaused' }),
      ...['09', '10', '11'].map((day) => recordOf(`${day}T10:00`, annas, { Operation: 'FilePreviewed' })),
      recordOf('12T10:00', annas, { Operation: 'FileUploaded' }),
      recordOf('12T11:00', bens, { Operation: 'FileUploaded' }),
    ];
    const { sections } = drive(given([['02', anna, ben]]), records);
    const rows = rowsOf(sections, 'acts');
    expect(rows.map(({ severity, reason, recordId }) => [severity, reason, recordId])).toEqual([
      ['critical', 'dangerous', records[2]?.record.id],
      ['critical', 'dangerous', records[1]?.record.id],
      ['critical', 'dangerous', records[0]?.record.id],
      [expect.any(String), 'rare', records[3]?.record.id],
    ]);
    expect(rows[0]?.['act']).toMatch(/anna/i);
    expect(rows[0]?.['changes']).toContain('UnifiedAuditLogIngestionEnabled');
  });

  it('counts what is beyond the limits', () => {
    const records = ['05', '06', '07'].map((day) => recordOf(`${day}T10:00`, annas, turnsAuditOff));
    const small = given([['02', anna]], { limits: { rows: 2, keys: 10 } });
    const acts = drive(small, records).sections[1]?.tables[0];
    expect(acts?.rows.map((row) => row.at(-1))).toEqual([records[2]?.record.id, records[1]?.record.id]);
    expect(acts?.omitted).toBe(1);
  });

  it('says how many of how many it lists', () => {
    const records = [
      ...['05', '06', '07'].map((day) => recordOf(`${day}T10:00`, annas, turnsAuditOff)),
      ...['08', '09'].map((day) => recordOf(`${day}T10:00`, annas, { Operation: `on ${day}` })),
    ];
    const said = (rows: number) => {
      const inputs = given([['02', anna]], { limits: { rows, keys: 10 } });
      return drive(inputs, records).sections[1]?.paragraphs[0];
    };
    const all = '5 records of what was done while holding the role. Of 3 dangerous ones,';
    expect(said(2)).toBe(`${all} 2 are listed here; of 2 other rare ones, 0.`);
    expect(said(4)).toBe(`${all} 3 are listed here; of 2 other rare ones, 1.`);
    expect(said(5)).toBe(`${all} 3 are listed here; of 2 other rare ones, 2.`);
  });

  it('says how many records of changes it had to leave out', () => {
    const changes = ['05', '06', '07'].map((day) =>
      roleRecord(`${day}T10:00`, annas, 'Add member to role.', ben),
    );
    const { sections } = drive(given([['02', anna]], { limits: { rows: 10, keys: 2 } }), changes);
    expect(sections[0]?.paragraphs.join(' ')).toContain('1 records of changes are left out');
  });

  it('has a chart of days, also those without records', () => {
    const records = [
      recordOf('05T10:00', annas, turnsAuditOff),
      recordOf('05T11:00', annas),
      recordOf('31T23:59', annas),
    ];
    const chart = drive(given([['02', anna]]), records).sections[3]?.charts[0];
    expect(chart?.x.values).toHaveLength(31);
    const values = (name: string) => chart?.series.find((one) => one.name === name)?.values;
    expect([values('dangerous')?.[4], values('other')?.[4], values('other')?.[30]]).toEqual([1, 1, 1]);
  });

  it('of more than a year has one of months', () => {
    const range = { from: new Date('2025-01-01T00:00:00Z'), to: new Date('2026-04-01T00:00:00Z') };
    const chart = drive(given([['02', anna]], { range }), [recordOf('05T10:00', annas)]).sections[3]
      ?.charts[0];
    expect(chart?.x.values).toHaveLength(15);
    expect(chart?.series[1]?.values.at(-1)).toBe(1);
  });
});

describe('the activity of holders of other roles', () => {
  const roles = { roles: ['exchangeAdministrator', 'userAdministrator'] };
  const days = (...otherRoles: Parameters<typeof withOtherRoles>[1]) =>
    withOtherRoles(given([['02', anna]], { options: roles }), otherRoles);

  const idOf = (key: string) => privilegedRoles.find((one) => one.key === key)?.id ?? '';

  it('counts a record once for someone who holds two of them', () => {
    const inputs = days(
      { role: exchangeAdministrator, holders: [ben] },
      { role: idOf('userAdministrator'), holders: [ben] },
    );
    const { sections } = drive(inputs, [recordOf('05T10:00', bens)]);
    const counted = rowsOf(sections, 'holders').map(({ records, recordsThen }) => [records, recordsThen]);
    expect(counted).toEqual([
      [1, 1],
      [null, 1],
    ]);
  });

  it('is theirs alone', () => {
    const inputs = days({ role: exchangeAdministrator, holders: [ben] });
    const records = [recordOf('05T10:00', annas), recordOf('05T10:00', bens)];
    expect(operationsOf(inputs, records)).toEqual([[bens, 'FileAccessed', 1]]);
    expect(rowsOf(drive(inputs, records).sections, 'holders')).toMatchObject([
      { person: bens, role: 'Exchange Administrator' },
    ]);
  });

  it('follows from records alone where snapshots do not have the role', () => {
    const gain = recordOf('05T10:00', annas, {
      ...{ Operation: 'Add member to role.', RecordType: 8, ObjectId: bens },
      ModifiedProperties: [{ Name: 'Role.DisplayName', NewValue: 'User Account Administrator' }],
      Target: [{ ID: `User_${ben.id}`, Type: 2 }],
    });
    const records = [gain, recordOf('05T09:00', bens), recordOf('05T11:00', bens)];
    const { sections, scans } = drive(given([['02', anna]], { options: roles }), records);
    expect(rowsOf(sections, 'counts').map(({ records: count }) => count)).toEqual([1]);
    expect(sections[0]?.paragraphs.join(' ')).toContain('No snapshot has the holders of these roles');
    expect(scans[0]?.filters.from?.toISOString()).toBe('2025-01-25T00:00:00.000Z');
  });

  it('says of which roles no snapshot has the holders, and on how many days one had no room for them', () => {
    const said = (inputs: Given) => drive(inputs, []).sections[0]?.paragraphs.join(' ');
    const exchange = { role: exchangeAdministrator, holders: [ben] };
    const both = 'No snapshot has the holders of';
    expect(said(days(exchange))).toContain(`${both} User Administrator: people who held it throughout`);
    expect(said(days(exchange, { role: idOf('userAdministrator'), holders: [] }))).not.toContain(both);
    const leftOut = [{ role: idOf('userAdministrator'), count: 30_000 }];
    const floor = {
      ...days(exchange),
      roleHolders: days(exchange).roleHolders.map((one) => ({ ...one, leftOut })),
    };
    expect(said(floor)).toContain(
      'On 1 day, User Administrator had more holders (30000) than a snapshot has room for, so that it has none of them: at least those who are listed held it.',
    );
  });

  it('reads changes since the older of the snapshots that have the roles before the range, up to the later of those after it', () => {
    const range = { from: at('10'), to: at('12') };
    const other = (day: string, role: string) => ({
      ...{ takenAt: at(day), holders: [anna] },
      otherRoles: [{ role, holders: [ben] }],
    });
    const roleHolders = [
      other('03', exchangeAdministrator),
      other('05', idOf('userAdministrator')),
      other('14', idOf('userAdministrator')),
      other('16', exchangeAdministrator),
    ];
    const { scans } = drive({ ...given([], { range, options: roles }), roleHolders }, []);
    expect(scans[0]?.filters).toMatchObject({ from: at('03'), to: at('16') });
  });

  it.each([{ roles: [] }, { roles: ['reader'] }, { role: 'exchangeAdministrator' }])(
    'is refused for %j',
    (options) => {
      expect(privilegedActivity.options.safeParse(options).success).toBe(false);
    },
  );
});

describe('what the report reads', () => {
  const scansOf = (...driven: Parameters<typeof drive>) =>
    drive(...driven).scans.map(({ filters }) => filters);

  it('are changes from the snapshot before the range to the one after it, then the records of holders', () => {
    const range = { from: at('05'), to: at('06') };
    const [changes, people, ...rest] = scansOf(
      given(
        [
          ['02', anna],
          ['04', anna],
          ['05T12:00', anna],
          ['09', anna],
        ],
        { range },
      ),
      [],
    );
    expect(changes).toMatchObject({ from: at('04'), to: at('09') });
    expect(changes?.operations).toContain('add member to role.');
    expect(people).toMatchObject(range);
    expect(people?.actor).toEqual(expect.arrayContaining([annas, anna.id]));
    expect(rest).toEqual([]);
  });

  it('are changes up to now if no snapshot follows', () => {
    expect(scansOf(given([['02', anna]]), [])[0]?.to).toEqual(new Date('2026-04-02T00:00:00Z'));
  });

  it('are members of groups only where a group holds the role', () => {
    const member = { ...anna, throughGroup: 'Tier 0' };
    expect(scansOf(given([['02', member]]), [])[1]?.operations).toContain('add member to group.');
    expect(scansOf(given([['02', anna]]), [])).toHaveLength(2);
  });

  it('is nothing more if no one held the role', () => {
    expect(scansOf(given([]), [])).toHaveLength(1);
  });

  it('are few names at once, and a record that has names of several scans counts once', () => {
    const names = Array.from({ length: 60 }, (_, index) => `alias${index}`);
    const many = { ...anna, names };
    const record = recordOf('05T10:00', 'alias1', {
      UserKey: 'alias50',
      Actor: [{ ID: 'alias59', Type: 2 }],
    });
    const { scans, sections } = drive(given([['02', many]]), [record]);
    expect(scans.map(({ filters }) => filters.actor?.length ?? 0).every((count) => count <= 40)).toBe(true);
    expect(scans.length).toBeGreaterThan(2);
    expect(rowsOf(sections, 'counts').map(({ records }) => records)).toEqual([1]);
  });

  it('finds holders also by names of them that are known from elsewhere', () => {
    const people = [[anna.id, 'a.smith@fabrikam.example']];
    expect(
      operationsOf(given([['02', anna]], { people }), [recordOf('05T10:00', 'a.smith@fabrikam.example')]),
    ).toHaveLength(1);
  });
});

describe('members of a group that holds the role', () => {
  const group = ['c1111111-0000-4000-8000-000000000001', 'Tier 0'] as const;
  const membership = (time: string, operation: string): StoredRecord =>
    recordOf(time, annas, {
      ...{ Operation: operation, RecordType: 8, ObjectId: bens },
      ModifiedProperties: [
        { Name: 'Group.ObjectID', OldValue: group[0], NewValue: '' },
        { Name: 'Group.DisplayName', OldValue: group[1], NewValue: '' },
      ],
      Target: [
        { ID: `User_${ben.id}`, Type: 2 },
        { ID: bens, Type: 5 },
      ],
    });

  it('are holders from joining to leaving', () => {
    const records = [
      membership('05T10:00', 'Add member to group.'),
      membership('05T11:00', 'Remove member from group.'),
      recordOf('05T10:30', bens, { Operation: 'FileDeleted' }),
      recordOf('05T12:00', bens),
    ];
    const days = given([
      ['05', { ...anna, throughGroup: 'Tier 0' }],
      ['06', { ...anna, throughGroup: 'Tier 0' }],
    ]);
    expect(operationsOf(days, records).filter(([who]) => who === bens)).toEqual([[bens, 'FileDeleted', 1]]);
    expect(rowsOf(drive(days, records).sections, 'holders')[1]?.['throughGroup']).toBe('Tier 0');
  });
});
