/** A saved search that others rely on is neither changed nor deleted under them. */
import { callerWith } from '../../../shared/access/caller.ts';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../shared/access/api-keys.ts';
import { deleteSearch, type ChangeSearchDeps } from '../../../shared/searches/change-search.ts';
import { createSubscription } from '../../../shared/webhooks/manage-subscriptions.ts';
import { fabrikamId } from '../../support/tenants.ts';
import type { ApiRequest } from '../../support/trigger-api.ts';
import { createTriggerWorld } from '../../support/trigger-world.ts';

const tenantId = fabrikamId;
const tenant = `tenants/${tenantId}`;
const targetUrl = 'https://flows.example/hook';

async function createMakers() {
  const world = await createTriggerWorld();
  const person = async (scopes: readonly Scope[] = ['records.read']) => {
    const { id, text } = await world.createKey('*', scopes);
    const call = (path: string, request: ApiRequest = {}) =>
      world.call(`${tenant}/${path}`, { key: text, ...request });
    return {
      caller: callerWith(id, { tenants: '*', scopes }),
      save: (filters: object, body: object = {}) =>
        call('searches/Rules', { method: 'PUT', body: { filters, ...body } }),
      remove: () => call('searches/rules', { method: 'DELETE' }),
      subscribe: () => call('subscriptions', { method: 'POST', body: { targetUrl, search: 'RULES' } }),
      unsubscribe: (id: string) => call(`subscriptions/${id}`, { method: 'DELETE' }),
      stored: async () => (await call('searches/rules')).json,
    };
  };
  const [maker, other] = [await person(), await person()];
  const manager = await person(['records.read', 'tenants.manage']);
  return { ...world, maker, other, manager };
}

const forbidden = { status: 403, json: { error: { code: 'Forbidden' } } };
const inUse = { status: 409, json: { error: { code: 'SearchInUse' } } };

const siem = {
  ...{
    destinationId: '9b2f6e0a-4c1d-4e8f-a3b5-7d6c5e4f3a21',
    displayName: 'SIEM',
    kind: 'test',
    settings: {},
  },
  ...{
    tenants: '*',
    filters: {},
    paused: false,
    createdBy: 'someone',
    createdDateTime: new Date(0),
    since: new Date(0),
  },
};

describe('a saved search that is not used', () => {
  it('is changed and deleted by its maker and by callers who manage tenants, and shows who made it', async () => {
    const { maker, other, manager } = await createMakers();
    expect(await maker.save({ users: 'x' })).toMatchObject({ status: 201 });
    expect(await other.save({ users: 'y' })).toMatchObject(forbidden);
    expect(await other.remove()).toMatchObject(forbidden);
    expect(await maker.stored()).toMatchObject({ filters: { users: ['x'] }, createdBy: maker.caller.id });
    expect((await manager.save({ users: 'z' })).status).toBe(200);
    expect(await maker.stored()).toMatchObject({ createdBy: maker.caller.id });
    expect((await maker.save({ users: 'x' })).status).toBe(200);
    expect((await maker.remove()).status).toBe(204);
    expect((await other.save({})).status).toBe(201);
    expect((await manager.remove()).status).toBe(204);
  });

  it('was stored before makers were: only callers who manage tenants change or delete it', async () => {
    const { deps, maker, manager } = await createMakers();
    const lastModifiedDateTime = new Date('2026-01-01');
    await deps.searches.put(
      { owner: tenantId, name: 'Rules', filters: {}, lastModifiedDateTime },
      { kind: 'absent' },
    );
    expect(await maker.save({ users: 'x' })).toMatchObject(forbidden);
    expect(await maker.remove()).toMatchObject(forbidden);
    expect((await manager.save({ users: 'x' })).status).toBe(200);
    expect((await manager.remove()).status).toBe(204);
  });
});

describe('a saved search that a webhook subscription uses', () => {
  it('is not deleted by anyone, and the answer names what uses it', async () => {
    const { maker, other, manager } = await createMakers();
    await maker.save({ users: 'x' });
    const { json } = await other.subscribe();
    const { id } = json as { readonly id: string };
    for (const caller of [maker, manager]) {
      const answer = await caller.remove();
      expect(answer).toMatchObject(inUse);
      expect(JSON.stringify(answer.json)).toContain(id);
    }
    expect((await other.unsubscribe(id)).status).toBe(204);
    expect((await maker.remove()).status).toBe(204);
  });

  it('keeps its filters while another one subscribes to it, except for callers who manage tenants', async () => {
    const { maker, other, manager } = await createMakers();
    await maker.save({ users: 'x' });
    expect((await maker.subscribe()).status).toBe(201);
    expect((await maker.save({ users: ['y'] })).status).toBe(200);
    expect((await other.subscribe()).status).toBe(201);
    expect(await maker.save({ users: 'z' })).toMatchObject(inUse);
    expect((await maker.save({ users: 'y' }, { displayName: 'Rules' })).status).toBe(200);
    expect(await maker.stored()).toMatchObject({ displayName: 'Rules', filters: { users: ['y'] } });
    expect((await manager.save({ users: 'z' })).status).toBe(200);
  });

  it('is not deleted when the subscription is created in the middle of the deletion', async () => {
    const { deps, maker, other } = await createMakers();
    await maker.save({});
    const body = { targetUrl, search: 'rules', content: 'ids' } as const;
    const subscribe = () =>
      createSubscription(deps, {
        owner: tenantId,
        caller: other.caller,
        baseUrl: 'https://audit.example/',
        body,
      });
    let created = false;
    const subscriptions: ChangeSearchDeps['subscriptions'] = {
      list: async (of) => {
        const before = await deps.subscriptions.list(of);
        if (!created) await subscribe();
        created = true;
        return before;
      },
    };
    const change = { owner: tenantId, name: 'rules', caller: maker.caller, ifMatch: null };
    const deletion = deleteSearch({ ...deps, subscriptions }, change);
    await expect(deletion).rejects.toMatchObject({ status: 409, code: 'SearchInUse' });
    expect(await deps.searches.get(tenantId, 'rules')).toBeDefined();
  });

  it('is neither deleted nor given other filters by its maker while a destination uses it', async () => {
    const { deps, maker, manager } = await createMakers();
    await maker.save({ users: 'x' });
    await deps.destinations.create({ ...siem, search: { owner: tenantId, name: 'RULES' } });
    expect(await maker.remove()).toMatchObject(inUse);
    expect(await manager.remove()).toMatchObject(inUse);
    expect(JSON.stringify((await maker.save({ users: 'y' })).json)).toContain(
      `destination ${siem.destinationId}`,
    );
    expect((await maker.save({ users: 'x' }, { displayName: 'Same' })).status).toBe(200);
    expect((await manager.save({ users: 'y' })).status).toBe(200);
  });

  it('is deleted although a destination uses another search of its name', async () => {
    const { deps, maker } = await createMakers();
    await maker.save({});
    await deps.destinations.create({ ...siem, search: { owner: siem.destinationId, name: 'Rules' } });
    expect((await maker.remove()).status).toBe(204);
  });

  it('leaves no subscription behind when it is deleted in the middle of subscribing', async () => {
    const { deps, maker, other } = await createMakers();
    await maker.save({});
    const list = async (of: string) => {
      expect((await maker.remove()).status).toBe(204);
      return await deps.subscriptions.list(of);
    };
    const subscribing = createSubscription(
      { ...deps, subscriptions: { ...deps.subscriptions, list } },
      {
        ...{ owner: tenantId, caller: other.caller, baseUrl: 'https://audit.example/' },
        body: { targetUrl, search: 'rules', content: 'ids' },
      },
    );
    await expect(subscribing).rejects.toMatchObject({ status: 404, code: 'SearchNotFound' });
    expect(await deps.subscriptions.list(tenantId)).toEqual([]);
  });
});
