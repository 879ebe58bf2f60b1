/** Everything that a person did, whichever of their names a record has: from the feed to the answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoleHolderStore } from '../../../shared/adapters/tables/role-holder-store.ts';
import { askPages, idsOf, searchOf } from './asking.ts';
import { contentOf, guidOf, recordOf } from './invented-records.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';

const home = 'Ada@fabrikam.example';
const external = 'ada_fabrikam.example#EXT#@contoso.example';
const id = guidOf('Ada');

/** Record by record, another name of the guest. */
const ofGuest = {
  home: { UserId: home },
  external: { UserId: external, UserKey: '10033fff@live.com' },
  sharePoint: { UserId: `urn:spo:guest#${home.toLowerCase()}` },
  key: { UserId: 'Not Available', UserKey: id },
  actor: { UserId: 'Unknown', UserKey: 'Not Available', Actor: [{ ID: id.toUpperCase(), Type: 2 }] },
};
const ofOthers = {
  other: { UserId: 'bo@contoso.example', UserKey: guidOf('Bo') },
  noName: { UserId: 'Not Available', UserKey: 'Not Available' },
  similar: { UserId: 'ada@contoso.example' },
};

let pipeline: Pipeline;
let tenantId: string;

beforeAll(async () => {
  pipeline = await startPipeline();
  tenantId = await pipeline.addTenant('People');
  const records = Object.entries({ ...ofGuest, ...ofOthers }).map(([name, fields]) => recordOf(name, fields));
  await pipeline.deliver(
    tenantId,
    [contentOf('people', '2026-03-01T10:00:00Z', records)],
    new Date('2026-03-01T11:00:00Z'),
  );
  const holder = { id, type: 'user', assignment: 'active', userPrincipalName: external } as const;
  const takenAt = new Date(Date.now() - 90 * 24 * 60 * 60_000);
  const store = createRoleHolderStore(pipeline.tables);
  await store.save(tenantId, { takenAt, holders: [{ ...holder, names: [home] }] });
  // Held the role, and no longer does.
  await store.save(tenantId, { takenAt: new Date(takenAt.getTime() + 24 * 60 * 60_000), holders: [] });
});

afterAll(() => pipeline.stop());

const wanted = Object.keys(ofGuest).map(guidOf).sort();

describe('a guest who is, or was, Global Administrator', () => {
  it.each([home, external, id, `urn:spo:guest#${home}`])(
    'is found by every name, such as %s',
    async (actor) => {
      for (const top of ['1', '2', '100']) {
        const pages = await askPages(pipeline, { tenantId, query: { actor, top } });
        expect(idsOf(pages).toSorted()).toEqual(wanted);
      }
    },
  );

  it('is found with other filters, and together with others', async () => {
    const site = { siteUrl: 'https://contoso.example/', actor: home };
    expect(idsOf(await askPages(pipeline, { tenantId, query: site })).toSorted()).toEqual(wanted);
    const both = await askPages(pipeline, { tenantId, query: { actor: `${home},bo@contoso.example` } });
    expect(idsOf(both).toSorted()).toEqual([...wanted, guidOf('other')].sort());
    const nothing = await askPages(pipeline, { tenantId, query: { actor: home, operations: 'Send' } });
    expect(idsOf(nothing)).toEqual([]);
  });

  it('is counted under every name', async () => {
    const query = searchOf({ actor: home, groupBy: 'operation' });
    const { body } = await pipeline.get(`tenants/${tenantId}/records/summary?${query}`);
    expect(JSON.parse(body.toString())).toMatchObject({ total: wanted.length });
  });

  it('is found by users under the name that is shown only', async () => {
    const pages = await askPages(pipeline, { tenantId, query: { users: home } });
    expect(idsOf(pages)).toEqual([guidOf('home')]);
    const byKey = await askPages(pipeline, { tenantId, query: { users: id } });
    expect(idsOf(byKey)).toEqual([]);
  });

  it('is found in all tenants, as NDJSON, too', async () => {
    const all = await pipeline.get(`records?${searchOf({ tenants: tenantId, actor: home })}`);
    expect(JSON.parse(all.body.toString())).toMatchObject({ value: { length: wanted.length } });
    const headers = { accept: 'application/x-ndjson' };
    const { body } = await pipeline.get(`tenants/${tenantId}/records?${searchOf({ actor: home })}`, {
      headers,
    });
    expect(body.toString().trim().split('\n')).toHaveLength(wanted.length);
  });
});
