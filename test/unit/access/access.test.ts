import { describe, expect, it } from 'vitest';
import { plainAccess } from '../../support/access-defaults.ts';
import { createAccess, type Caller } from '../../../shared/access/access.ts';
import { newApiKey, parseApiKey, type ApiKey } from '../../../shared/access/api-keys.ts';
import { callerWith, type Grant } from '../../../shared/access/caller.ts';
import { RequestError } from '../../../shared/errors.ts';
import type { TenantChanges } from '../../../shared/tenants/tenant.ts';
import { createClock, hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults } from '../../support/faults.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';

const absentId = '3c1f7a52-8b6d-4e90-b7c4-5d2a9e8f1063';
const tenants = [
  tenantNamed('Fabrikam', { tenantId: fabrikamId }),
  tenantNamed('Adatum', { tenantId: adatumId }),
];

function createWorld(stored = tenants) {
  const clock = createClock();
  const telemetry = createRecordingTelemetry();
  const store = createFakeApiKeyStore();
  const faults = createFaults();
  const tenantStore = createFakeTenantStore(stored);
  const access = createAccess({
    ...plainAccess,
    keys: faults.inject('keys', store),
    tenants: faults.inject('tenants', tenantStore),
    telemetry: telemetry.telemetry,
    now: clock.now,
  });
  const issue = async (changes: Partial<ApiKey> = {}): Promise<{ key: ApiKey; text: string }> => {
    const made = newApiKey({ name: 'Portal', tenants: fabrikamId, scopes: ['records.read'] }, clock.now());
    const key = { ...made.key, ...changes };
    await store.create(key);
    return { key, text: made.text };
  };
  return { access, clock, store, tenantStore, telemetry, issue, steps: faults.steps };
}

const callerOf = (changes: Partial<Grant> = {}): Caller =>
  callerWith('0123456789abcdef', { tenants: fabrikamId, scopes: ['records.read'], ...changes });

/** The credentials of a request with or without a key. */
const keyed = (apiKey: string | null) => ({ apiKey, authorization: null });

/** All that a caller gets to see of a refusal. */
async function refusalOf(attempt: () => unknown): Promise<unknown> {
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { status, code, message, target, headers } = error;
    return { status, code, message, target, headers };
  }
  throw new Error('It was not refused.');
}

describe('authenticating', () => {
  it('returns the caller with the tenants and scopes of the key', async () => {
    const { access, issue } = createWorld();
    const { key, text } = await issue();
    expect(await access.authenticate(keyed(text))).toMatchObject({
      id: key.id,
      grants: [{ tenants: fabrikamId, scopes: ['records.read'] }],
    });
  });

  it('accepts both secrets of a key that is being rotated', async () => {
    const { access, clock, issue, store } = createWorld();
    const [old, next] = [await issue(), newApiKey({ name: '', tenants: '*', scopes: [] }, new Date(0))];
    const both = { ...old.key, id: 'feedfacefeedface' };
    const secretHashes = [...next.key.secretHashes, ...old.key.secretHashes];
    const overlapUntil = new Date(clock.now().getTime() + hourMs);
    await store.create({ ...both, secretHashes, overlapUntil });
    for (const text of [old.text, next.text]) {
      const secret = parseApiKey(text)?.secret ?? '';
      expect((await access.authenticate(keyed(`ak_${both.id}_${secret}`))).id).toBe(both.id);
    }
  });

  it('refuses everything invalid in the same way, so that no caller learns the reason', async () => {
    const { access, clock, issue } = createWorld();
    const sound = await issue();
    const expired = await issue({ expiresDateTime: clock.now() });
    const other = await issue();
    const [soundKey, otherKey] = [parseApiKey(sound.text), parseApiKey(other.text)];
    const attempts = [
      ...[null, '', 'nonsense', expired.text],
      `ak_feedfacefeedface_${soundKey?.secret ?? ''}`,
      `ak_${soundKey?.id ?? ''}_${otherKey?.secret ?? ''}`,
      `ak_${soundKey?.id ?? ''}_${'x'.repeat(43)}`,
      sound.text.toUpperCase(),
    ];
    const refusals = await Promise.all(
      attempts.map((attempt) => refusalOf(() => access.authenticate(keyed(attempt)))),
    );
    expect(refusals[0]).toMatchObject({ status: 401, code: 'Unauthorized' });
    for (const refusal of refusals) expect(refusal).toEqual(refusals[0]);
  });

  it('refuses a key from the moment it expires', async () => {
    const { access, clock, issue } = createWorld();
    const { text } = await issue({ expiresDateTime: new Date(clock.now().getTime() + minuteMs) });
    expect(await access.authenticate(keyed(text))).toBeDefined();
    clock.advance(minuteMs);
    expect(await refusalOf(() => access.authenticate(keyed(text)))).toMatchObject({ status: 401 });
  });

  it('throws when the keys cannot be read: an outage does not make a key invalid', async () => {
    const telemetry = createRecordingTelemetry();
    const failure = new Error('Storage is away.');
    const keys = createFaults(() => failure).inject('keys', createFakeApiKeyStore());
    const deps = { keys, tenants: createFakeTenantStore(), telemetry: telemetry.telemetry };
    const access = createAccess({ ...plainAccess, ...deps, now: createClock().now });
    const { text } = newApiKey({ name: 'Portal', tenants: '*', scopes: [] }, new Date(0));
    await expect(access.authenticate(keyed(text))).rejects.toBe(failure);
  });

  it('records the use of a key to the hour', async () => {
    const { access, clock, issue, store, steps } = createWorld();
    const { key, text } = await issue({
      lastUsedDateTime: new Date(clock.now().getTime() - 2 * hourMs),
    });
    await access.authenticate(keyed(text));
    await access.authenticate(keyed(text));
    expect((await store.get(key.id))?.lastUsedDateTime).toEqual(clock.now());
    expect(steps).toEqual(['keys.get', 'keys.touch']);
  });

  it('does not write for a key that was used within the hour', async () => {
    const { access, clock, issue, steps } = createWorld();
    const { text } = await issue({ lastUsedDateTime: new Date(clock.now().getTime() - minuteMs) });
    await access.authenticate(keyed(text));
    expect(steps).toEqual(['keys.get']);
  });
});

describe('opening a tenant', () => {
  it('opens it for a caller with access, whatever the case of the id', async () => {
    const { access } = createWorld();
    for (const tenantId of [fabrikamId, fabrikamId.toUpperCase()]) {
      const tenant = await access.openTenant(callerOf(), tenantId, 'records.read');
      expect(tenant.displayName).toBe('Fabrikam');
    }
    const partner = callerOf({ tenants: '*' });
    expect((await access.openTenant(partner, adatumId, 'records.read')).displayName).toBe('Adatum');
  });

  it('answers the same for another tenant, an absent one and an invalid id, whatever the scopes', async () => {
    const { access } = createWorld();
    const bound = callerOf({ scopes: [] });
    const refusals = await Promise.all(
      [adatumId, absentId, 'nonsense', '', '../fabrikam', '*'].map((tenantId) =>
        refusalOf(() => access.openTenant(bound, tenantId, 'records.read')),
      ),
    );
    expect(refusals[0]).toMatchObject({ status: 404, code: 'TenantNotFound' });
    for (const refusal of refusals) expect(refusal).toEqual(refusals[0]);
  });

  it.each([
    ['fabrikam.example', 'fabrikam.example'],
    ['Fabrikam.Example', 'fabrikam.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
  ])('opens it by its domain %s', async (name, domain) => {
    const { access, tenantStore } = createWorld();
    await tenantStore.update(fabrikamId, { domain });
    for (const caller of [callerOf(), callerOf({ tenants: '*' })])
      expect((await access.openTenant(caller, name, 'records.read')).tenantId).toBe(fabrikamId);
  });

  it('opens it by every domain that it has verified', async () => {
    const { access, tenantStore } = createWorld();
    const domains = ['fabrikam.example', 'fabrikam-cdn.example'];
    await tenantStore.update(fabrikamId, { domain: 'fabrikam.example', domains });
    for (const caller of [callerOf(), callerOf({ tenants: '*' })])
      for (const name of [...domains, 'Fabrikam-CDN.example'])
        expect((await access.openTenant(caller, name, 'records.read')).tenantId).toBe(fabrikamId);
  });

  it('opens the tenant that has the domain now, not one that it was registered for and has left', async () => {
    const left = { domain: 'moved.example', domains: ['fabrikam.example'] };
    const opened = async (caller: Caller, changes: TenantChanges) => {
      const { access, tenantStore } = createWorld();
      await tenantStore.update(fabrikamId, left);
      await tenantStore.update(adatumId, changes);
      return (await access.openTenant(caller, 'moved.example', 'records.read')).tenantId;
    };
    const partner = callerOf({ tenants: '*' });
    expect(await opened(partner, {})).toBe(fabrikamId);
    expect(await opened(partner, { domains: ['moved.example'] })).toBe(adatumId);
    expect(await opened(partner, { domain: 'moved.example' })).toBe(adatumId);
    expect(await opened(callerOf(), { domains: ['moved.example'] })).toBe(fabrikamId);
  });

  const registered = (day: string) => ({
    domain: 'x.example',
    createdDateTime: new Date(`${day}T00:00:00Z`),
  });
  const verified = (day: string) => ({
    domains: ['fabrikam.example', 'x.example'],
    domainsReadDateTime: `${day}T00:00:00.000Z`,
  });

  it.each([
    ['verified it', registered('2026-02-01'), verified('2026-03-01'), adatumId],
    ['verified it, though no list was dated', registered('2026-01-15'), { domains: ['x.example'] }, adatumId],
    ['verified it last', verified('2026-03-01'), verified('2026-03-02'), adatumId],
    [
      'was registered by it after the list was read',
      registered('2026-03-02'),
      verified('2026-03-01'),
      fabrikamId,
    ],
    ['has it still', { ...registered('2026-03-02'), domains: [] }, registered('2026-01-15'), adatumId],
  ])('opens, of two tenants with a domain, the one that %s', async (_what, fabrikam, adatum, wanted) => {
    for (const isSwapped of [false, true]) {
      const [one, other] = isSwapped ? [adatumId, fabrikamId] : [fabrikamId, adatumId];
      const { access } = createWorld([
        tenantNamed('One', { tenantId: one, ...fabrikam }),
        tenantNamed('Other', { tenantId: other, ...adatum }),
      ]);
      const opened = await access.openTenant(callerOf({ tenants: '*' }), 'X.example', 'records.read');
      expect(opened.displayName).toBe(wanted === fabrikamId ? 'One' : 'Other');
    }
  });

  it('answers the same, after the same reads, for the domain of another tenant and for an unknown one', async () => {
    const { access, tenantStore, steps } = createWorld();
    await tenantStore.update(adatumId, { domain: 'adatum.example', domains: ['adatum-cdn.example'] });
    const refusals = [];
    for (const name of [
      'adatum.example',
      'adatum-cdn.example',
      'absent.example',
      'adatum.example/',
      'adatum',
    ]) {
      refusals.push(await refusalOf(() => access.openTenant(callerOf(), name, 'records.read')));
    }
    expect(refusals[0]).toMatchObject({ status: 404, code: 'TenantNotFound' });
    for (const refusal of refusals) expect(refusal).toEqual(refusals[0]);
    expect(steps.filter((step) => step.startsWith('tenants.list'))).toEqual([]);
  });

  it('reads all tenants once for many domains, and again for one that is unknown', async () => {
    const { access, tenantStore, steps } = createWorld();
    const partner = callerOf({ tenants: '*' });
    await tenantStore.update(fabrikamId, { domain: 'fabrikam.example' });
    const open = (name: string) => access.openTenant(partner, name, 'records.read');
    await Promise.all(Array.from({ length: 20 }, () => open('fabrikam.example')));
    const lists = () => steps.filter((step) => step === 'tenants.list').length;
    expect(lists()).toBe(1);
    expect(await refusalOf(() => open('adatum.example'))).toMatchObject({ status: 404 });
    await tenantStore.update(adatumId, { domain: 'adatum.example' });
    expect((await open('adatum.example')).tenantId).toBe(adatumId);
    expect(lists()).toBe(3);
  });

  it('asks for the ID if two tenants have the domain', async () => {
    const { access, tenantStore } = createWorld();
    for (const id of [fabrikamId, adatumId]) await tenantStore.update(id, { domain: 'both.example' });
    const partner = callerOf({ tenants: '*' });
    const refusal = await refusalOf(() => access.openTenant(partner, 'both.example', 'records.read'));
    expect(refusal).toMatchObject({ status: 400, target: 'tenantId' });
    // A caller of one of them sees no other.
    expect((await access.openTenant(callerOf(), 'both.example', 'records.read')).tenantId).toBe(fabrikamId);
  });

  it('answers 403 for a visible tenant without the scope', async () => {
    const { access } = createWorld();
    const refusal = refusalOf(() => access.openTenant(callerOf(), fabrikamId, 'tenants.manage'));
    expect(await refusal).toMatchObject({ status: 403, code: 'Forbidden' });
  });

  it('finds a tenant that was registered a moment ago', async () => {
    const telemetry = createRecordingTelemetry();
    const store = createFakeTenantStore();
    const deps = { keys: createFakeApiKeyStore(), tenants: store, telemetry: telemetry.telemetry };
    const access = createAccess({ ...plainAccess, ...deps, now: createClock().now });
    const open = () => access.openTenant(callerOf(), fabrikamId, 'records.read');
    expect(await refusalOf(open)).toMatchObject({ status: 404 });
    await store.create(tenantNamed('Fabrikam', { tenantId: fabrikamId }));
    expect((await open()).tenantId).toBe(fabrikamId);
  });
});

describe('an operation on all tenants', () => {
  it('requires a key for all tenants and the scope', async () => {
    const { access } = createWorld();
    const partner = callerOf({ tenants: '*', scopes: ['tenants.manage'] });
    access.requireAllTenants(partner, 'tenants.manage');
    for (const caller of [callerOf({ scopes: ['tenants.manage'] }), callerOf({ tenants: '*' })]) {
      const refusal = refusalOf(() => {
        access.requireAllTenants(caller, 'tenants.manage');
      });
      expect(await refusal).toMatchObject({ status: 403 });
    }
  });

  it('shows a caller only what is theirs', async () => {
    const { access } = createWorld();
    const idsFor = async (caller: Caller) =>
      (await access.visibleTenants(caller)).map(({ tenantId }) => tenantId);
    expect(await idsFor(callerOf())).toEqual([fabrikamId]);
    expect(await idsFor(callerOf({ tenants: '*' }))).toEqual([fabrikamId, adatumId].sort());
    expect(await idsFor(callerOf({ tenants: absentId }))).toEqual([]);
  });
});

describe('telemetry of access', () => {
  it('has every refusal and every privileged call, with the caller and the scope', async () => {
    const { access, telemetry } = createWorld();
    const caller = callerOf({ scopes: ['tenants.manage'] });
    await access.openTenant(caller, fabrikamId, 'tenants.manage');
    await refusalOf(() => access.openTenant(caller, fabrikamId, 'records.read'));
    await refusalOf(() => access.openTenant(caller, adatumId, 'records.read'));
    expect(telemetry.of('access.privileged.called')).toEqual([
      { caller: caller.id, scope: 'tenants.manage', tenantId: fabrikamId },
    ]);
    expect(telemetry.of('access.request.refused')).toMatchObject([
      { code: 'Forbidden', caller: caller.id, tenantId: fabrikamId },
      { code: 'TenantNotFound', caller: caller.id },
    ]);
  });

  it('never contains a secret or its hash', async () => {
    const { access, clock, issue, telemetry } = createWorld();
    const { key, text } = await issue({ scopes: ['tenants.manage'] });
    const secret = parseApiKey(text)?.secret ?? '';
    const caller = await access.authenticate(keyed(text));
    access.require(caller, 'tenants.manage');
    for (const wrong of [text.toUpperCase(), `${text}x`, `ak_feedfacefeedface_${secret}`]) {
      await refusalOf(() => access.authenticate(keyed(wrong)));
    }
    const expired = await issue({ expiresDateTime: clock.now() });
    await refusalOf(() => access.authenticate(keyed(expired.text)));
    const reported = JSON.stringify(telemetry.reported);
    expect(telemetry.reported.length).toBeGreaterThan(4);
    for (const hidden of [secret, secret.toUpperCase(), ...key.secretHashes, expired.text.slice(20)]) {
      expect(reported).not.toContain(hidden);
    }
  });
});
