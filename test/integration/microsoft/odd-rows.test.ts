/** One row that is odd holds back no others, and is not taken for something harmless. */
import { describe, expect, it } from 'vitest';
import type { Mailbox } from '../../../shared/enablement/exchange-admin.ts';
import { answerJson, tenant, useServers } from './served-apis.ts';

const serve = useServers();

const row = (name: string, changes: object = {}) => ({
  ...{ ExchangeGuid: name, UserPrincipalName: name, DisplayName: name, RecipientTypeDetails: 'UserMailbox' },
  ...{ AuditEnabled: true, AuditLogAgeLimit: '90.00:00:00', DefaultAuditSet: ['Admin'] },
  ...{ AuditAdmin: ['Update'], AuditDelegate: [], AuditOwner: [], ...changes },
});

/** The mailboxes that were read, and the code of the error after them. */
async function mailboxesOf(rows: readonly unknown[]) {
  const { apis } = await serve((response) => {
    answerJson(response, { value: rows });
  });
  const read: Mailbox[] = [];
  try {
    for await (const page of apis.exchange.listMailboxes(tenant, { all: true })) read.push(...page);
    return { read, error: undefined };
  } catch (error) {
    return { read, error };
  }
}

describe('a list of mailboxes', () => {
  it.each([
    ['AuditEnabled', { AuditEnabled: 'maybe' }, { auditEnabled: false }],
    ['AuditLogAgeLimit', { AuditLogAgeLimit: 90 }, { auditLogAgeDays: undefined }],
    ['AuditOwner', { AuditOwner: { none: true } }, { actions: { owner: [] } }],
    ['RecipientTypeDetails', { RecipientTypeDetails: null }, { kind: 'Unknown' }],
    ['ExchangeGuid', { ExchangeGuid: null, Guid: 'odd-guid' }, { id: 'odd-guid' }],
    ['UserPrincipalName', { UserPrincipalName: 7 }, { userPrincipalName: '' }],
  ])('has a mailbox whose %s is odd, which counts as not audited', async (_name, change, expected) => {
    const { read, error } = await mailboxesOf([row('a'), row('odd', change), row('c')]);
    expect(read).toMatchObject([{ id: 'a' }, expected, { id: 'c' }]);
    expect(error).toBeUndefined();
  });

  it.each([
    ['names nothing', { AuditEnabled: true }],
    ['is null', null],
    ['does not say which actions Microsoft manages', row('odd', { DefaultAuditSet: 7 })],
  ])('has all others, and then an error, when a row %s', async (_name, odd) => {
    const { read, error } = await mailboxesOf([row('a'), odd, row('c')]);
    expect(read.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(error).toMatchObject({
      code: 'UnexpectedAnswer',
      message: 'Exchange returned 1 rows of Get-Mailbox in an unknown form.',
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
    principal: {
      '@odata.type': '#microsoft.graph.user',
      id,
      userPrincipalName: `${id}@contoso.example`,
      ...more,
    },
  });
  const holdersOf = async (assignments: readonly unknown[], people: readonly unknown[]) => {
    const { apis } = await serve((response, { at }) => {
      answerJson(response, { value: [assignments, [], people][at] ?? [] });
    });
    return await apis.directory.listGlobalAdministrators(tenant);
  };

  it.each([
    ['without an object', { principalId: 'odd', principal: { id: 7 } }],
    ['whose assignment has an odd id', { ...user('odd'), principalId: 7 }],
    ['with an odd name', user('odd', { displayName: 7 })],
    ['with an odd type', user('odd', { '@odata.type': null })],
  ])('include one %s', async (_name, odd) => {
    const holders = await holdersOf([user('a'), odd, user('c')], []);
    expect(holders.map(({ id }) => id)).toEqual(['a', 'odd', 'c']);
  });

  it.each([
    ['null', null],
    ['without any id', { principalId: 7, principal: null }],
  ])('are not told without one that is %s, who would seem to have lost the role', async (_name, odd) => {
    await expect(holdersOf([user('a'), odd], [])).rejects.toMatchObject({
      ...{ action: 'fail', code: 'UnexpectedAnswer' },
      message:
        'Microsoft Graph returned 1 row of roleManagement/directory/roleAssignments in an unknown form.',
    });
  });

  it('are not told without a member of a group that is odd', async () => {
    const group = user('g', { '@odata.type': '#microsoft.graph.group' });
    const { apis } = await serve((response, { at }) => {
      answerJson(response, { value: [[group], [], [{ id: 'a' }, { id: 7 }]][at] ?? [] });
    });
    await expect(apis.directory.listGlobalAdministrators(tenant)).rejects.toMatchObject({
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
