/** Saved searches of several tenants, which callers share who may read the same tenants. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { holds } from '../../../shared/access/caller.ts';
import { ownerOfSet, sharedSpace } from '../../../shared/access/owner.ts';
import { canonicalSet } from '../../../shared/access/tenant-set.ts';
import { guidOf } from '../../support/feed-world.ts';
import { adatumId, fabrikamId, forgetTenant } from '../../support/tenants.ts';
import type { ApiAnswer, ApiRequest } from '../../support/trigger-api.ts';
import { createTriggerWorld } from '../../support/trigger-world.ts';

const absentId = '3c1f7a52-8b6d-4e90-b7c4-5d2a9e8f1063';
const rule = (name: string) => ({ id: guidOf(name), operation: 'New-InboxRule' });
const rules = { operations: ['New-InboxRule'] };
const locationOf = ({ headers }: ApiAnswer) => headers.get('location') ?? '';
const newRecords = z.object({ value: z.array(z.looseObject({ id: z.string(), tenantId: z.string() })) });
const idsIn = ({ json }: ApiAnswer) => newRecords.parse(json).value.map(({ id }) => id);

async function createSearches() {
  const world = await createTriggerWorld('timed');
  await world.tenants.update(fabrikamId, { tags: ['gold'], domain: 'fabrikam.example' });
  const person = async (tenants: string) => {
    const { text: key, id } = await world.createKey(tenants);
    const call = (path: string, request: ApiRequest = {}) =>
      world.call(`searches${path}`, { key, ...request });
    const put = (name: string, body: object, headers: Record<string, string> = {}) =>
      call(`/${name}`, { method: 'PUT', body, headers });
    return { id, key, call, put };
  };
  return { ...world, person };
}

describe('a saved search of several tenants', () => {
  it('is created, read, listed, replaced, and deleted', async () => {
    const { person } = await createSearches();
    const { call, put } = await person('*');
    const made = await put('Inbox.rules', { filters: rules, tenants: 'Fabrikam.example, tag:GOLD' });
    const tenants = canonicalSet([fabrikamId, 'tag:gold']);
    expect(made).toMatchObject({ status: 201, json: { name: 'Inbox.rules', tenants, filters: rules } });
    expect(made.headers.get('location')).toMatch(/\/api\/searches\/Inbox\.rules$/);
    const again = await put('inbox.rules', { filters: rules });
    expect(again).toMatchObject({ status: 200, json: { tenants: '*' } });
    const etag = (await call('/INBOX.rules')).headers.get('etag') ?? '';
    expect((await call('/inbox.rules', { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await put('inbox.rules', { filters: {} }, { 'if-none-match': '*' })).status).toBe(412);
    expect(await call('')).toMatchObject({ json: { value: [{ name: 'inbox.rules', tenants: '*' }] } });
    expect((await call('/inbox.rules', { method: 'DELETE' })).status).toBe(204);
    expect((await call('/inbox.rules')).json).toMatchObject({ error: { code: 'SearchNotFound' } });
  });

  it('belongs to all callers who may read the same tenants, and does not exist for others', async () => {
    const { call, person } = await createSearches();
    const ofAll = await person('*');
    const others = [await person('tag:gold'), await person(fabrikamId), await person(adatumId)];
    await ofAll.put('rules', { filters: rules });
    expect((await (await person('*')).call('/rules')).status).toBe(200);
    for (const other of others) {
      const unknown = { status: 404, json: { error: { code: 'SearchNotFound' } } };
      for (const path of ['/rules', '/rules/records', '/rules/feed'])
        expect(await other.call(path)).toMatchObject(unknown);
      expect(await other.call('')).toMatchObject({ status: 200, json: { value: [] } });
      expect((await other.put('rules', { filters: {} })).status).toBe(201);
    }
    expect(await ofAll.call('/rules')).toMatchObject({ json: { filters: rules } });
    const ofTenant = await call(`tenants/${fabrikamId}/searches`, { key: ofAll.key });
    expect(ofTenant).toMatchObject({ json: { value: [] } });
  });

  it('is changed by its maker, not by others who share it', async () => {
    const { person } = await createSearches();
    await (await person('*')).put('rules', { filters: rules });
    const other = await person('*');
    expect((await other.put('rules', { filters: {} })).status).toBe(403);
    expect((await other.call('/rules', { method: 'DELETE' })).status).toBe(403);
  });

  it.each([
    ['the tenant of others', adatumId, 404, 'TenantNotFound'],
    ['a tenant that does not exist', absentId, 404, 'TenantNotFound'],
    ['a tag that cannot exist', 'tag:?', 400, 'InvalidParameter'],
    ['nothing', '', 400, 'InvalidParameter'],
    ['too much', Array.from({ length: 101 }, (_, at) => `tag:t${at}`).join(','), 400, 'InvalidParameter'],
  ])('that names %s is refused', async (_, tenants, status, code) => {
    const { person } = await createSearches();
    const { put, call } = await person(fabrikamId);
    expect(await put('rules', { filters: rules, tenants })).toMatchObject({
      status,
      json: { error: { code } },
    });
    expect(await call('')).toMatchObject({ json: { value: [] } });
  });

  it('has a feed of the tenants that are in its set when it is read, also by Location alone', async () => {
    const world = await createSearches();
    const { call, put } = await world.person('*');
    await put('rules', { filters: rules, tenants: 'tag:gold' });
    const address = locationOf(await call('/rules/feed'));
    await world.ingest([rule('a'), { id: guidOf('b') }]);
    await world.ingest([rule('c')], adatumId);
    const answer = await world.call(address);
    expect(newRecords.parse(answer.json).value).toMatchObject([
      { id: guidOf('a'), tenantId: fabrikamId, tenantDisplayName: 'Fabrikam' },
    ]);
    await world.tenants.update(adatumId, { tags: ['gold'] });
    await forgetTenant(world.tenants, fabrikamId);
    await world.ingest([rule('d')], adatumId);
    expect(idsIn(await world.call(locationOf(answer)))).toEqual([guidOf('d')]);
    expect((await call('/rules/feed?tenants=*')).status).toBe(400);
  });

  it('is read only by its own Location, not by that of a search of that name of others', async () => {
    const world = await createSearches();
    const [all, gold] = [await world.person('*'), await world.person('tag:gold')];
    await all.put('rules', { filters: rules });
    await all.put('others', { filters: {} });
    await gold.put('rules', { filters: {} });
    await world.ingest([rule('gold')]);
    await world.ingest([rule('adatum')], adatumId);
    const address = locationOf(await gold.call('/rules/feed?start=beginning'));
    expect((await world.call(address.replace('/rules/', '/others/'))).status).toBe(401);
    // The token says whose search it is.
    expect(idsIn(await world.call(address))).toEqual([guidOf('gold')]);
  });

  it('is queried like the list of several tenants, of those that the caller may read', async () => {
    const { person, tenants } = await createSearches();
    const { call, put } = await person('tag:gold');
    await put('rules', { filters: rules, tenants: `${fabrikamId},tag:silver` });
    const found = await call('/rules/records?top=5');
    expect(found).toMatchObject({ status: 200, json: { value: [], tenants: [{ tenantId: fabrikamId }] } });
    expect((await call('/rules/records?operations=x')).status).toBe(400);
    await forgetTenant(tenants, fabrikamId);
    expect(await call('/rules/records')).toMatchObject({
      status: 404,
      json: { error: { code: 'TenantNotFound' } },
    });
  });
});

describe('what callers share', () => {
  it('gives them no scope that they have elsewhere only', () => {
    const caller = {
      id: 'entra:a/b',
      grants: [
        { tenants: 'tag:gold', scopes: ['records.read', 'auditing.enable'] },
        { tenants: fabrikamId, scopes: ['tenants.manage'] },
        { tenants: '*', scopes: ['keys.manage'] },
      ],
    } as const;
    const space = sharedSpace(caller);
    expect(space.owner).toBe(ownerOfSet(space.tenants));
    expect(space.tenants).toBe('tag:gold');
    expect(space.caller.id).toBe(caller.id);
    const held = (['records.read', 'auditing.enable', 'keys.manage', 'tenants.manage'] as const).map(
      (scope) => holds(space.caller, scope),
    );
    expect(held).toEqual([true, true, true, false]);
  });
});
