/** Webhook subscriptions to several tenants over HTTP. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { canonicalSet } from '../../../shared/access/tenant-set.ts';
import type { Scope } from '../../../shared/access/api-keys.ts';
import { dayMs } from '../../support/clock.ts';
import { guidOf } from '../../support/feed-world.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import type { ApiAnswer, ApiRequest } from '../../support/trigger-api.ts';
import { createTriggerWorld } from '../../support/trigger-world.ts';
import { received } from '../../support/webhook-world.ts';

const absentId = '3c1f7a52-8b6d-4e90-b7c4-5d2a9e8f1063';
const targetUrl = 'https://flows.example/hook?sig=signature';
const made = ({ json }: ApiAnswer) => z.looseObject({ id: z.string(), secret: z.string() }).parse(json);
const targets = (world: Awaited<ReturnType<typeof createSubscriptions>>) => world.sent.map(({ url }) => url);

async function createSubscriptions() {
  const world = await createTriggerWorld('timed');
  await world.tenants.update(fabrikamId, { tags: ['gold'] });
  const person = async (of = '*', scopes: readonly Scope[] = ['records.read']) => {
    const { text: key, id } = await world.createKey(of, scopes);
    const ask = (path: string, request: ApiRequest = {}) => world.call(path, { key, ...request });
    const call = (path = '', request: ApiRequest = {}) => ask(`subscriptions${path}`, request);
    return { id, ask, call, post: (body: object, path = '') => call(path, { method: 'POST', body }) };
  };
  return { ...world, person };
}

describe('a subscription to several tenants', () => {
  it('is created with a secret that is shown once, read, listed, tested, rotated, and deleted', async () => {
    const world = await createSubscriptions();
    const { call, post } = await world.person();
    const answer = await post({ targetUrl, tenants: `${fabrikamId.toUpperCase()}, tag:gold` });
    const tenants = canonicalSet([fabrikamId, 'tag:gold']);
    expect(answer).toMatchObject({ status: 201, json: { status: 'active', tenants, filters: {} } });
    const { id, secret } = made(answer);
    const read = await call(`/${id}`);
    expect(read).toMatchObject({ status: 200, json: { id, targetHost: 'flows.example', tenants } });
    expect(JSON.stringify([read.json, (await call()).json])).not.toMatch(/whsec|signature/);
    expect(await post({}, `/${id}/test`)).toMatchObject({ json: { delivered: true } });
    expect(targets(world)).toEqual([targetUrl]);
    expect(made(await post({}, `/${id}/rotateSecret`)).secret).not.toBe(secret);
    expect((await call(`/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`/${id}`)).json).toMatchObject({ error: { code: 'SubscriptionNotFound' } });
  });

  it('is to all tenants by default, and delivers addresses of this app', async () => {
    const world = await createSubscriptions();
    const { post } = await world.person();
    expect((await post({ targetUrl })).json).toMatchObject({ tenants: '*' });
    await world.publish([{ id: guidOf('a') }], fabrikamId);
    await world.drain();
    expect(world.sent.flatMap((webhook) => received(webhook).value)).toMatchObject([
      { url: `https://auditkeep.example/api/tenants/${fabrikamId}/records/${guidOf('a')}` },
    ]);
  });

  it('belongs to all callers who may read the same tenants, and does not exist for others', async () => {
    const world = await createSubscriptions();
    const [maker, same] = [await world.person(), await world.person()];
    const { id } = made(await maker.post({ targetUrl }));
    expect((await same.call(`/${id}`)).status).toBe(200);
    for (const of of ['tag:gold', fabrikamId, adatumId]) {
      const other = await world.person(of, ['records.read', 'tenants.manage']);
      expect((await other.call()).json).toEqual({ value: [] });
      for (const [path, request] of [
        ['', {}],
        ['/test', { method: 'POST' }],
        ['/rotateSecret', { method: 'POST' }],
      ] as const)
        expect(await other.call(`/${id}${path}`, request)).toMatchObject({ status: 404 });
      expect((await other.call(`/${id}`, { method: 'DELETE' })).status).toBe(204);
    }
    expect((await maker.call(`/${id}`)).status).toBe(200);
    expect((await maker.ask(`tenants/${fabrikamId}/subscriptions/${id}`)).status).toBe(404);
  });

  it('is changed by its maker, and by those who manage the same tenants', async () => {
    const world = await createSubscriptions();
    const [maker, same] = [await world.person(), await world.person()];
    const { id } = made(await maker.post({ targetUrl }));
    const change = async ({ post, call }: typeof maker) => [
      (await post({}, `/${id}/test`)).status,
      (await post({}, `/${id}/rotateSecret`)).status,
      (await call(`/${id}`, { method: 'DELETE' })).status,
    ];
    expect(await change(same)).toEqual([403, 403, 403]);
    const manager = await world.person('*', ['records.read', 'tenants.manage']);
    expect(await change(manager)).toEqual([200, 200, 204]);
  });

  it('is deleted by its Location years later, even if the key is gone, and nothing else is', async () => {
    const world = await createSubscriptions();
    const maker = await world.person('tag:gold');
    const [one, other] = [await maker.post({ targetUrl }), await maker.post({ targetUrl })];
    const location = one.headers.get('location') ?? '';
    await world.revoke(maker.id);
    world.clock.advance(3 * 365 * dayMs);
    const elsewhere = location.replace(made(one).id, made(other).id);
    const ofTenant = location.replace('/subscriptions', `/tenants/${fabrikamId}/subscriptions`);
    for (const address of [elsewhere, ofTenant])
      expect((await world.call(address, { method: 'DELETE' })).status).toBe(401);
    expect((await world.call(location)).status).toBe(401);
    expect((await world.call(location, { method: 'DELETE' })).status).toBe(204);
    expect(await world.deps.subscriptions.listOfSets()).toMatchObject([{ subscriptionId: made(other).id }]);
  });

  it.each([
    ['the tenant of others', { tenants: adatumId }, 404, 'TenantNotFound'],
    ['a tenant that does not exist', { tenants: absentId }, 404, 'TenantNotFound'],
    ['a search that does not exist', { search: 'none' }, 404, 'SearchNotFound'],
    ['tenants next to a search', { search: 'none', tenants: '*' }, 400, 'InvalidParameter'],
    ['unknown filters', { filters: { bogus: 'x' } }, 400, 'InvalidParameter'],
    ['an empty set', { tenants: '' }, 400, 'InvalidParameter'],
  ])('that names %s is refused', async (_, body, status, code) => {
    const world = await createSubscriptions();
    const { post } = await world.person(fabrikamId);
    expect(await post({ targetUrl, ...body })).toMatchObject({ status, json: { error: { code } } });
    expect(await world.deps.subscriptions.listOfSets()).toEqual([]);
  });

  it('keeps its search: it is not deleted, and neither filters nor tenants are changed by others', async () => {
    const world = await createSubscriptions();
    const [maker, other] = [await world.person(), await world.person()];
    const save = (body: object) => maker.ask('searches/rules', { method: 'PUT', body });
    await save({ filters: {}, tenants: 'tag:gold' });
    const { id } = made(await other.post({ targetUrl, search: 'RULES' }));
    const inUse = { status: 409, json: { error: { code: 'SearchInUse' } } };
    expect(await save({ filters: {} })).toMatchObject(inUse);
    expect(await save({ filters: { users: 'x' }, tenants: 'tag:gold' })).toMatchObject(inUse);
    expect(await save({ filters: {}, tenants: 'tag:gold', displayName: 'Rules' })).toMatchObject({
      status: 200,
    });
    expect(await maker.ask('searches/rules', { method: 'DELETE' })).toMatchObject(inUse);
    await other.call(`/${id}`, { method: 'DELETE' });
    expect((await save({ filters: {} })).status).toBe(200);
  });
});
