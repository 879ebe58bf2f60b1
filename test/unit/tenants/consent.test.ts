/** Consent links, and whatever may come back from them. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clouds } from '../../../shared/activity/clouds.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import {
  consentCallbackUrl,
  createConsentLink,
  receiveConsent,
  type ConsentAnswer,
} from '../../../shared/tenants/consent.ts';
import { registerTenant } from '../../../shared/tenants/register-tenant.ts';
import { startRemoval } from '../../../shared/offboarding/start-removal.ts';
import { dayMs, minuteMs } from '../../support/clock.ts';
import { Crash, createFaults, crashAt, type Faults } from '../../support/faults.ts';
import { forgetTenant, adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';
import {
  activeFabrikam,
  clientId,
  createOnboardingWorld,
  pendingFabrikam,
  type OnboardingWorld,
} from './onboarding-world.ts';

const callbackUrl = 'https://audit.example/api/consent/callback';
const noConsent = new UpstreamError('fail', 'AADSTS7000229', 'No service principal.');

/** A new link's state. */
async function stateOf(world: OnboardingWorld, tenant = pendingFabrikam()): Promise<string> {
  const { url } = await createConsentLink(world.depsOf(), tenant, callbackUrl);
  return new URL(url).searchParams.get('state') ?? '';
}

async function outcomeOf(world: OnboardingWorld, answer: Partial<ConsentAnswer>, faults?: Faults) {
  const given = { state: undefined, tenant: fabrikamId, error: undefined, ...answer };
  return (await receiveConsent(world.depsOf(faults), given)).kind;
}

describe('a consent link', () => {
  it('is the address that Microsoft documents, for one tenant, and valid for a week', async () => {
    const world = createOnboardingWorld();
    const { url, expiresAt } = await createConsentLink(world.depsOf(), pendingFabrikam(), callbackUrl);
    const { state = '', ...parameters } = Object.fromEntries(new URL(url).searchParams);
    expect(url.split('?')[0]).toBe(`https://login.microsoftonline.com/${fabrikamId}/v2.0/adminconsent`);
    expect(parameters).toEqual({
      client_id: clientId,
      scope: 'https://graph.microsoft.com/.default',
      redirect_uri: callbackUrl,
    });
    expect(state).toMatch(/^[\w-]{43}$/);
    expect(expiresAt).toEqual(new Date(world.clock.now().getTime() + 7 * dayMs));
    expect(url).toContain('redirect_uri=https%3A%2F%2Faudit.example%2Fapi%2Fconsent%2Fcallback');
  });

  it.each([
    ['enterprise', 'login.microsoftonline.com', 'graph.microsoft.com'],
    ['gcc', 'login.microsoftonline.com', 'graph.microsoft.com'],
    ['gccHigh', 'login.microsoftonline.us', 'graph.microsoft.us'],
    ['dod', 'login.microsoftonline.us', 'dod-graph.microsoft.us'],
  ] as const)('of the cloud %s goes to that cloud', async (cloud, signInHost, graphHost) => {
    const deps = createOnboardingWorld().depsOf();
    const { url } = await createConsentLink(deps, pendingFabrikam({ cloud }), callbackUrl);
    expect(new URL(url).host).toBe(signInHost);
    expect(new URL(url).searchParams.get('scope')).toBe(`https://${graphHost}/.default`);
  });

  it.each(clouds)('of the cloud %s leads to the configured address', async (cloud) => {
    const consent = { clientId, authorityUrl: 'https://localhost:4001' };
    const deps = { ...createOnboardingWorld().depsOf(), consent };
    const { url } = await createConsentLink(deps, pendingFabrikam({ cloud }), callbackUrl);
    expect(url).toMatch(`https://localhost:4001/${fabrikamId}/v2.0/adminconsent?`);
  });

  it('has a new state each time, which is stored as a hash only', async () => {
    const world = createOnboardingWorld();
    const states = [await stateOf(world), await stateOf(world)];
    const hashes = states.map((state) => createHash('sha256').update(state).digest('hex'));
    expect([...world.consents.awaited.keys()]).toEqual(hashes);
    expect(new Set(states).size).toBe(2);
    expect(JSON.stringify([...world.consents.awaited])).not.toContain(states[0]);
  });
});

describe('the callback address', () => {
  it.each([
    [undefined, 'https://audit.example/api/tenants', 'https://audit.example/api/consent/callback'],
    [
      undefined,
      `http://localhost:7071/api/tenants/${fabrikamId}/consentLinks?code=x`,
      'http://localhost:7071/api/consent/callback',
    ],
    [
      'https://front.example/audit',
      'https://app.example/api/tenants',
      'https://front.example/audit/consent/callback',
    ],
  ])('with the public address %s, requested at %s, is %s', (publicUrl, requestUrl, expected) => {
    expect(consentCallbackUrl(publicUrl, requestUrl)).toBe(expected);
  });
});

describe('returning from a link', () => {
  it('with consent activates the tenant', async () => {
    const world = createOnboardingWorld();
    expect(await outcomeOf(world, { state: await stateOf(world) })).toBe('active');
    expect((await world.stored()).state).toBe('Active');
    expect(world.queues.pollRequests).toHaveLength(1);
  });

  it('accepts the tenant id in any case', async () => {
    const world = createOnboardingWorld();
    const answer = { state: await stateOf(world), tenant: fabrikamId.toUpperCase() };
    expect(await outcomeOf(world, answer)).toBe('active');
  });

  it('works once', async () => {
    const world = createOnboardingWorld();
    const state = await stateOf(world);
    expect(await outcomeOf(world, { state })).toBe('active');
    expect(await outcomeOf(world, { state })).toBe('unknownState');
  });

  it('works once, even for two requests at the same time', async () => {
    const world = createOnboardingWorld();
    const state = await stateOf(world);
    const kinds = await Promise.all([outcomeOf(world, { state }), outcomeOf(world, { state })]);
    expect(kinds.toSorted()).toEqual(['active', 'unknownState']);
  });

  it('leaves other links valid', async () => {
    const world = createOnboardingWorld();
    const [first, second] = [await stateOf(world), await stateOf(world)];
    expect(await outcomeOf(world, { state: first, error: 'consent_required' })).toBe('declined');
    expect(await outcomeOf(world, { state: second })).toBe('active');
  });

  it('works until just before the link expires', async () => {
    const world = createOnboardingWorld();
    const [early, late] = [await stateOf(world), await stateOf(world)];
    world.clock.advance(7 * dayMs - 1);
    expect(await outcomeOf(world, { state: early })).toBe('active');
    world.clock.advance(1);
    expect(await outcomeOf(world, { state: late })).toBe('unknownState');
  });

  it.each([undefined, '', 'never-made', 'x'.repeat(2000)])(
    'with the state %j does nothing',
    async (state) => {
      const world = createOnboardingWorld();
      await stateOf(world);
      expect(await outcomeOf(world, { state })).toBe('unknownState');
      expect((await world.stored()).checks).toEqual([]);
    },
  );

  it('with the hash in place of the state does nothing', async () => {
    const world = createOnboardingWorld();
    await stateOf(world);
    const [hash] = world.consents.awaited.keys();
    expect(await outcomeOf(world, { state: hash })).toBe('unknownState');
  });

  it.each([
    [
      'being removed',
      (world: OnboardingWorld) =>
        startRemoval(world.depsOf(), { tenantId: fabrikamId, purge: false, createdBy: 'key-1' }),
    ],
    ['gone', (world: OnboardingWorld) => forgetTenant(world.tenants, fabrikamId)],
  ])('to a tenant that is %s does nothing', async (_how, remove) => {
    const world = createOnboardingWorld();
    const state = await stateOf(world);
    await remove(world);
    expect(await outcomeOf(world, { state })).toBe('unknownState');
    expect(world.feed.started).toEqual([]);
    expect(world.queues.tenantChecks).toEqual([]);
  });

  it('after declining changes nothing, although consent is granted, and uses up the link', async () => {
    const world = createOnboardingWorld();
    const state = await stateOf(world);
    expect(await outcomeOf(world, { state, error: 'consent_required' })).toBe('declined');
    expect(await world.stored()).toMatchObject({ state: 'PendingConsent', checks: [] });
    expect(await outcomeOf(world, { state })).toBe('unknownState');
    expect(world.queues.tenantChecks).toEqual([]);
  });

  it.each([adatumId, undefined, '', 'common'])('for the tenant %j changes no tenant', async (tenant) => {
    const adatum = tenantNamed('Adatum', { tenantId: adatumId, state: 'PendingConsent' });
    const world = createOnboardingWorld({ tenants: [pendingFabrikam(), adatum] });
    const before = await world.tenants.list();
    expect(await outcomeOf(world, { state: await stateOf(world), tenant })).toBe('otherTenant');
    expect(await world.tenants.list()).toEqual(before);
    expect(world.feed.started).toEqual([]);
  });

  it('forged, without consent, proves nothing and is followed up', async () => {
    const world = createOnboardingWorld();
    world.signIn.refuse(noConsent);
    expect(await outcomeOf(world, { state: await stateOf(world) })).toBe('notProven');
    const { state, checks } = await world.stored();
    expect(state).toBe('PendingConsent');
    expect(checks[0]).toMatchObject({ name: 'consent', state: 'Failed', code: 'AADSTS7000229' });
    expect(world.feed.started).toEqual([]);
    expect(world.queues.pollRequests).toEqual([]);
    expect(world.queues.tenantChecks).toEqual([
      { message: { version: 1, tenantId: fabrikamId, attempt: 1 }, delayMs: minuteMs },
    ]);
  });

  it('before consent has reached all of Microsoft becomes active automatically', async () => {
    const world = createOnboardingWorld();
    world.signIn.grant('activityApi', []);
    expect(await outcomeOf(world, { state: await stateOf(world) })).toBe('notProven');
    world.signIn.grantAll();
    await world.drainChecks();
    expect((await world.stored()).state).toBe('Active');
  });

  it('to an active tenant adds the missing permissions', async () => {
    const world = createOnboardingWorld({ tenants: [activeFabrikam()] });
    expect(await outcomeOf(world, { state: await stateOf(world) })).toBe('active');
    expect((await world.stored()).checks.every(({ state }) => state === 'Passed')).toBe(true);
    expect(world.telemetry.of('tenants.tenant.activated')).toEqual([]);
  });

  it('is not lost in a crash, although its link is used up', async () => {
    const faults = createFaults();
    const probe = createOnboardingWorld();
    await outcomeOf(probe, { state: await stateOf(probe) }, faults);
    const asked = faults.steps.indexOf('queues.requestTenantCheck');
    expect(asked).toBeGreaterThan(0);
    for (const at of [...faults.steps.keys()].slice(asked + 1)) {
      const world = createOnboardingWorld();
      const state = await stateOf(world);
      await expect(outcomeOf(world, { state }, crashAt(at, 'crashBefore'))).rejects.toThrow(Crash);
      await world.drainChecks();
      expect((await world.stored()).state, faults.steps[at]).toBe('Active');
    }
  });
});

describe('links of a tenant that was registered again', () => {
  it('stay valid', async () => {
    const world = createOnboardingWorld();
    const state = await stateOf(world);
    await registerTenant(world.depsOf(), { tenantId: fabrikamId, displayName: 'Fabrikam Ltd' });
    expect(await outcomeOf(world, { state })).toBe('active');
  });
});
