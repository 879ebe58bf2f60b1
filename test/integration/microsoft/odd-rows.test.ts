/** One row that is odd holds back no others, and is not taken for something harmless. */
import { describe, expect, it } from 'vitest';
import type { Mailbox } from '../../../shared/enablement/exchange-admin.ts';
import { planMailbox, undecidedSettings } from '../../../shared/enablement/mailbox-plan.ts';
import { globalAdministrator } from '../../../shared/tenants/privileged-roles.ts';
import { requestOf } from '../../support/enablement-world.ts';
import { answerJson, tenant, useServers } from './served-apis.ts';

const serve = useServers();

const everyType = ['Admin', 'Delegate', 'Owner'];
const wanted = requestOf({});
const zero = '00000000-0000-0000-0000-000000000000';
const row = (name: string, changes: object = {}) => ({
  ...{ ExchangeGuid: name, UserPrincipalName: name, DisplayName: name, RecipientTypeDetails: 'UserMailbox' },
  ...{ AuditEnabled: true, AuditLogAgeLimit: '90.00:00:00', DefaultAuditSet: ['Admin'] },
  ...{ AuditAdmin: ['Update'], AuditDelegate: [], AuditOwner: [], ...changes },
});

/** The mailboxes that were read of these pages, and the number of rows that were not. */
async function mailboxesOf(...pages: readonly (readonly unknown[])[]) {
  const { apis } = await serve((response, { at, root }) => {
    const more = at + 1 < pages.length ? { '@odata.nextLink': `${root}/page/${at + 1}` } : {};
    answerJson(response, { value: pages[at], ...more });
  });
  const read: Mailbox[] = [];
  let unreadable = 0;
  for await (const page of apis.exchange.listMailboxes(tenant, { all: true })) {
    read.push(...page.mailboxes);
    unreadable += page.unreadable;
  }
  return { read, unreadable };
}

describe('a list of mailboxes', () => {
  it.each([
    ['AuditEnabled', { AuditEnabled: 'maybe' }, { auditEnabled: false }],
    ['AuditLogAgeLimit', { AuditLogAgeLimit: 90 }, { auditLogAgeDays: undefined }],
    ['AuditOwner', { AuditOwner: { none: true } }, { actions: { owner: [] } }],
    ['RecipientTypeDetails', { RecipientTypeDetails: null }, { kind: 'Unknown' }],
    ['ExchangeGuid', { ExchangeGuid: null, Guid: 'odd-guid' }, { id: 'odd-guid' }],
    ['UserPrincipalName', { UserPrincipalName: 7 }, { userPrincipalName: 'odd' }],
  ])('has a mailbox whose %s is odd, which counts as not audited', async (_name, change, expected) => {
    const { read, unreadable } = await mailboxesOf([row('a'), row('odd', change), row('c')]);
    expect(read).toMatchObject([{ id: 'a' }, expected, { id: 'c' }]);
    expect(unreadable).toBe(0);
  });

  it.each([
    ['names nothing', { AuditEnabled: true }],
    ['is null', null],
    ['belongs to another list', { Name: 'x' }],
    ['has blank names', row('odd', { ExchangeGuid: ' ', UserPrincipalName: '' })],
    [
      'has no name but the zero GUID',
      row('odd', { ExchangeGuid: zero, Guid: zero, UserPrincipalName: null }),
    ],
  ])('has all others, and the number of those that cannot be read, when a row %s', async (_name, odd) => {
    const { read, unreadable } = await mailboxesOf([row('a'), odd], [row('c'), odd]);
    expect(read.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(unreadable).toBe(2);
  });

  it.each([
    ['a number', 90],
    ['null', null],
    ['another format', 'P90D'],
  ])(
    'has no age limit that is %s: the plan does not touch it, and calls it undecided',
    async (_name, limit) => {
      const { read } = await mailboxesOf([
        row('odd', { AuditLogAgeLimit: limit, DefaultAuditSet: everyType }),
      ]);
      expect(read.flatMap((mailbox) => planMailbox(mailbox, wanted, false))).toEqual([]);
      expect(read.map((mailbox) => undecidedSettings(mailbox, wanted))).toEqual([['AuditLogAgeLimit']]);
    },
  );

  it('has an unlimited age limit, which is as wanted', async () => {
    const odd = { AuditLogAgeLimit: 'Unlimited', DefaultAuditSet: everyType };
    const { read } = await mailboxesOf([row('odd', odd)]);
    expect(read).toMatchObject([{ auditLogAgeDays: Infinity }]);
    expect(read.flatMap((mailbox) => planMailbox(mailbox, wanted, false))).toEqual([]);
    expect(read.flatMap((mailbox) => undecidedSettings(mailbox, wanted))).toEqual([]);
  });

  it.each([
    ['null', null],
    ['absent', undefined],
    ['a number', 7],
    ['blank', ' '],
    ['of unknown types', ['Admin', 'Anyone']],
  ])(
    'has a DefaultAuditSet that is %s: the plan adds no action, and calls it undecided',
    async (_name, set) => {
      const limits = { AuditLogAgeLimit: '365.00:00:00' };
      const { read } = await mailboxesOf([row('odd', { ...limits, DefaultAuditSet: set })]);
      expect(read).toMatchObject([{ id: 'odd', managedByMicrosoft: undefined }]);
      expect(read.flatMap((mailbox) => planMailbox(mailbox, wanted, false))).toEqual([]);
      expect(read.map((mailbox) => undecidedSettings(mailbox, wanted))).toEqual([['DefaultAuditSet']]);
    },
  );

  it.each([
    ['none', [], []],
    ['a list with blanks', [' Admin', 'owner '], ['admin', 'owner']],
    ['a text with blanks', 'Admin , Owner', ['admin', 'owner']],
  ])('has a DefaultAuditSet that is %s', async (_name, DefaultAuditSet, expected) => {
    const { read } = await mailboxesOf([row('a', { DefaultAuditSet, AuditAdmin: 'Update , Copy' })]);
    expect(read).toMatchObject([{ managedByMicrosoft: expected, actions: { admin: ['Update', 'Copy'] } }]);
  });

  it('has every mailbox whose ExchangeGuid is zero, under its next name, on whatever page', async () => {
    const { read, unreadable } = await mailboxesOf(
      [row('a', { ExchangeGuid: zero, Guid: 'guid-a' }), row('b', { ExchangeGuid: zero, Guid: zero })],
      [row('c', { ExchangeGuid: zero, UserPrincipalName: '', PrimarySmtpAddress: 'c@fabrikam.example' })],
    );
    expect(read.map(({ id }) => id)).toEqual(['guid-a', 'b', 'c@fabrikam.example']);
    expect(read.flatMap(({ names }) => names)).not.toContain(zero);
    expect(unreadable).toBe(0);
  });
});

describe('the mailboxes of other kinds', () => {
  it('are counted one by one, and as of an unknown kind if they cannot be read', async () => {
    const { apis } = await serve((response) => {
      const other = (Guid: string) => ({
        ExchangeGuid: zero,
        Guid,
        RecipientTypeDetails: 'DiscoveryMailbox',
      });
      answerJson(response, { value: [other('a'), null, other('b'), { ExchangeGuid: 'c' }, {}] });
    });
    const counts = await apis.exchange.countOtherMailboxes(tenant);
    expect(Object.fromEntries(counts)).toEqual({ DiscoveryMailbox: 2, Unknown: 3 });
  });
});

describe('the bypasses', () => {
  it('are those that can be read, and the number of rows that may hide one', async () => {
    const { apis } = await serve((response) => {
      const bypass = (Guid: unknown, Identity: unknown, AuditBypassEnabled: unknown = true) => ({
        ...{ Guid, Identity, AuditBypassEnabled },
      });
      const read = [bypass('a', 'Ada'), bypass(zero, 'Bo'), bypass('c', null), bypass('d', 'Di', false)];
      const odd = [null, bypass('e', 'Ed', 'maybe'), bypass(zero, 7), bypass(zero, null, false)];
      answerJson(response, { value: [...read, ...odd] });
    });
    expect(await apis.exchange.listBypasses(tenant)).toEqual({
      bypasses: [
        { id: 'a', name: 'Ada' },
        { id: 'Bo', name: 'Bo' },
        { id: 'c', name: 'c' },
      ],
      unreadable: 3,
    });
  });
});

describe('the domains of a tenant', () => {
  it('are those that are verified, and an odd one hides no others', async () => {
    const { apis } = await serve((response) => {
      const value = [
        { id: 'fabrikam.example', isVerified: true },
        { id: 'wished.example', isVerified: false },
        { id: 7, isVerified: true },
        { id: 'unsaid.example' },
        null,
        { id: 'fabrikam-cdn.example', isVerified: true },
      ];
      answerJson(response, { value });
    });
    expect(await apis.directory.listVerifiedDomains(tenant)).toEqual([
      'fabrikam.example',
      'fabrikam-cdn.example',
    ]);
  });
});

describe('the holders of Global Administrator', () => {
  const user = (id: string, more: object = {}) => ({
    principalId: id,
    roleDefinitionId: globalAdministrator,
    principal: {
      '@odata.type': '#microsoft.graph.user',
      id,
      userPrincipalName: `${id}@contoso.example`,
      ...more,
    },
  });
  const listHolders = async ({ directory }: Awaited<ReturnType<typeof serve>>['apis']) => {
    const [found] = await directory.listRoleHolders(tenant, [globalAdministrator]);
    return found?.holders ?? [];
  };
  const holdersOf = async (assignments: readonly unknown[], people: readonly unknown[]) => {
    const { apis } = await serve((response, { at }) => {
      answerJson(response, { value: [assignments, [], people][at] ?? [] });
    });
    return await listHolders(apis);
  };

  it.each([
    [
      'without an object',
      { principalId: 'odd', roleDefinitionId: globalAdministrator, principal: { id: 7 } },
    ],
    ['whose assignment has an odd id', { ...user('odd'), principalId: 7 }],
    ['with an odd name', user('odd', { displayName: 7 })],
    ['with an odd type', user('odd', { '@odata.type': null })],
  ])('include one %s', async (_name, odd) => {
    const holders = await holdersOf([user('a'), odd, user('c')], []);
    expect(holders.map(({ id }) => id)).toEqual(['a', 'odd', 'c']);
  });

  it.each([
    ['null', null],
    ['without any id', { principalId: 7, roleDefinitionId: globalAdministrator, principal: null }],
  ])('are not told without one that is %s, who would seem to have lost the role', async (_name, odd) => {
    await expect(holdersOf([user('a'), odd], [])).rejects.toMatchObject({
      ...{ action: 'fail', code: 'UnexpectedAnswer' },
      message:
        'Microsoft Graph returned 1 row of roleManagement/directory/roleAssignments in an unknown form.',
    });
  });

  it('do not need assignments of other roles to be readable', async () => {
    const other = { roleDefinitionId: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451', principalId: 7 };
    expect(await holdersOf([other, user('a')], [])).toHaveLength(1);
  });

  it('are not told without an assignment of an unknown role, which may be this one', async () => {
    await expect(holdersOf([{ ...user('a'), roleDefinitionId: 7 }], [])).rejects.toMatchObject({
      code: 'UnexpectedAnswer',
    });
  });

  it('are not told without a member of a group that is odd', async () => {
    const group = user('g', { '@odata.type': '#microsoft.graph.group' });
    const { apis } = await serve((response, { at }) => {
      answerJson(response, { value: [[group], [], [{ id: 'a' }, { id: 7 }]][at] ?? [] });
    });
    await expect(listHolders(apis)).rejects.toMatchObject({
      code: 'UnexpectedAnswer',
    });
  });

  it('have their names although an odd person is listed with them', async () => {
    const [holder] = await holdersOf([user('a')], [null, { id: 'a', mail: 'ada@home.example' }]);
    expect(holder?.names).toEqual(['a', 'ada@home.example']);
  });

  it('have all names but the odd ones', async () => {
    const odd = {
      id: 'a',
      mail: 7,
      otherMails: [7, 'ada@home.example'],
      proxyAddresses: 'none',
      identities: [null],
    };
    const [holder] = await holdersOf([user('a')], [odd]);
    expect(holder?.names).toEqual(['a', 'ada@home.example']);
  });
});
