/** Onboarding tenants over HTTP. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { UpstreamError } from '../../../shared/errors.ts';
import { dayMs } from '../../support/clock.ts';
import { forgetTenant, adatumId, fabrikamId } from '../../support/tenants.ts';
import { createHttpWorld, errorOf, root } from './http-world.ts';
import { activeFabrikam, pendingFabrikam } from './onboarding-world.ts';

const noConsent = new UpstreamError('fail', 'AADSTS7000229', 'No service principal.');

describe('POST /tenants', () => {
  it('shows the retention that is set, and since when records are kept', async () => {
    const retained = { from: new Date('2026-01-01T00:00:00.000Z'), decidedAt: new Date() };
    const world = await createHttpWorld([activeFabrikam({ retained })]);
    const retention = { indexMonths: 3, rawDays: 124 };
    const { jsonBody } = await world.register({ tenantId: fabrikamId, retention });
    expect(jsonBody).toMatchObject({ retention, retainedFromDateTime: '2026-01-01T00:00:00.000Z' });
  });

  it.each([
    [{ indexMonths: 2 }, /indexMonths' must be at least 3/],
    [{ indexMonths: 1.5 }, /indexMonths' must be a whole number/],
    [{ indexMonths: 12, rawDays: 402 }, /rawDays' must be at least 403: the index keeps up to 13 months/],
    [{ rawDays: 10_000 }, /rawDays' requires a limit for the index as well/],
    [{ months: 12 }, /'months' is unknown|months/],
  ])('with the retention %j is refused', async (retention, message) => {
    const world = await createHttpWorld();
    const { status, jsonBody } = await world.register({ tenantId: fabrikamId, retention });
    expect(status).toBe(400);
    expect(JSON.stringify(jsonBody)).toMatch(message);
  });

  it('for a new tenant without consent is 201 with its address and the link', async () => {
    const world = await createHttpWorld();
    world.signIn.refuse(noConsent);
    const { status, jsonBody, headers } = await world.register({ tenantId: fabrikamId });
    expect({ status, location: headers['location'] }).toEqual({
      ...{ status: 201, location: `${root}/tenants/${fabrikamId}` },
    });
    expect(jsonBody).toMatchObject({
      ...{ tenantId: fabrikamId, state: 'PendingConsent', repairDrift: false, subscriptions: [] },
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'consent', state: 'Failed' }),
      ]) as unknown,
      consentUrlExpiresDateTime: new Date(world.clock.now().getTime() + 7 * dayMs).toISOString(),
    });
    const { consentUrl } = z.object({ consentUrl: z.url() }).parse(jsonBody);
    expect(new URL(consentUrl).searchParams.get('redirect_uri')).toBe(`${root}/consent/callback`);
    expect(JSON.stringify(jsonBody)).not.toMatch(/etag|leasedUntil|removalId/);
  });

  it('creates the link for the public address if there is one', async () => {
    const world = await createHttpWorld([], { publicUrl: 'https://front.example/audit' });
    world.signIn.refuse(noConsent);
    const { jsonBody } = await world.register({ tenantId: fabrikamId });
    const { consentUrl } = z.object({ consentUrl: z.url() }).parse(jsonBody);
    expect(new URL(consentUrl).searchParams.get('redirect_uri')).toBe(
      'https://front.example/audit/consent/callback',
    );
  });

  it('for a known tenant with all permissions is 200 without a link', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    const { status, jsonBody } = await world.register({ tenantId: fabrikamId });
    expect(status).toBe(200);
    expect(jsonBody).toMatchObject({ state: 'Active' });
    expect(jsonBody).not.toHaveProperty('consentUrl');
    expect(world.consents.awaited.size).toBe(0);
  });

  it('for an active tenant that lacks a permission has a link', async () => {
    const world = await createHttpWorld();
    world.signIn.grant('graph', []);
    const { jsonBody } = await world.register({ tenantId: fabrikamId });
    expect(jsonBody).toMatchObject({ state: 'Active', consentUrl: expect.any(String) as unknown });
  });

  it.each([
    [{}, 'tenantId'],
    [{ tenantId: fabrikamId, domain: 'fabrikam.example' }, 'tenantId'],
    [{ tenantId: 'fabrikam' }, 'tenantId'],
    [{ domain: 'fabrikam' }, 'domain'],
    [{ domain: 'unknown.example' }, 'domain'],
    [{ tenantId: fabrikamId, cloud: 'moon' }, 'cloud'],
    [{ tenantId: fabrikamId, surprise: 1 }, 'surprise'],
  ])('with %j is 400 and names %s', async (body, target) => {
    const world = await createHttpWorld();
    expect(await world.register(body)).toMatchObject({
      ...{ status: 400, jsonBody: errorOf('InvalidParameter', target) },
    });
    expect(await world.tenants.list()).toEqual([]);
  });

  it('while sign-in is unreachable is 503 with Retry-After', async () => {
    const world = await createHttpWorld();
    world.signIn.hideDomains(new UpstreamError('retry', 'ECONNREFUSED', 'Not reached.'));
    expect(await world.register({ domain: 'fabrikam.example' })).toMatchObject({
      ...{ status: 503, headers: { 'retry-after': '30' }, jsonBody: errorOf('ECONNREFUSED') },
    });
  });

  it('while the tenant is being removed is 409', async () => {
    const world = await createHttpWorld([activeFabrikam({ state: 'Removing' })]);
    expect(await world.register({ tenantId: fabrikamId })).toMatchObject({
      ...{ status: 409, jsonBody: errorOf('TenantBeingRemoved') },
    });
  });

  it('is refused to callers who may see one tenant only, even for that tenant', async () => {
    const world = await createHttpWorld([], { boundTo: fabrikamId });
    expect((await world.register({ tenantId: fabrikamId })).status).toBe(403);
    expect(await world.tenants.list()).toEqual([]);
  });
});

describe('POST /tenants/{tenantId}/checks', () => {
  it('checks now, and activates a tenant whose consent is granted', async () => {
    const world = await createHttpWorld([pendingFabrikam()]);
    const { status, jsonBody } = await world.check();
    expect(status).toBe(200);
    expect(jsonBody).toMatchObject({ tenantId: fabrikamId, state: 'Active' });
    expect((await world.get()).jsonBody).toEqual(jsonBody);
  });

  it('does not activate a removed tenant that access still caches', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    await world.get();
    await forgetTenant(world.tenants, fabrikamId);
    expect(await world.check()).toMatchObject({ status: 200, jsonBody: { state: 'Removing' } });
    expect(world.feed.started).toEqual([]);
    expect(await world.tenants.list()).toEqual([]);
  });
});

describe('POST /tenants/{tenantId}/consentLinks', () => {
  it('returns a link and its expiry', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    expect(await world.createLink()).toMatchObject({
      status: 200,
      jsonBody: {
        url: expect.stringContaining(`/${fabrikamId}/v2.0/adminconsent?`) as unknown,
        expiresDateTime: new Date(world.clock.now().getTime() + 7 * dayMs).toISOString(),
      },
    });
  });

  it.each(['being removed', 'gone'])(
    'of a tenant that is %s makes none, which would outlive it',
    async (how) => {
      const world = await createHttpWorld([activeFabrikam()]);
      await world.get();
      if (how === 'gone') await forgetTenant(world.tenants, fabrikamId);
      else await world.tenants.update(fabrikamId, { state: 'Removing' });
      expect(await world.createLink()).toMatchObject({
        ...{ status: 409, jsonBody: errorOf('TenantBeingRemoved') },
      });
      expect(world.consents.awaited.size).toBe(0);
    },
  );
});

describe('GET /consent/callback', () => {
  const stateOf = async (world: Awaited<ReturnType<typeof createHttpWorld>>): Promise<string> => {
    const { url } = z.object({ url: z.url() }).parse((await world.createLink()).jsonBody);
    return new URL(url).searchParams.get('state') ?? '';
  };
  const headingOf = (body = '') => /<h1>(.*)<\/h1>/.exec(body)?.[1];

  it.each([
    { what: 'given', status: 200, heading: 'Thank you, consent was granted' },
    {
      what: 'not to be seen yet',
      status: 200,
      heading: 'Thank you, consent was received',
      refusal: noConsent,
    },
    { what: 'declined', status: 400, heading: 'Consent was declined', more: 'error=consent_required' },
    {
      ...{ what: 'of another tenant', status: 400, heading: 'Wrong organization' },
      more: `tenant=${adatumId}`,
    },
  ])('of consent that is $what is $status, with a readable page', async (given) => {
    const { status, heading, refusal, more = '' } = given;
    const world = await createHttpWorld([pendingFabrikam()]);
    if (refusal !== undefined) world.signIn.refuse(refusal);
    const query = new URLSearchParams(`tenant=${fabrikamId}&state=${await stateOf(world)}`);
    for (const [name, value] of new URLSearchParams(more)) query.set(name, value);
    const answer = await world.comeBack(`admin_consent=True&${query.toString()}`);
    expect({ status: answer.status, heading: headingOf(answer.body) }).toEqual({ status, heading });
    expect(answer.headers).toMatchObject({
      ...{ 'content-type': 'text/html; charset=utf-8', 'referrer-policy': 'no-referrer' },
      ...{ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
      ...{ 'strict-transport-security': 'max-age=31536000' },
      'content-security-policy': expect.stringContaining("default-src 'none'") as unknown,
    });
  });

  it('a second time is 400', async () => {
    const world = await createHttpWorld([pendingFabrikam()]);
    const query = `tenant=${fabrikamId}&state=${await stateOf(world)}`;
    expect((await world.comeBack(query)).status).toBe(200);
    const { status, body } = await world.comeBack(query);
    expect({ status, heading: headingOf(body) }).toEqual({
      status: 400,
      heading: 'This link cannot be used',
    });
    expect(world.telemetry.of('tenants.consent.refused')).toEqual([{ code: 'unknownState' }]);
  });

  it.each(['', 'state=', `state=${'x'.repeat(5000)}`, 'error=access_denied', `tenant=${fabrikamId}`])(
    'with only %.40s is 400',
    async (query) => {
      const world = await createHttpWorld([pendingFabrikam()]);
      expect((await world.comeBack(query)).status).toBe(400);
    },
  );

  it('with wrong states counts against the address, is logged, and soon looks nothing up', async () => {
    const world = await createHttpWorld([pendingFabrikam()], { failuresPerMinute: 2 });
    const right = `tenant=${fabrikamId}&state=${await stateOf(world)}`;
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++)
      statuses.push((await world.comeBack(`state=wrong${count}`, '203.0.113.9')).status);
    expect(statuses).toEqual([400, 400, 429, 429]);
    expect(world.steps.filter((step) => step === 'consents.take')).toHaveLength(2);
    const refusals = world.entries.filter(({ caller }) => caller === undefined);
    expect(refusals.map(({ code, clientAddress }) => [code, clientAddress])).toEqual([
      ...[1, 2].map(() => ['Unauthorized', '203.0.113.9']),
      ...[3, 4].map(() => ['TooManyRequests', '203.0.113.9']),
    ]);
    expect((await world.comeBack(right, '203.0.113.9')).headers['retry-after']).toBe('30');
    expect((await world.comeBack(right, '203.0.113.10')).status).toBe(200);
    expect(world.entries.filter(({ caller }) => caller === undefined)).toHaveLength(5);
  });

  it('shows none of its parameters', async () => {
    const world = await createHttpWorld([pendingFabrikam()]);
    const script = encodeURIComponent('<script>alert(1)</script>');
    const { body } = await world.comeBack(
      `state=${script}&error=${script}&error_description=${script}&tenant=${script}`,
    );
    expect(body).not.toContain('alert');
    expect(JSON.stringify(world.telemetry.reported)).not.toContain('alert');
  });
});

describe('GET /tenants/{tenantId}/contentTypes', () => {
  it('lists what is collected, with the state of each existing subscription', async () => {
    const subscriptions = [
      { contentType: 'Audit.Exchange', enabled: true },
      { contentType: 'Audit.SharePoint', enabled: false, errorCode: 'AF20023' },
    ] as const;
    const contentTypes = ['Audit.Exchange', 'Audit.SharePoint', 'Audit.General'] as const;
    const world = await createHttpWorld([activeFabrikam({ contentTypes, subscriptions })]);
    expect(await world.contentTypes()).toMatchObject({
      status: 200,
      jsonBody: { value: [...subscriptions, { contentType: 'Audit.General' }] },
    });
  });

  it('shows what was subscribed to since the tenant was last opened', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    await world.contentTypes();
    await world.check();
    expect(await world.contentTypes()).toMatchObject({
      jsonBody: { value: [{ enabled: true }, { enabled: true }] },
    });
  });
});
