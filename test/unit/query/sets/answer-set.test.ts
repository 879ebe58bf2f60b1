/** Records of a set of tenants, over HTTP: what pages claim, whom they name, and who may follow their links. */
import { describe, expect, it } from 'vitest';
import { monthOf } from '../../../../shared/index/keys.ts';
import { recordRows } from '../../../../shared/index/rows.ts';
import { createFakeRecordIndex } from '../../../support/fakes/record-index.ts';
import { forgetTenant, tenantNamed } from '../../../support/tenants.ts';
import { guidOf, placeRecord } from '../../index/placed-records.ts';
import { createServedSet } from './served-set.ts';
import { tenantIdOf } from './set-world.ts';

const listed = new Date('2026-03-02T12:00:00Z');

/** Tenants in the order of their IDs, with as many records each, a second apart. */
async function createWorld(count: number, { recordsEach = 1, changes = {} } = {}) {
  const ids = Array.from({ length: count }, (_, at) => tenantIdOf(at)).sort();
  const tenants = ids.map((tenantId, at) =>
    tenantNamed(`Tenant ${at}`, { tenantId, contentTypes: ['Audit.Exchange'], ...changes }),
  );
  const index = createFakeRecordIndex();
  for (const [at, tenantId] of ids.entries()) {
    for (let one = 0; one < recordsEach; one++) {
      const CreationTime = new Date(Date.UTC(2026, 2, 2, 9, 0, at + one * count)).toISOString();
      const placed = placeRecord(at, { Id: guidOf(at * 1000 + one), CreationTime });
      for (const { dimension, row } of recordRows(placed, { tenantId, blobName: 'b' }))
        await index.writeRows(tenantId, monthOf(placed.time), dimension, [row]);
    }
  }
  const world = createServedSet(tenants, index);
  for (const tenantId of ids)
    await world.ledger.advance(tenantId, { contentType: 'Audit.Exchange', listedThrough: listed });
  return { ...world, ids, key: await world.keyFor('*') };
}

describe('pages that open the tenants of a set', () => {
  it('are empty, and claim nothing until all are opened; the next ones read only whose records they show', async () => {
    const world = await createWorld(450);
    const pages = [];
    const [logged, read]: [(readonly (string | undefined)[])[], number[]] = [[], []];
    const between = () => {
      logged.push(world.loggedTenants());
      read.push(world.counts.completeness);
      world.counts.completeness = 0;
    };
    pages.push(
      ...(await world.pages('records', '?tenants=*&top=50&to=2026-03-02T10:00:00Z', world.key, between)),
    );
    between();
    expect(pages.map(({ value }) => value.length)).toEqual([0, 0, ...Array.from({ length: 9 }, () => 50)]);
    for (const page of pages.slice(0, 2)) {
      expect(page).toMatchObject({ isPartial: true, isPending: true, hasGaps: false });
      expect(page).not.toHaveProperty('completeThrough');
    }
    for (const page of pages.slice(2))
      expect(page).toMatchObject({ isPending: false, completeThrough: listed.toISOString() });
    expect(read).toEqual([200, 200, 50, ...Array.from({ length: 8 }, () => 0)]);
    const opened = [world.ids.slice(0, 200), world.ids.slice(200, 400)];
    for (const [at, ids] of opened.entries()) {
      expect(logged[at]?.toSorted()).toEqual(ids);
      expect(pages[at]?.tenants.map(({ tenantId }) => tenantId)).toEqual(ids);
    }
    for (const [at, page] of pages.entries()) {
      const names = new Set(page.value.map(({ tenantId }) => tenantId));
      if (at > 2) expect(page.tenants.length).toBe(names.size);
      if (at > 2) expect(logged[at]?.length).toBeLessThanOrEqual(names.size + 16);
      for (const { tenantId, tenantDisplayName } of page.value)
        expect(tenantDisplayName).toBe(`Tenant ${world.ids.indexOf(tenantId)}`);
    }
  });

  it('say that one of them was never listed, or has gaps, from the page on that opens it', async () => {
    const world = await createWorld(210);
    await world.store.update(world.ids[205] ?? '', { contentTypes: ['Audit.General'] });
    const start = new Date('2026-03-02T09:00:00Z');
    await world.ledger.recordGaps(world.ids[3] ?? '', [
      {
        window: { start, end: new Date(start.getTime() + 1000) },
        contentType: 'Audit.Exchange',
        reason: 'feedExpired',
        code: 'AF20055',
        recordedAt: start,
      },
    ]);
    const pages = await world.pages('records', '?tenants=*&to=2026-03-02T10:00:00Z&top=1000', world.key);
    expect(pages).toHaveLength(2);
    for (const page of pages) {
      expect(page).toMatchObject({ isPartial: true, isPending: true, hasGaps: true });
      expect(page).not.toHaveProperty('completeThrough');
    }
  });

  it('are all read first when the end is what is complete', async () => {
    const world = await createWorld(210, { recordsEach: 2 });
    const early = new Date('2026-03-02T09:01:00Z');
    await world.store.update(world.ids[205] ?? '', { contentTypes: ['Audit.General'] });
    await world.ledger.advance(world.ids[205] ?? '', { contentType: 'Audit.General', listedThrough: early });
    const pages = await world.pages('records', '?tenants=*&to=complete&top=1000', world.key);
    expect(pages.map(({ value }) => value.length)).toEqual([0, 60]);
    expect(pages[0]).toMatchObject({ isPending: true });
    expect(pages[1]).toMatchObject({ isPending: false, completeThrough: early.toISOString() });
  });
});

describe('a question to a set of tenants', () => {
  it('without tenants is about all that the caller may access', async () => {
    const world = await createWorld(3, { recordsEach: 2 });
    const recordIdsIn = async (query: string, key: string) =>
      (await world.page('records', query, key)).value.map(({ tenantId, id }) => [tenantId, id]);
    const all = await recordIdsIn('?top=50', world.key);
    expect(all.length).toBeGreaterThan(0);
    expect(all).toEqual(await recordIdsIn('?tenants=*&top=50', world.key));
    const [first = ''] = world.ids;
    const own = await recordIdsIn('?top=50', await world.keyFor(first));
    expect(new Set(own.map(([tenantId]) => tenantId))).toEqual(new Set([first]));
  });
});

describe('the next link of a set of tenants', () => {
  it('has the tenants of its first page, without those that were removed or taken from the caller', async () => {
    const world = await createWorld(5, { recordsEach: 4, changes: { tags: ['gold'] } });
    const key = await world.keyFor('tag:gold');
    const pages = await world.pages('records', '?tenants=*&top=3', key, async (page) => {
      if (page !== 2) return;
      await forgetTenant(world.store, world.ids[0] ?? '');
      await world.store.update(world.ids[1] ?? '', { tags: ['silver'] });
      await world.store.create(tenantNamed('Joined', { tags: ['gold'] }));
    });
    const after = pages.slice(2).flatMap(({ value }) => value.map(({ tenantId }) => tenantId));
    expect(new Set(after)).toEqual(new Set(world.ids.slice(2)));
    expect(pages.flatMap(({ value }) => value)).toHaveLength(6 + 3 * 4 - 4);
  });

  it('is refused to callers of other tenants, for another set, and for other filters', async () => {
    const world = await createWorld(3, { recordsEach: 2 });
    const { nextLink = '' } = await world.page('records', '?tenants=*&top=1', world.key);
    const changed = (name: string, value: string) => {
      const url = new URL(nextLink);
      url.searchParams.set(name, value);
      return url.href;
    };
    const narrow = await world.keyFor(world.ids[0] ?? '');
    const same = await world.keyFor('*');
    for (const [address, key] of [
      [nextLink, narrow],
      [changed('tenants', world.ids.join()), world.key],
      [changed('users', 'ada'), world.key],
      [changed('orderby', 'createdDateTime asc'), world.key],
    ] as const)
      expect(await world.ask('records', address, key)).toMatchObject({ status: 400 });
    expect(await world.ask('records', nextLink, same)).toMatchObject({ status: 200 });
  });

  it('is as short for 5,000 tenants as for one, and there are no more', async () => {
    const world = await createWorld(5001, { recordsEach: 0 });
    const refused = await world.ask('records', '?tenants=*', world.key);
    expect(refused).toMatchObject({ status: 400, body: { error: { target: 'tenants' } } });
    await forgetTenant(world.store, world.ids[0] ?? '');
    const { nextLink = '' } = await world.page('records', '?tenants=*', world.key);
    expect(nextLink.length).toBeLessThan(120);
    expect(await world.page('records', nextLink, world.key)).toMatchObject({ value: [], isPending: true });
  });

  it('needs fewer tenants for filters whose names have to be looked up in each', async () => {
    const world = await createWorld(201, { recordsEach: 0 });
    const refused = await world.ask('records', '?tenants=*&actor=ada', world.key);
    expect(refused).toMatchObject({ status: 400, body: { error: { target: 'actor' } } });
    const named = `?tenants=${world.ids.slice(0, 100).join()}&actor=ada`;
    expect(await world.ask('records', named, world.key)).toMatchObject({ status: 200 });
  });
});
