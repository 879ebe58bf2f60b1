import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import { startRemoval } from '../../../shared/offboarding/start-removal.ts';
import { tenantUpdateSchema, updateTenant } from '../../../shared/tenants/update-tenant.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { createHttpWorld, errorOf } from './http-world.ts';
import { activeFabrikam, createOnboardingWorld } from './onboarding-world.ts';

const settings = {
  displayName: 'Fabrikam',
  tags: ['gold'],
  contentTypes: ['Audit.Exchange'],
  repairDrift: true,
  retention: { indexMonths: 12 },
} as const;
const changed = {
  displayName: 'Fabrikam Ltd',
  tags: ['emea'],
  contentTypes: ['Audit.General'],
  repairDrift: false,
  retention: { indexMonths: 24 },
} as const;

function createWorld() {
  const world = createOnboardingWorld({ tenants: [activeFabrikam(settings)] });
  const update = (body: object) => updateTenant(world.depsOf(), fabrikamId, tenantUpdateSchema.parse(body));
  return { ...world, update };
}

describe('updating a tenant', () => {
  it.each(Object.entries(changed))('changes %s alone', async (name, value) => {
    const world = createWorld();
    const updated = await world.update({ [name]: value });
    expect(updated).toMatchObject({ ...settings, [name]: value });
    expect(await world.stored()).toMatchObject({ ...settings, [name]: value });
  });

  it('changes nothing if nothing is sent', async () => {
    const world = createWorld();
    const before = { ...(await world.stored()), etag: 'any' };
    expect({ ...(await world.update({})), etag: 'any' }).toEqual(before);
    expect({ ...(await world.stored()), etag: 'any' }).toEqual(before);
  });

  it('starts the subscriptions to content types that are sent, also when an earlier check was cut off', async () => {
    const world = createWorld();
    await world.update({ contentTypes: ['Audit.General'] });
    expect(world.feed.started).toEqual(['Audit.General']);
    const other = createWorld();
    await other.update({ contentTypes: ['Audit.Exchange'] });
    expect(other.feed.started).toEqual(['Audit.Exchange']);
  });

  it('asks Microsoft nothing for other settings', async () => {
    const world = createWorld();
    world.signIn.refuse(new UpstreamError('fail', 'AADSTS7000229', 'No service principal.'));
    await world.update({ tags: ['emea'], displayName: 'Other', retention: {} });
    expect((await world.stored()).checks).toEqual([]);
    expect(world.queues.tenantChecks).toEqual([]);
  });

  it('checks again what has not passed', async () => {
    const world = createWorld();
    world.signIn.refuse(new UpstreamError('fail', 'AADSTS7000229', 'No service principal.'));
    await world.update({ contentTypes: ['Audit.General'] });
    expect(world.queues.tenantChecks).toMatchObject([{ message: { tenantId: fabrikamId, attempt: 1 } }]);
  });

  it('is refused while the tenant is being removed', async () => {
    const world = createWorld();
    await startRemoval(world.depsOf(), { tenantId: fabrikamId, purge: false, createdBy: 'key-1' });
    await expect(world.update({ tags: [] })).rejects.toMatchObject({ code: 'TenantBeingRemoved' });
    expect((await world.stored()).tags).toEqual(['gold']);
  });
});

describe('PATCH /tenants/{tenantId}', () => {
  it('answers the tenant', async () => {
    const world = await createHttpWorld([activeFabrikam(settings)]);
    const { status, jsonBody } = await world.update({ tags: [' Emea '] });
    expect({ status, jsonBody }).toMatchObject({ status: 200, jsonBody: { ...settings, tags: ['emea'] } });
  });

  it('does not register a tenant', async () => {
    const world = await createHttpWorld();
    const { status, jsonBody } = await world.update({ tags: [] });
    expect({ status, jsonBody }).toEqual({ status: 404, jsonBody: errorOf('TenantNotFound') });
    expect(await world.tenants.list()).toEqual([]);
  });

  it('refuses what cannot be changed', async () => {
    const world = await createHttpWorld([activeFabrikam(settings)]);
    const { status, jsonBody } = await world.update({ cloud: 'gcc' });
    expect({ status, jsonBody }).toEqual({ status: 400, jsonBody: errorOf('InvalidParameter', 'cloud') });
  });

  it('is closed to callers of some tenants, as tags decide who sees a tenant', async () => {
    const world = await createHttpWorld([activeFabrikam(settings)], { boundTo: fabrikamId });
    expect(await world.update({ tags: ['emea'] })).toMatchObject({ status: 403 });
    expect((await world.stored()).tags).toEqual(['gold']);
  });
});
