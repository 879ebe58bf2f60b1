/** From the first request to collecting, over the Microsoft 365 simulator, with the real adapters. */
import { TableClient } from '@azure/data-tables';
import { describe, expect, it } from 'vitest';
import { privilegedRoles } from '../../../shared/tenants/privileged-roles.ts';
import { checksOf } from '../../../shared/tenants/tenant-checks.ts';
import * as z from 'zod';
import { minuteMs, secondMs } from '../../support/clock.ts';
import type { OnboarderAnswer } from './onboarder-messages.ts';
import { callbackUrl, useOnboarding, type OnboardedTenant } from './onboarding.ts';

const createTenant = useOnboarding();
const exchangeAdministrator = '29232cdf-9323-42fd-ade2-1d097af3e4de';
const securityAdministrator = '194ae4cb-b126-40b2-bd5b-6091b380977d';
const contentTypes = ['Audit.Exchange', 'Audit.SharePoint'] as const;
const linkSchema = z.object({ url: z.url() });
const outcomeSchema = z.object({ kind: z.string() });

const register = ({ work, domain }: OnboardedTenant) =>
  work({ kind: 'register', registration: { domain, contentTypes: [...contentTypes] } });

async function newLink({ work, tenantId }: OnboardedTenant): Promise<string> {
  const { result } = await work({ kind: 'createLink', tenantId, callbackUrl });
  return linkSchema.parse(result).url;
}

async function comeBack({ work }: OnboardedTenant, query: Readonly<Record<string, string>>) {
  const answer = await work({ kind: 'receiveConsent', query });
  return { ...answer, kind: outcomeSchema.parse(answer.result).kind };
}

/** Delivers the messages of further checks of the tenant, each at its time, until there are none. */
async function drainChecks(tenant: OnboardedTenant, first: OnboarderAnswer): Promise<readonly string[]> {
  const polls: string[] = [];
  let answer = first;
  for (let next = answer.tenantChecks[0]; next !== undefined; next = answer.tenantChecks[0]) {
    tenant.advance(next.delayMs);
    answer = await tenant.work({ kind: 'runCheck', message: next.message });
    polls.push(...answer.polls);
  }
  return polls;
}

const runningIn = ({ simulator, tenantId }: OnboardedTenant) =>
  simulator.counters.snapshot().requestsByTenant[tenantId]?.start ?? 0;

describe('a tenant without consent', () => {
  it('waits for its administrator, who opens the link, and is then collected', async () => {
    const tenant = createTenant();
    const { tenantId, domain } = tenant;
    const registered = await register(tenant);
    expect(registered.result).toMatchObject({
      ...{ created: true, tenant: { tenantId, domain, state: 'PendingConsent' } },
    });
    expect(registered).toMatchObject({ polls: [], tenantChecks: [{ delayMs: minuteMs }] });
    expect((await tenant.missing()).get('consent')).toBe('Failed AADSTS7000229');
    const query = await tenant.openLink(await newLink(tenant));
    expect(query).toMatchObject({ admin_consent: 'True', tenant: tenantId });
    const returned = await comeBack(tenant, query);
    expect(returned).toMatchObject({ kind: 'active', polls: [tenantId] });
    expect(await tenant.stored()).toMatchObject({
      state: 'Active',
      subscriptions: contentTypes.map((contentType) => ({ contentType, enabled: true })),
    });
    expect(await tenant.missing()).toEqual(new Map());
    expect(runningIn(tenant)).toBe(2);
    expect(tenant.simulator.counters.snapshot().missingPublisherIdentifier).toBe(0);
  });

  it('has its holders of Global Administrator recorded with every name that Graph knows', async () => {
    const id = '00000000-0000-4000-8000-000000000001';
    const userPrincipalName = 'ada_home.example#EXT#@fabrikam.example';
    const ada = { id, userPrincipalName, displayName: 'Ada', mail: 'ada@work.example' };
    const tenant = createTenant({
      directory: {
        users: [
          {
            ...ada,
            otherMails: ['ada@old.example'],
            proxyAddresses: ['SMTP:ada@work.example', 'sip:x', 'smtp:a@b.example'],
          },
          ...Array.from({ length: 20 }, (_, at) => ({
            ...{ id: `00000000-0000-4000-8000-0000000001${10 + at}`, displayName: `${at}` },
            userPrincipalName: `admin${at}@fabrikam.example`,
          })),
        ],
        ...{ groups: [], servicePrincipals: [] },
        globalAdministratorIds: [
          id,
          ...Array.from({ length: 20 }, (_, at) => `00000000-0000-4000-8000-0000000001${10 + at}`),
        ],
      },
    });
    await register(tenant);
    await comeBack(tenant, await tenant.openLink(await newLink(tenant)));
    const now = new Date();
    const [snapshot] = await tenant.roleHolders.list(tenant.tenantId, now, new Date(now.getTime() + 1));
    const names = ['ada@home.example', 'ada@work.example', 'ada@old.example', 'a@b.example'];
    expect(snapshot?.holders[0]).toMatchObject({ id, names: [id, userPrincipalName, ...names] });
    expect(snapshot?.holders.at(-1)?.names).toContain('admin19@fabrikam.example');
  });

  it('has each holder recorded once, with all groups that hold the role for them', async () => {
    const [ada, bo] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
    const person = (id: string) => ({ id, userPrincipalName: `${id}@fabrikam.example`, displayName: id });
    const group = (displayName: string, id: string) => ({ id, displayName, memberIds: [ada, bo] });
    const tenant = createTenant({
      directory: {
        users: [person(ada), person(bo)],
        groups: [group('Tier 0', 'g0'), group('Tier 1', 'g1'), group('On call', 'g2')],
        servicePrincipals: [],
        globalAdministratorIds: ['g0', 'g1', ada],
        eligibleGlobalAdministratorIds: ['g2'],
        otherRoles: [
          { roleDefinitionId: securityAdministrator, principalIds: ['g2'] },
          { roleDefinitionId: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451', principalIds: [bo] },
        ],
      },
    });
    await register(tenant);
    await comeBack(tenant, await tenant.openLink(await newLink(tenant)));
    const now = new Date();
    const roles = privilegedRoles.map(({ id }) => id);
    const [snapshot] = await tenant.roleHolders.read(tenant.tenantId, { from: now, to: now, roles });
    const ways = snapshot?.holders.map(({ id, assignment, throughGroup, alsoThrough }) => {
      return { id, assignment, throughGroup, alsoThrough };
    });
    expect(ways).toEqual([
      { id: ada, assignment: 'active', throughGroup: undefined, alsoThrough: ['Tier 0', 'Tier 1'] },
      { id: bo, assignment: 'active', throughGroup: 'Tier 0', alsoThrough: ['Tier 1'] },
    ]);
    const others = new Map(snapshot?.otherRoles?.map(({ role, holders }) => [role, holders]));
    expect(others.size).toBeGreaterThan(10);
    expect(others.get(securityAdministrator)).toMatchObject([
      { id: ada, throughGroup: 'On call', names: [ada, `${ada}@fabrikam.example`] },
      { id: bo, throughGroup: 'On call' },
    ]);
    // The application itself, which needs the role to turn auditing on.
    expect(others.get(exchangeAdministrator)).toMatchObject([{ type: 'servicePrincipal' }]);
    expect([...others.values()].flat()).toHaveLength(3);
  });

  it('cannot be activated by a caller who only claims that consent was granted', async () => {
    const tenant = createTenant();
    await register(tenant);
    const state = new URL(await newLink(tenant)).searchParams.get('state') ?? '';
    const forged = { admin_consent: 'True', tenant: tenant.tenantId, scope: 'x', state };
    expect(await comeBack(tenant, forged)).toMatchObject({ kind: 'notProven', polls: [] });
    expect(await tenant.stored()).toMatchObject({ state: 'PendingConsent', subscriptions: [] });
    expect(runningIn(tenant)).toBe(0);
    expect((await comeBack(tenant, forged)).kind).toBe('unknownState');
  });

  it('is unchanged if its administrator declines, and another link works', async () => {
    const tenant = createTenant();
    await register(tenant);
    tenant.simulator.changePolicy(tenant.tenantId, { declinesConsent: true });
    const declined = await tenant.openLink(await newLink(tenant));
    expect(declined).toMatchObject({ error: 'consent_required' });
    expect((await comeBack(tenant, declined)).kind).toBe('declined');
    expect((await tenant.stored()).state).toBe('PendingConsent');
    tenant.simulator.changePolicy(tenant.tenantId, { declinesConsent: false });
    const given = await tenant.openLink(await newLink(tenant));
    expect((await comeBack(tenant, given)).kind).toBe('active');
  });

  it('is not activated through the link of another tenant', async () => {
    const [tenant, other] = [createTenant(), createTenant()];
    await register(tenant);
    await register(other);
    const query = await other.openLink(await newLink(other));
    const state = new URL(await newLink(tenant)).searchParams.get('state') ?? '';
    expect((await comeBack(tenant, { ...query, state })).kind).toBe('otherTenant');
    expect((await tenant.stored()).state).toBe('PendingConsent');
    expect((await other.stored()).state).toBe('PendingConsent');
    expect((await comeBack(other, query)).kind).toBe('active');
  });

  it('has a link whose state is not in storage', async () => {
    const tenant = createTenant();
    await register(tenant);
    const state = new URL(await newLink(tenant)).searchParams.get('state') ?? '';
    const options = { allowInsecureConnection: true };
    const table = TableClient.fromConnectionString(tenant.connectionString, 'Consents', options);
    const rows: unknown[] = [];
    for await (const row of table.listEntities()) rows.push(row);
    expect(JSON.stringify(rows)).toContain(tenant.tenantId);
    expect(JSON.stringify(rows)).not.toContain(state);
  });
});

describe('consent that takes effect late', () => {
  it('is not proven at first, and found by later checks: sign-in, then roles, then Exchange', async () => {
    const tenant = createTenant();
    await register(tenant);
    tenant.simulator.changeSettings({
      ...{ consentDelayMs: 30 * secondMs, appRoleDelayMs: 2 * minuteMs, directoryRoleDelayMs: 20 * minuteMs },
    });
    const returned = await comeBack(tenant, await tenant.openLink(await newLink(tenant)));
    expect(returned).toMatchObject({ kind: 'notProven', polls: [] });
    tenant.advance(minuteMs);
    const first = await tenant.work({ kind: 'runCheck', message: { ...messageOf(tenant), attempt: 1 } });
    expect((await tenant.stored()).state).toBe('PendingConsent');
    expect((await tenant.missing()).get('permission:ActivityFeed.Read')).toBe('Failed PermissionMissing');
    tenant.advance(5 * minuteMs);
    const second = await tenant.work({ kind: 'runCheck', message: { ...messageOf(tenant), attempt: 2 } });
    expect(first.polls).toEqual([]);
    expect(second.polls).toEqual([tenant.tenantId]);
    expect((await tenant.stored()).state).toBe('Active');
    expect(await tenant.missing()).toEqual(new Map([['exchangeRole', 'Failed ExchangeForbidden']]));
    expect(await drainChecks(tenant, second)).toEqual([]);
    expect(await tenant.missing()).toEqual(new Map());
  });
});

const messageOf = ({ tenantId }: OnboardedTenant) => ({ version: 1, tenantId }) as const;

describe('a tenant that granted consent before', () => {
  it('is active at once, and is not started twice', async () => {
    const tenant = createTenant({ consented: true });
    expect(await register(tenant)).toMatchObject({
      ...{ polls: [tenant.tenantId], tenantChecks: [], result: { tenant: { state: 'Active' } } },
    });
    expect((await register(tenant)).result).toMatchObject({ created: false });
    expect(runningIn(tenant)).toBe(2);
  });

  it('reports which role its administrator must assign when Exchange answers 403, and passes then', async () => {
    const tenant = createTenant({ consented: true, exchange: { directoryRoles: [] } });
    const { simulator, tenantId } = tenant;
    await register(tenant);
    const exchangeRole = (await tenant.stored()).checks.find(({ name }) => name === 'exchangeRole');
    expect(exchangeRole).toMatchObject({
      ...{ state: 'Failed', code: 'ExchangeForbidden' },
      cure: expect.stringMatching(/role Exchange Administrator/) as unknown,
    });
    simulator.changePolicy(tenantId, { directoryRoles: [exchangeAdministrator] });
    await tenant.work({ kind: 'runCheck', message: { ...messageOf(tenant), attempt: 6 } });
    expect(await tenant.missing()).toEqual(new Map());
  });

  it('reports that auditing is off, and is active anyway', async () => {
    const tenant = createTenant({ consented: true, auditingEnabled: false });
    await register(tenant);
    const stored = await tenant.stored();
    expect(stored.state).toBe('Active');
    expect(checksOf(stored).at(-1)).toMatchObject({
      ...{ name: 'subscription:Audit.SharePoint', state: 'Failed', code: 'TenantDoesNotExist' },
      cure: 'Turn auditing on: start an enablement.',
    });
  });

  it('stays active when consent is withdrawn, and reports it', async () => {
    const tenant = createTenant({ consented: true });
    await register(tenant);
    tenant.simulator.changePolicy(tenant.tenantId, { consented: false });
    await tenant.work({ kind: 'runCheck', message: { ...messageOf(tenant), attempt: 6 } });
    expect((await tenant.stored()).state).toBe('Active');
    expect((await tenant.missing()).get('consent')).toBe('Failed AADSTS7000229');
  });
});

describe('a domain of no tenant', () => {
  it('is refused with what to check', async () => {
    const { work } = createTenant();
    const { failure } = await work({ kind: 'register', registration: { domain: 'unknown.example' } });
    expect(failure).toMatchObject({
      ...{ name: 'RequestError', status: 400, code: 'InvalidParameter', target: 'domain' },
      message: expect.stringMatching(
        /No tenant of the cloud enterprise has the domain unknown.example/,
      ) as unknown,
    });
  });
});

describe('a removal', () => {
  it('stops the subscriptions at Microsoft, removes the tenant, and deletes its data on request', async () => {
    const tenant = createTenant({ consented: true });
    const { work, tenantId, simulator } = tenant;
    await register(tenant);
    let { operations } = await work({ kind: 'remove', tenantId, purge: true });
    while (operations[0] !== undefined) {
      tenant.advance(operations[0].delayMs);
      ({ operations } = await work({ kind: 'runRemoval', message: operations[0].message }));
    }
    expect(simulator.counters.snapshot().requestsByTenant[tenantId]).toMatchObject({ stop: 2 });
    expect(await tenant.tenants.get(tenantId)).toBeUndefined();
    simulator.counters.reset();
    expect((await register(tenant)).result).toMatchObject({ created: true, tenant: { state: 'Active' } });
    expect(runningIn(tenant)).toBe(2);
  });

  it('of a tenant that never had consent ends, and reports why the subscriptions were not stopped', async () => {
    const tenant = createTenant();
    const { work, tenantId } = tenant;
    await register(tenant);
    const { result, operations } = await work({ kind: 'remove', tenantId, purge: false });
    for (const { message } of operations) await work({ kind: 'runRemoval', message });
    const { id } = z.object({ id: z.string() }).parse(result);
    expect(await tenant.removals.get({ id })).toMatchObject({
      ...{ status: 'Succeeded', request: { purge: false }, errorCode: 'AADSTS7000229' },
    });
    expect(await tenant.tenants.get(tenantId)).toBeUndefined();
  });
});
