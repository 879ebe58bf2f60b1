import { describe, expect, it } from 'vitest';
import {
  holdingsOf,
  type Holding,
  type RoleHistory,
} from '../../../../shared/reports/kinds/privileged-activity/holdings.ts';
import type { Border } from '../../../../shared/reports/kinds/privileged-activity/path-periods.ts';
import { gains, holderOf, joins, leaves, loses, snapshotAt } from './history.ts';

const anna = holderOf('anna');

/** `05T00:00 or 06T00:00`: between the two; `…`: unlimited; `!`: said by a record. */
function shown({ from, to, begins, ends, doubts }: Holding): string {
  const period = `[${moment(from)}, ${moment(to)})`;
  const doubted = doubts.map(({ after, before }) => ` doubt ${moment(after.at)}-${moment(before.at)}`);
  return `${period} ${border(begins)} to ${border(ends)}${doubted.join('')}`;
}

function border(one: Border): string {
  if ('at' in one) return 'known';
  return `after ${moment(one.after?.at)} before ${moment(one.before?.at)}`;
}

function moment(date: Date | undefined): string {
  return date === undefined ? '…' : date.toISOString().slice(8, 19).replace(/:00$/, '').replace('T00:00', '');
}

const of = (history: Partial<RoleHistory>, key = 'anna') =>
  holdingsOf({ snapshots: [], changes: [], ...history })
    .filter(({ principal }) => principal.key === key)
    .map(shown);

describe('who held a role', () => {
  it.each<[string, Partial<RoleHistory>, readonly string[]]>([
    [
      'in one snapshot: before and after it as well',
      { snapshots: [snapshotAt('05', anna)] },
      ['[…, …) after … before 05 to after 05 before …'],
    ],
    [
      'from a record to a record',
      {
        snapshots: [snapshotAt('05'), snapshotAt('06')],
        changes: [gains('05T10:00', 'anna'), loses('05T11:00', 'anna')],
      },
      ['[05T10:00, 05T11:00:01) known to known'],
    ],
    [
      'without a record of the gain',
      { snapshots: [snapshotAt('05'), snapshotAt('06', anna)] },
      ['[05, …) after 05 before 06 to after 06 before …'],
    ],
    [
      'without a record of the loss',
      { snapshots: [snapshotAt('05', anna), snapshotAt('06'), snapshotAt('07')] },
      ['[…, 06) after … before 05 to after 05 before 06'],
    ],
    [
      'with a record of the loss alone',
      { snapshots: [snapshotAt('05'), snapshotAt('06')], changes: [loses('05T11:00', 'anna')] },
      ['[05, 05T11:00:01) after 05 before 05T11:00 to known'],
    ],
    [
      'with a record of the gain alone',
      { snapshots: [snapshotAt('05'), snapshotAt('06')], changes: [gains('05T11:00', 'anna')] },
      ['[05T11:00, 06) known to after 05T11:00 before 06'],
    ],
    [
      'without any snapshot',
      { changes: [gains('05T11:00', 'anna')] },
      ['[05T11:00, …) known to after 05T11:00 before …'],
    ],
    [
      'and lost it before there was a snapshot',
      { changes: [loses('05T11:00', 'anna')] },
      ['[…, 05T11:00:01) after … before 05T11:00 to known'],
    ],
    [
      'also after a loss, if the next snapshot has it',
      { snapshots: [snapshotAt('05', anna), snapshotAt('06', anna)], changes: [loses('05T11:00', 'anna')] },
      ['[…, …) after … before 05 to after 06 before … doubt 05T11:00-06'],
    ],
    [
      'as two periods',
      {
        changes: [
          gains('05T10:00', 'anna'),
          loses('05T11:00', 'anna'),
          gains('07T10:00', 'anna'),
          loses('07T11:00', 'anna'),
        ],
      },
      ['[05T10:00, 05T11:00:01) known to known', '[07T10:00, 07T11:00:01) known to known'],
    ],
    [
      'over two losses with a gain that is missing between them',
      { changes: [gains('05T10:00', 'anna'), loses('05T11:00', 'anna'), loses('07T11:00', 'anna')] },
      ['[05T10:00, 07T11:00:01) known to known doubt 05T11:00-07T11:00'],
    ],
    [
      'once, where two services record the same',
      {
        changes: [
          gains('05T10:00', 'anna'),
          { ...gains('05T10:00', 'anna'), recordId: 'pim' },
          loses('05T11:00', 'anna'),
          loses('05T11:01', 'anna'),
        ],
      },
      ['[05T10:00, 05T11:00:01) known to known'],
    ],
    [
      'with a doubt before a gain of what was held: it must have been lost',
      { snapshots: [snapshotAt('05', anna), snapshotAt('09', anna)], changes: [gains('07T10:00', 'anna')] },
      ['[…, …) after … before 05 to after 09 before … doubt 05-07T10:00'],
    ],
    [
      'without a doubt before a gain that is recorded a minute later in other words',
      { changes: [gains('05T10:00', 'anna'), gains('05T10:01', 'anna')] },
      ['[05T10:00, …) known to after 05T10:01 before …'],
    ],
    [
      'whatever the order, and however often a record is given',
      {
        snapshots: [snapshotAt('06'), snapshotAt('05')],
        changes: [loses('05T11:00', 'anna'), gains('05T10:00', 'anna'), loses('05T11:00', 'anna')],
      },
      ['[05T10:00, 05T11:00:01) known to known'],
    ],
    [
      'and gained it in the second of the loss: without an end',
      {
        snapshots: [snapshotAt('05', anna)],
        changes: [gains('06T10:00', 'anna'), loses('06T10:00', 'anna')],
      },
      ['[…, …) after … before 05 to after 06T10:00 before … doubt 06T10:00-06T10:00'],
    ],
  ])('%s', (_, history, expected) => {
    expect(of(history)).toEqual(expected);
  });

  it('is not a principal that may only activate it', () => {
    const eligible = holderOf('anna', { assignment: 'eligible' });
    expect(of({ snapshots: [snapshotAt('05', eligible)] })).toEqual([]);
    const changes = [gains('05T10:00', 'anna'), loses('05T18:00', 'anna')];
    const snapshots = [snapshotAt('05', eligible), snapshotAt('06', eligible)];
    expect(of({ snapshots, changes })).toEqual(['[05T10:00, 05T18:00:01) known to known']);
  });

  it('is not known of what came and went without a trace', () => {
    expect(of({ snapshots: [snapshotAt('05'), snapshotAt('06')] })).toEqual([]);
  });

  it('is another for another role', () => {
    const changes = [{ ...loses('05T11:00', 'anna'), role: 'another' }];
    expect(of({ snapshots: [snapshotAt('05', anna)], changes })).toEqual([
      '[…, …) after … before 05 to after 05 before …',
      '[…, 05T11:00:01) after … before 05T11:00 to known',
    ]);
  });
});

describe('members of a group', () => {
  const group = ['c1111111-0000-4000-8000-000000000001', 'Tier 0'];
  const [groupId = ''] = group;
  const member = holderOf('anna', { throughGroup: 'Tier 0' });
  const ben = holderOf('ben', { throughGroup: 'Tier 0' });
  const ofGroup = { type: 'group', names: group } as const;

  it('hold a role from joining to leaving the group', () => {
    const snapshots = [snapshotAt('05', ben), snapshotAt('06', ben)];
    const changes = [joins('05T10:00', 'anna', group), leaves('05T11:00', 'anna', group)];
    expect(of({ snapshots, changes })).toEqual(['[05T10:00, 05T11:00:01) known to known']);
  });

  it('gain and lose it with the group', () => {
    const snapshots = [snapshotAt('05'), snapshotAt('06', member, ben), snapshotAt('07')];
    const changes = [gains('05T10:00', groupId, ofGroup), loses('06T10:00', groupId, ofGroup)];
    expect(of({ snapshots, changes })).toEqual(['[05T10:00, 06T10:00:01) known to known']);
    expect(of({ snapshots, changes }, 'ben')).toEqual(['[05T10:00, 06T10:00:01) known to known']);
  });

  it('also gain it if they were known to have joined before', () => {
    const snapshots = [snapshotAt('05'), snapshotAt('09')];
    const changes = [
      joins('04T10:00', 'anna', group),
      gains('06T10:00', groupId, ofGroup),
      leaves('06T12:00', 'anna', group),
      loses('06T13:00', groupId, ofGroup),
    ];
    expect(of({ snapshots, changes })).toEqual(['[06T10:00, 06T12:00:01) known to known']);
  });

  it('of a group that holds no role hold none', () => {
    const snapshots = [snapshotAt('05', ben)];
    const other = ['c2222222-0000-4000-8000-000000000002', 'Tier 0 readers'];
    expect(of({ snapshots, changes: [joins('05T10:00', 'anna', other)] })).toEqual([]);
  });

  it('of another group with the same name hold none, where the ids are known', () => {
    const other = ['c2222222-0000-4000-8000-000000000002', 'Tier 0'];
    const changes = [gains('05T09:00', groupId, ofGroup), joins('05T10:00', 'anna', other)];
    expect(of({ changes })).toEqual([]);
  });

  it('who also hold it directly still do after leaving', () => {
    const snapshots = [snapshotAt('05', ben, anna)];
    const changes = [joins('05T10:00', 'anna', group), leaves('05T11:00', 'anna', group)];
    expect(of({ snapshots, changes })).toEqual(['[…, …) after … before 05 to after 05 before …']);
    const later = snapshotAt('06', ben, anna);
    expect(of({ snapshots: [...snapshots, later], changes })).toEqual([
      '[…, …) after … before 05 to after 06 before …',
    ]);
  });
});

describe('those who hold it in several ways', () => {
  const group = ['c1111111-0000-4000-8000-000000000001', 'Tier 0'];
  const ofGroup = { type: 'group', names: group } as const;
  const ben = holderOf('ben', { throughGroup: 'Tier 0' });
  const joined = { changes: [gains('05T10:00', group[0] ?? '', ofGroup), joins('05T10:00', 'anna', group)] };

  it('may have held it one way long before they gained it another way', () => {
    const both = holderOf('anna', { alsoThrough: ['Tier 0'] });
    for (const seen of [anna, both])
      expect(of({ ...joined, snapshots: [snapshotAt('06', seen, ben)] })).toEqual([
        '[…, …) after … before 06 to after 06 before …',
      ]);
  });

  it('certainly held it between two snapshots only if these have it the same way', () => {
    const member = holderOf('anna', { throughGroup: 'Tier 0' });
    const snapshots = [snapshotAt('05', anna, ben), snapshotAt('06', member, ben)];
    expect(of({ snapshots })).toEqual(['[…, …) after … before 05 to after 06 before … doubt 05-06']);
  });
});

describe('principals', () => {
  it('have all names that snapshots and changes have of them, also those of before they were renamed', () => {
    const old = holderOf('ANNA', { userPrincipalName: 'anna@old.example', displayName: 'Anna Old' });
    const renamed = holderOf('anna', {
      userPrincipalName: 'anna@new.example',
      displayName: 'Anna New',
      names: ['anna@alias.example'],
    });
    const changes = [gains('07T10:00', 'anna', { names: ['anna', '10032000AAAA'] })];
    const [holding] = holdingsOf({ snapshots: [snapshotAt('05', old), snapshotAt('06', renamed)], changes });
    expect(holding?.principal).toMatchObject({ key: 'anna', displayName: 'Anna New' });
    expect(holding?.principal.names).toEqual(
      expect.arrayContaining(['anna@old.example', 'anna@new.example', 'anna@alias.example', '10032000AAAA']),
    );
  });

  it('are found by name where a record has no id', () => {
    const known = holderOf('a-1', { userPrincipalName: 'anna@fabrikam.example' });
    const changes = [loses('06T10:00', '', { id: undefined, names: ['Anna@Fabrikam.example'] })];
    expect(of({ snapshots: [snapshotAt('05', known), snapshotAt('07')], changes }, 'a-1')).toEqual([
      '[…, 06T10:00:01) after … before 05 to known',
    ]);
  });

  it('that no snapshot has are named by their records', () => {
    const changes = [gains('06T10:00', '', { id: undefined, names: ['new@fabrikam.example'] })];
    expect(of({ changes }, 'new@fabrikam.example')).toEqual([
      '[06T10:00, …) known to after 06T10:00 before …',
    ]);
  });

  it('may be applications, which records name by their app id and a prefixed id', () => {
    const app = holderOf('sp-1', { type: 'servicePrincipal', appId: 'app-1' });
    const [holding] = holdingsOf({ snapshots: [snapshotAt('05', app)], changes: [] });
    expect(holding?.principal.names).toEqual(['sp-1', 'app-1', 'ServicePrincipal_sp-1']);
  });
});
