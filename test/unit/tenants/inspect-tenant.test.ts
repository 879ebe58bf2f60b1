/** What a user reads about a tenant's grants, for every answer of Microsoft. */
import { describe, expect, it } from 'vitest';
import { classifySignInError } from '../../../shared/adapters/entra/sign-in-errors.ts';
import { classifyExchangeError } from '../../../shared/adapters/exchange/exchange-errors.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { inspectGrants } from '../../../shared/tenants/inspect-tenant.ts';
import { globalAdministrator } from '../../../shared/tenants/privileged-roles.ts';
import type { Tenant, TenantCheck } from '../../../shared/tenants/tenant.ts';
import { activeFabrikam, createOnboardingWorld, type OnboardingWorld } from './onboarding-world.ts';

const signInRefusal = (number: number, error = 'invalid_client') =>
  classifySignInError({ error, errorCodes: [number] }, undefined);

async function inspect(world: OnboardingWorld, tenant: Tenant = activeFabrikam()) {
  const checks = await inspectGrants(world.depsOf(), tenant);
  return new Map(checks.map((check): [string, TenantCheck] => [check.name, check]));
}

describe('complete grants', () => {
  it('have passed, each with its name and time', async () => {
    const world = createOnboardingWorld();
    const checks = await inspectGrants(world.depsOf(), activeFabrikam());
    const checkedDateTime = world.clock.now().toISOString();
    expect(checks).toEqual(
      [
        'consent',
        'permission:ActivityFeed.Read',
        'permission:RoleManagement.Read.Directory',
        'permission:Directory.Read.All',
        'permission:Exchange.ManageAsApp',
        'exchangeRole',
      ].map((name) => ({ name, state: 'Passed', checkedDateTime })),
    );
  });

  it('include the one for DLP if DLP is collected', async () => {
    const tenant = activeFabrikam({ contentTypes: ['Audit.General', 'DLP.All'] });
    const checks = await inspect(createOnboardingWorld(), tenant);
    expect(checks.get('permission:ActivityFeed.ReadDlp')?.state).toBe('Passed');
  });

  it.each(['enterprise', 'gcc', 'gccHigh', 'dod'] as const)('are required in the cloud %s', async (cloud) => {
    const world = createOnboardingWorld();
    const asked: string[] = [];
    const signIn: typeof world.signIn = {
      ...world.signIn,
      grantedRoles: (tenant, resource) => {
        asked.push(`${tenant.cloud} ${resource}`);
        return world.signIn.grantedRoles(tenant, resource);
      },
    };
    await inspectGrants({ ...world.depsOf(), signIn }, activeFabrikam({ cloud }));
    expect(asked).toEqual([`${cloud} activityApi`, `${cloud} graph`, `${cloud} exchange`]);
  });
});

describe('a role that is missing', () => {
  it.each([
    ['ActivityFeed.Read', 'activityApi', 'nothing can be collected'],
    ['ActivityFeed.ReadDlp', 'activityApi', 'DLP.All cannot be collected'],
    ['RoleManagement.Read.Directory', 'graph', 'the administrators of the tenant are unknown'],
    [
      'Directory.Read.All',
      'graph',
      'administrators have ids, but no names, and verified domains are not read',
    ],
    ['Exchange.ManageAsApp', 'exchange', 'auditing can neither be turned on nor watched'],
  ] as const)('%s is named, with what does not work and how to fix it', async (role, resource, without) => {
    const world = createOnboardingWorld();
    const tenant = activeFabrikam({ contentTypes: ['DLP.All'] });
    const roles = await world.signIn.grantedRoles(tenant, resource);
    world.signIn.grant(
      resource,
      roles.filter((granted) => granted !== role),
    );
    const checks = await inspect(world, tenant);
    expect(checks.get(`permission:${role}`)).toMatchObject({
      state: 'Failed',
      code: 'PermissionMissing',
      message: `The application role ${role} is not granted: without it ${without}.`,
      cure: `Have an administrator of the tenant open the consent link, which requests ${role} as well.`,
    });
    const failed = [...checks.values()].filter(({ state }) => state === 'Failed').map(({ name }) => name);
    expect(failed).toEqual([`permission:${role}`]);
  });

  it('of Exchange does not read the role there', async () => {
    const world = createOnboardingWorld();
    world.signIn.grant('exchange', []);
    world.exchange.refuse('readUnifiedAuditLog', new UpstreamError('fail', 'Called', 'It was called.'));
    expect((await inspect(world)).get('exchangeRole')).toMatchObject({
      state: 'NotChecked',
      message: 'The permission Exchange.ManageAsApp must be granted first.',
    });
  });

  it('is found in a token without any role, which still proves consent', async () => {
    const world = createOnboardingWorld();
    world.signIn.grant('activityApi', []);
    const checks = await inspect(world);
    expect(checks.get('consent')?.state).toBe('Passed');
    expect(checks.get('permission:ActivityFeed.Read')?.state).toBe('Failed');
  });
});

/** One number of each line of the table of sign-in errors. */
const refusals: readonly (readonly [number, RegExp, RegExp])[] = [
  [7000215, /client secret is wrong/, /valid credential in the settings/],
  [7000222, /client secret has expired/, /valid credential in the settings/],
  [700027, /certificate or assertion was refused/, /valid credential in the settings/],
  [7000218, /does not accept this kind of credential/, /valid credential in the settings/],
  [700016, /unknown in the tenant/, /open the consent link/],
  [7000229, /no service principal in the tenant/, /open the consent link/],
  [7000112, /disabled in the tenant/, /enable the application again/],
  [65001, /consented yet/, /open the consent link/],
  [65004, /declined the consent/, /send a new consent link/],
  [650051, /permission that no longer exists/, /app registration/],
  [650052, /does not have the requested service/, /licenses of the tenant/],
  [650056, /missing from the app registration/, /app registration/],
  [90002, /has no tenant with this ID/, /correct ID or domain, and cloud/],
  [90038, /national cloud/, /again with its cloud/],
  [90099, /partner application/, /Partner Center/],
  [50194, /single-tenant/, /app registration/],
  [9001023, /requires a tenant/, /defect of Auditkeep/],
  [70011, /scope is wrong/, /defect of Auditkeep/],
  [53003, /Conditional Access/, /exempt the application/],
  [700229, /managed identity in the same tenant/, /identity in the tenant of the app registration/],
  [1234567, /refused to sign in \(invalid_client\)/, /docs\/errors\.md/],
];

describe('a refused sign-in', () => {
  it.each(refusals)('with AADSTS%i says why and how to fix it', async (number, message, cure) => {
    const world = createOnboardingWorld();
    world.signIn.refuse(signInRefusal(number));
    const checks = await inspect(world);
    expect(checks.get('consent')).toMatchObject({
      state: 'Failed',
      code: `AADSTS${number}`,
      message: expect.stringMatching(message) as unknown,
      cure: expect.stringMatching(cure) as unknown,
    });
    const others = [...checks.values()].filter(({ name }) => name !== 'consent');
    expect(others.map(({ name }) => name)).toContain('exchangeRole');
    expect(new Set(others.map(({ state }) => state))).toEqual(new Set(['NotChecked']));
  });

  it.each([
    ['busy', signInRefusal(90033, 'temporarily_unavailable'), 'AADSTS90033'],
    ['in trouble', signInRefusal(1234567, 'server_error'), 'AADSTS1234567'],
    ['out of reach', new UpstreamError('retry', 'SignInUnavailable', 'Not reached.'), 'SignInUnavailable'],
  ])('because it is %s proves nothing', async (_why, error, code) => {
    const world = createOnboardingWorld();
    world.signIn.refuse(error);
    expect((await inspect(world)).get('consent')).toMatchObject({
      state: 'NotChecked',
      code,
      cure: 'No action is needed: Auditkeep retries automatically.',
    });
  });

  it('for one API only fails the checks that depend on it', async () => {
    const world = createOnboardingWorld();
    world.signIn.grant('exchange', signInRefusal(500011, 'invalid_resource'));
    const checks = await inspect(world);
    expect(checks.get('permission:Exchange.ManageAsApp')).toMatchObject({
      state: 'Failed',
      code: 'AADSTS500011',
      cure: expect.stringMatching(/licenses/) as unknown,
    });
    expect(checks.get('exchangeRole')?.state).toBe('NotChecked');
    expect(checks.get('permission:Directory.Read.All')?.state).toBe('Passed');
  });

  it('with an error that is not a refusal by Microsoft is not swallowed', async () => {
    const world = createOnboardingWorld();
    const defect = new TypeError('A defect.');
    world.signIn.meanwhile(() => Promise.reject(defect));
    await expect(inspect(world)).rejects.toBe(defect);
  });
});

describe('a refusal by Exchange', () => {
  const judged = (status: number, body = '') =>
    classifyExchangeError({ status, body, retryAfterMs: undefined });
  /** As it comes out of the adapter, which has tried a new token. */
  const twice = ({ code, message, cure }: UpstreamError) =>
    new UpstreamError('fail', code, message, { cure });

  it.each([
    ['401', judged(401), 'ExchangeUnauthorized'],
    ['403', judged(403, '\0\0{"error":{}}\0'), 'ExchangeForbidden'],
  ])('with %s means that the role is missing', async (_status, refusal, code) => {
    const world = createOnboardingWorld();
    world.exchange.refuse('readUnifiedAuditLog', twice(refusal));
    expect((await inspect(world)).get('exchangeRole')).toMatchObject({
      state: 'Failed',
      code,
      message: expect.stringMatching(/Exchange/) as unknown,
      cure: expect.stringMatching(/role Exchange Administrator.*can take an hour/s) as unknown,
    });
  });

  it.each([
    ['429', judged(429)],
    ['503', judged(503)],
    ['too many requests at once', judged(400, 'You have reached the maximum number of concurrent requests.')],
    ['an organization that is not prepared', judged(400, 'Run Enable-OrganizationCustomization first.')],
  ])('for now, with %s, is retried', async (_what, refusal) => {
    const world = createOnboardingWorld();
    world.exchange.refuse('readUnifiedAuditLog', refusal);
    expect((await inspect(world)).get('exchangeRole')).toMatchObject({
      state: 'NotChecked',
      cure: expect.stringMatching(/retries automatically/) as unknown,
    });
  });

  it('for another reason shows it, and where to look', async () => {
    const world = createOnboardingWorld();
    world.exchange.refuse('readUnifiedAuditLog', judged(400, 'The operation is not permitted here.'));
    expect((await inspect(world)).get('exchangeRole')).toMatchObject({
      state: 'Failed',
      message: 'Exchange answered: The operation is not permitted here.',
      cure: expect.stringMatching(/docs\/errors\.md/) as unknown,
    });
  });
});

describe('an answer by Exchange', () => {
  it('because of another role passes with a hint', async () => {
    const world = createOnboardingWorld();
    world.directory.answerOwnRolesWith(['f2ef992c-3afb-46b9-b7cf-a126ee74c451']);
    expect((await inspect(world)).get('exchangeRole')).toMatchObject({
      state: 'Passed',
      message: expect.stringMatching(/not because of the role Exchange Administrator/) as unknown,
    });
  });

  it('passes without a hint for a global administrator, and if Graph does not say', async () => {
    const world = createOnboardingWorld();
    world.directory.answerOwnRolesWith([globalAdministrator]);
    expect((await inspect(world)).get('exchangeRole')).not.toHaveProperty('message');
    world.directory.answerOwnRolesWith(new UpstreamError('fail', 'Authorization_RequestDenied', 'No.'));
    expect((await inspect(world)).get('exchangeRole')).not.toHaveProperty('message');
  });
});
