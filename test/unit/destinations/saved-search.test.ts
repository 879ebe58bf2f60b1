/** Destinations that send what a saved search finds. */
import { describe, expect, it } from 'vitest';
import { ownerOfSet } from '../../../shared/access/owner.ts';
import {
  changeDestination,
  createDestination,
  type NewDestination,
} from '../../../shared/destinations/manage.ts';
import { publicDestination } from '../../../shared/destinations/public-destination.ts';
import { deleteSearch } from '../../../shared/searches/change-search.ts';
import type { SearchFilters } from '../../../shared/searches/search.ts';
import { callerWith } from '../../../shared/access/caller.ts';
import { minuteMs } from '../../support/clock.ts';
import { createDestinationWorld, settleAll } from '../../support/destinations/destination-world.ts';
import { guidOf } from '../../support/feed-world.ts';

const owner = ownerOfSet('*');
const search = { owner, name: 'rules' };
const rule = 'New-InboxRule';
const wanted: NewDestination = { displayName: 'SIEM', kind: 'test', createdBy: 'key', settings: {} };
const maker = callerWith('key', { tenants: '*', scopes: ['records.read'] });

function createSearchWorld(tenantIds: readonly string[] = []) {
  const world = createDestinationWorld(tenantIds);
  const { searches } = world.deps;
  return {
    ...world,
    deps: { ...world.deps, subscriptions: { list: () => Promise.resolve([]) } },
    save: async (filters: SearchFilters, tenants = '*') => {
      const etag = (await searches.get(owner, search.name))?.etag;
      const condition =
        etag === undefined ? ({ kind: 'absent' } as const) : { kind: 'unchanged' as const, etag };
      const row = { ...search, filters, tenants, createdBy: 'key', lastModifiedDateTime: world.clock.now() };
      await searches.put(row, condition);
    },
    publishBoth: (name: string, of?: string) =>
      world.publish([{ id: guidOf(`${name} other`) }, { id: guidOf(name), operation: rule }], of),
    names: () => world.received.map(({ id }) => id),
  };
}

describe('a destination with a saved search', () => {
  it('gets what the search finds at that moment', async () => {
    const world = createSearchWorld();
    await world.save({ operations: rule });
    const created = await createDestination(world.deps, { ...wanted, search });
    expect(publicDestination(created)).toMatchObject({ search: 'rules', filters: undefined, tenants: '*' });
    await world.publishBoth('a');
    await settleAll(world);
    await world.save({});
    await world.publishBoth('b');
    await settleAll(world);
    expect(world.names()).toEqual(['a', 'b other', 'b'].map(guidOf));
  });

  it('sends records of the tenants of the search, unless it has others', async () => {
    const other = guidOf('other tenant');
    const world = createSearchWorld([other]);
    await world.save({}, other);
    const [all, few] = [
      await createDestination(world.deps, { ...wanted, search, tenants: '*' }),
      await createDestination(world.deps, { ...wanted, search }),
    ];
    expect([all.tenants, few.tenants]).toEqual(['*', other]);
  });

  it('says so when its search is gone, loses nothing, and continues when it is there again', async () => {
    const world = createSearchWorld();
    await world.addDestination({ search });
    await world.publishBoth('a');
    await world.drain();
    const failing = await world.destination();
    expect(failing && publicDestination(failing)).toMatchObject({
      status: 'misconfigured',
      lastError: 'The saved search of the destination was deleted.',
    });
    await world.save({ operations: rule });
    world.clock.advance(60 * minuteMs);
    await settleAll(world);
    expect(world.names()).toEqual([guidOf('a')]);
  });

  it('gets filters in place of the search, and a search in place of filters', async () => {
    const world = createSearchWorld();
    await world.save({ operations: rule });
    const { destinationId } = await createDestination(world.deps, { ...wanted, filters: { users: 'x' } });
    const shown = async (patch: Parameters<typeof changeDestination>[2]) =>
      publicDestination(await changeDestination(world.deps, destinationId, patch));
    expect(await shown({ search })).toMatchObject({ search: 'rules', filters: undefined });
    expect(await shown({ displayName: 'Other' })).toMatchObject({ search: 'rules', filters: undefined });
    expect(await shown({ filters: { users: 'y' } })).toMatchObject({
      search: undefined,
      filters: { users: ['y'] },
    });
  });

  it('is not created with filters, or with a search that does not exist', async () => {
    const world = createSearchWorld();
    const creating = (more: Partial<NewDestination>) => createDestination(world.deps, { ...wanted, ...more });
    await expect(creating({ search })).rejects.toMatchObject({ status: 404, code: 'SearchNotFound' });
    await world.save({});
    await expect(creating({ search, filters: {} })).rejects.toMatchObject({ status: 400, target: 'filters' });
    expect(await world.deps.destinations.list()).toEqual([]);
  });

  it('is not left behind when its search is deleted while it is created', async () => {
    const world = createSearchWorld();
    await world.save({});
    const { destinations } = world.deps;
    const list = async () => {
      await deleteSearch(world.deps, { ...search, caller: maker, ifMatch: null });
      return await destinations.list();
    };
    const deps = { ...world.deps, destinations: { ...destinations, list } };
    await expect(createDestination(deps, { ...wanted, search })).rejects.toMatchObject({ status: 404 });
    expect(await destinations.list()).toEqual([]);
  });
});
