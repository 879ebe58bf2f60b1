/** The feed of a set of tenants, by the polling contract of flows. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createAccess } from '../../../shared/access/access.ts';
import { arrivalsBeginning } from '../../../shared/feed/arrival-sequence.ts';
import { feedOfSet } from '../../../shared/feed/feed-source.ts';
import { createTriggerStates } from '../../../shared/feed/trigger-state.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { dayMs, minuteMs } from '../../support/clock.ts';
import { guidOf } from '../../support/feed-world.ts';
import { adatumId, fabrikamId, forgetTenant, tenantNamed } from '../../support/tenants.ts';
import type { ApiAnswer } from '../../support/trigger-api.ts';
import { createTriggerWorld } from '../../support/trigger-world.ts';

const contosoId = '2b9f6c1e-7d34-4a58-9e02-8c5b1f7a6d43';
const feed = 'records-feed';
const record = (name: string, operation = 'FileAccessed') => ({ id: guidOf(name), operation });
const locationOf = ({ headers }: ApiAnswer) => headers.get('location') ?? '';
const recordsIn = ({ json }: ApiAnswer) =>
  z
    .object({ value: z.array(z.looseObject({ tenantId: z.string(), tenantDisplayName: z.string() })) })
    .parse(json).value;
const idsIn = (answer: ApiAnswer) => recordsIn(answer).map(({ id }) => id);
const changedTo = (address: string, changes: Readonly<Record<string, string>>) => {
  const url = new URL(address);
  for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value);
  return url.href;
};

describe('a flow that polls the feed of all tenants', () => {
  it('learns at first where to continue, and gets only what comes after, each record with its tenant', async () => {
    const world = await createTriggerWorld('timed');
    const { text: key } = await world.createKey();
    await world.ingest([record('before')]);
    const first = await world.call(feed, { key });
    expect(first).toMatchObject({ status: 202, json: undefined });
    expect(first.headers.get('retry-after')).toBe('60');
    const quiet = await world.call(locationOf(first), { key });
    expect(quiet).toMatchObject({ status: 202, json: undefined });
    await world.ingest([record('a')]);
    await world.ingest([record('b')], adatumId);
    const next = await world.call(changedTo(locationOf(quiet), { select: 'id' }), { key });
    expect(next).toMatchObject({ status: 200 });
    expect(recordsIn(next)).toEqual([
      { tenantId: fabrikamId, tenantDisplayName: 'Fabrikam', id: guidOf('a') },
      { tenantId: adatumId, tenantDisplayName: 'Adatum', id: guidOf('b') },
    ]);
    expect((await world.call(locationOf(next), { key })).status).toBe(202);
  });

  it('gets pending records in batches, and the same ones for the same state', async () => {
    const world = await createTriggerWorld('timed');
    const { text: key } = await world.createKey();
    await world.ingest([record('a'), record('b')]);
    await world.ingest([record('c'), record('d', 'Other')], adatumId);
    const asked = `${feed}?start=beginning&operations=fileaccessed&top=2`;
    const second = await world.call(locationOf(await world.call(asked, { key })), { key });
    expect([idsIn(second), second.headers.get('retry-after')]).toEqual([[guidOf('a'), guidOf('b')], '1']);
    for (const answered of ['first', 'again']) {
      const third = await world.call(locationOf(second), { key });
      expect([answered, idsIn(third), third.headers.get('retry-after')]).toEqual([
        answered,
        [guidOf('c')],
        '60',
      ]);
    }
  });

  it('includes a tenant as soon as it is registered, and leaves out what of it arrived before', async () => {
    const world = await createTriggerWorld('timed');
    const { text: key } = await world.createKey();
    let address = locationOf(await world.call(`${feed}?start=beginning`, { key }));
    await world.ingest([record('unknown')], contosoId);
    address = locationOf(await world.call(address, { key }));
    await world.tenants.create(tenantNamed('Contoso', { tenantId: contosoId }));
    await world.ingest([record('known')], contosoId);
    expect(idsIn(await world.call(address, { key }))).toEqual([guidOf('known')]);
  });

  it('reads a tenant that is being removed as the feed of that tenant does, and not one that is gone', async () => {
    const world = await createTriggerWorld('timed');
    const { text: key } = await world.createKey();
    const address = locationOf(await world.call(`${feed}?start=beginning`, { key }));
    await world.tenants.update(fabrikamId, { state: 'Removing' });
    await forgetTenant(world.tenants, adatumId);
    await world.ingest([record('removing')]);
    await world.ingest([record('gone')], adatumId);
    expect(idsIn(await world.call(address, { key }))).toEqual([guidOf('removing')]);
  });

  it('may follow only Location without its key, and not for long after the key is revoked', async () => {
    const world = await createTriggerWorld('timed');
    const { id, text: key } = await world.createKey('tag:gold');
    await world.tenants.update(fabrikamId, { tags: ['gold'] });
    await world.ingest([record('a')]);
    await world.ingest([record('b')], adatumId);
    const address = locationOf(await world.call(`${feed}?start=beginning`, { key }));
    expect(idsIn(await world.call(address))).toEqual([guidOf('a')]);
    const tried = [
      changedTo(address, { tenants: '*' }),
      changedTo(address, { tenants: adatumId }),
      changedTo(address, { operations: 'x' }),
      changedTo(address, { t: `${new URL(address).searchParams.get('t') ?? ''}A` }),
      address.replace('api/records-feed', `api/tenants/${fabrikamId}/records-feed`),
    ];
    for (const changed of tried) expect((await world.call(changed)).status).toBe(401);
    await world.revoke(id);
    world.clock.advance(2 * minuteMs);
    expect((await world.call(address)).status).toBe(401);
  });

  it('that follows Location alone can continue forever; after a long pause it needs its key once', async () => {
    const world = await createTriggerWorld('timed');
    const { text: key } = await world.createKey();
    let address = locationOf(await world.call(feed, { key }));
    for (let polls = 0; polls < 4; polls++) {
      world.clock.advance(20 * dayMs);
      address = locationOf(await world.call(address));
    }
    world.clock.advance(31 * dayMs);
    await world.ingest([record('a')], adatumId);
    expect((await world.call(address)).status).toBe(401);
    expect(idsIn(await world.call(address, { key }))).toEqual([guidOf('a')]);
  });

  it('may change its filters and its tenants, and continues where it was', async () => {
    const world = await createTriggerWorld('timed');
    const { text: key } = await world.createKey();
    await world.ingest([record('before')], adatumId);
    const address = locationOf(await world.call(`${feed}?tenants=${fabrikamId}`, { key }));
    await world.ingest([record('a')], adatumId);
    await world.ingest([record('b', 'Other')]);
    await world.ingest([record('c')]);
    const changed = changedTo(address, { tenants: `${fabrikamId},${adatumId}`, operations: 'FileAccessed' });
    expect(idsIn(await world.call(changed, { key }))).toEqual([guidOf('a'), guidOf('c')]);
  });
});

describe('a state', () => {
  it('of a tenant is none of a set, and the other way round', async () => {
    const world = await createTriggerWorld('timed');
    const { text: key } = await world.createKey();
    const states = createTriggerStates(world.signingKeys);
    const ofTenant = states.seal(fabrikamId, { sequence: 1, line: 0 });
    const ofSet = states.sealOfSet(arrivalsBeginning);
    const invalid = { status: 400, json: { error: { code: 'InvalidTriggerState', target: 'triggerState' } } };
    for (const address of [
      `${feed}?triggerState=${ofTenant}`,
      `${feed}?triggerState=nonsense`,
      `tenants/${fabrikamId}/${feed}?triggerState=${ofSet}`,
    ])
      expect(await world.call(address, { key })).toMatchObject(invalid);
    const position = { arrival: 7, sequence: 5, line: 3, since: 2 };
    expect(states.openOfSet(states.sealOfSet(position))).toEqual(position);
  });

  it('of a set is refused when it was altered, cut, or made with another key', () => {
    const [key, other] = [randomBytes(32), randomBytes(32)];
    const states = createTriggerStates([key]);
    const sealed = states.sealOfSet(arrivalsBeginning);
    expect(createTriggerStates([other, key]).openOfSet(sealed)).toEqual(arrivalsBeginning);
    const bytes = Buffer.from(sealed, 'base64url');
    const altered = [...bytes.keys()].map((at) => bytes.with(at, (bytes[at] ?? 0) ^ 1));
    const cut = [...bytes.keys()].map((length) => bytes.subarray(0, length));
    for (const text of [...altered, ...cut].map((one) => Buffer.from(one).toString('base64url')))
      expect(() => states.openOfSet(text)).toThrow('This triggerState does not belong to');
    expect(() => createTriggerStates([other]).openOfSet(sealed)).toThrow('This triggerState does not belong');
  });

  it('of a set tells a caller nothing about tenants of others: neither when something arrived there, nor whether', async () => {
    const world = await createTriggerWorld('timed');
    const { text: key } = await world.createKey(fabrikamId);
    const stateOf = (answer: ApiAnswer) => new URL(locationOf(answer)).searchParams.get('triggerState') ?? '';
    const states = [await world.call(`${feed}?start=beginning`, { key })];
    const poll = async () => {
      const [last] = states.slice(-1);
      if (last !== undefined) states.push(await world.call(locationOf(last), { key }));
    };
    await poll();
    await world.ingest([record('of another')], adatumId);
    await poll();
    await poll();
    const shown = states.map(stateOf);
    expect(new Set(shown).size).toBe(shown.length);
    expect(new Set(shown.map(({ length }) => length)).size).toBe(1);
    const arrived = String(await world.arrivals.lastArrival());
    for (const one of shown) {
      const parts = one.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
      expect(parts.join()).not.toContain(arrived.slice(0, 8));
    }
  });
});

describe('a set that a caller names', () => {
  it('is refused if it has a tenant that is not theirs, as if that did not exist', async () => {
    const world = await createTriggerWorld('timed');
    const { text: key } = await world.createKey(fabrikamId);
    const [foreign, missing, both] = [
      await world.call(`${feed}?tenants=${adatumId}`, { key }),
      await world.call(`${feed}?tenants=${contosoId}`, { key }),
      await world.call(`${feed}?tenants=${fabrikamId},${adatumId}`, { key }),
    ];
    expect(foreign).toMatchObject({ status: 404, json: { error: { code: 'TenantNotFound' } } });
    const plain = ({ status, json }: ApiAnswer) => [
      status,
      JSON.stringify(json).replaceAll(/"requestId":"[^"]*"/g, ''),
    ];
    expect(plain(missing)).toEqual(plain(foreign));
    expect(plain(both)).toEqual(plain(foreign));
  });

  it('may be a tag that no tenant has yet: those are included that get it later', async () => {
    const world = await createTriggerWorld('timed');
    const { text: key } = await world.createKey();
    let address = locationOf(await world.call(`${feed}?tenants=tag:gold`, { key }));
    await world.ingest([record('a')]);
    const none = await world.call(address, { key });
    expect(none.status).toBe(202);
    address = locationOf(none);
    await world.tenants.update(fabrikamId, { tags: ['gold'] });
    await world.ingest([record('b')]);
    await world.ingest([record('c')], adatumId);
    expect(idsIn(await world.call(address, { key }))).toEqual([guidOf('b')]);
  });

  it.each([
    ['tenants=tag:', 'tenants'],
    ['tenants=', 'tenants'],
    ['orderby=createdDateTime', 'orderby'],
    ['start=yesterday', 'start'],
  ])('is refused with %s', async (query, target) => {
    const world = await createTriggerWorld('timed');
    const { text: key } = await world.createKey();
    const answer = await world.call(`${feed}?${query}`, { key });
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'InvalidParameter', target } } });
  });

  it('is read only where the caller may: the access log names those tenants that records came from', async () => {
    const world = await createTriggerWorld('timed');
    const { keys, deps, tenants } = world;
    const access = createAccess({ ...plainAccess, keys, tenants, telemetry: deps.telemetry, now: deps.now });
    const triggerStates = createTriggerStates(world.signingKeys);
    const caller = {
      id: 'entra:a/b',
      grants: [
        { tenants: fabrikamId, scopes: ['records.read'] },
        { tenants: '*', scopes: ['tenants.manage'] },
      ],
    } as const;
    const source = feedOfSet({ ...deps, access, triggerStates }, caller, '*');
    await world.ingest([record('theirs')], adatumId);
    const query = { filters: {}, top: 10, start: 'now' } as const;
    const idle = await source.read(source.beginning, query);
    expect([idle.records, access.openedBy(caller).tenantIds]).toEqual([[], []]);
    await world.ingest([record('own')]);
    const { records } = await source.read(idle.position, query);
    expect([records.map(({ id }) => id), access.openedBy(caller).tenantIds]).toEqual([
      [guidOf('own')],
      [fabrikamId],
    ]);
  });
});
