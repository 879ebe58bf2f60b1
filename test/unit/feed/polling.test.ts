import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createTriggerStates } from '../../../shared/feed/trigger-state.ts';
import { dayMs, minuteMs } from '../../support/clock.ts';
import { guidOf } from '../../support/feed-world.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import type { ApiAnswer } from '../../support/trigger-api.ts';
import { createTriggerWorld } from '../../support/trigger-world.ts';

const feed = `tenants/${fabrikamId}/records-feed`;
const record = (name: string, operation = 'FileAccessed') => ({ id: guidOf(name), operation });
const locationOf = ({ headers }: ApiAnswer) => headers.get('location') ?? '';
const idsIn = ({ json }: ApiAnswer) =>
  z
    .object({ value: z.array(z.looseObject({ id: z.string() })) })
    .parse(json)
    .value.map(({ id }) => id);

describe('a flow that polls the feed', () => {
  it('learns at first where to continue, and gets only what comes after', async () => {
    const world = await createTriggerWorld();
    const { text: key } = await world.createKey();
    await world.ingest([record('before')]);
    const first = await world.call(feed, { key });
    expect(first).toMatchObject({ status: 202, json: undefined });
    expect(first.headers.get('retry-after')).toBe('60');
    const quiet = await world.call(locationOf(first), { key });
    expect(quiet).toMatchObject({ status: 202, json: undefined });
    await world.ingest([record('after')]);
    const next = await world.call(locationOf(quiet), { key });
    expect([next.status, idsIn(next)]).toEqual([200, [guidOf('after')]]);
    expect((await world.call(locationOf(next), { key })).status).toBe(202);
  });

  it('reads pending records in batches, filtered and selected', async () => {
    const world = await createTriggerWorld();
    const { text: key } = await world.createKey();
    await world.ingest(['a', 'b', 'c'].map((name) => record(name)));
    await world.ingest([record('d', 'Other')]);
    const first = await world.call(`${feed}?start=beginning&operations=fileaccessed&top=2&select=id`, {
      key,
    });
    const second = await world.call(locationOf(first), { key });
    expect(second.json).toEqual({ value: [{ id: guidOf('a') }, { id: guidOf('b') }] });
    expect(second.headers.get('retry-after')).toBe('1');
    const third = await world.call(locationOf(second), { key });
    expect([idsIn(third), third.headers.get('retry-after')]).toEqual([[guidOf('c')], '60']);
  });

  it('gets the same records for the same state, so that a lost answer loses nothing', async () => {
    const world = await createTriggerWorld();
    const { text: key } = await world.createKey();
    await world.ingest([record('a')]);
    const start = locationOf(await world.call(`${feed}?start=beginning`, { key }));
    expect(idsIn(await world.call(start, { key }))).toEqual(idsIn(await world.call(start, { key })));
  });

  it('may follow only Location without its key, and not for long after the key is revoked', async () => {
    const world = await createTriggerWorld();
    const { id, text: key } = await world.createKey(fabrikamId);
    await world.ingest([record('a')]);
    const address = locationOf(await world.call(`${feed}?start=beginning&operations=FileAccessed`, { key }));
    expect(idsIn(await world.call(address))).toEqual([guidOf('a')]);
    const changed = (change: (url: URL) => void) => {
      const url = new URL(address);
      change(url);
      return world.call(url.href);
    };
    const tried = await Promise.all([
      changed((url) => {
        url.searchParams.delete('operations');
      }),
      changed((url) => {
        url.searchParams.delete('triggerState');
      }),
      changed((url) => {
        url.searchParams.delete('t');
      }),
      changed((url) => {
        url.searchParams.set('t', `${url.searchParams.get('t') ?? ''}A`);
      }),
      changed((url) => {
        url.pathname = url.pathname.replace(fabrikamId, adatumId);
      }),
    ]);
    expect(tried.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    await world.revoke(id);
    world.clock.advance(2 * minuteMs);
    expect((await world.call(address)).status).toBe(401);
  });

  it('that follows Location alone can continue forever; after a long pause it needs its key once', async () => {
    const world = await createTriggerWorld();
    const { text: key } = await world.createKey();
    let address = locationOf(await world.call(feed, { key }));
    for (let polls = 0; polls < 4; polls++) {
      world.clock.advance(20 * dayMs);
      address = locationOf(await world.call(address));
    }
    world.clock.advance(31 * dayMs);
    await world.ingest([record('a')]);
    expect((await world.call(address)).status).toBe(401);
    expect(idsIn(await world.call(address, { key }))).toEqual([guidOf('a')]);
  });

  it('may ask a long question: Location is little longer than that, or the question is refused', async () => {
    const world = await createTriggerWorld();
    const { text: key } = await world.createKey();
    await world.ingest([record('a')]);
    const asked = `${feed}?start=beginning&filter=${encodeURIComponent(`userId ne '${"''".repeat(900)}'`)}`;
    const first = locationOf(await world.call(asked, { key }));
    expect(first.length).toBeLessThanOrEqual(new URL(asked, first).href.length + 450);
    expect(idsIn(await world.call(first))).toEqual([guidOf('a')]);
    const tooLong = await world.call(`${feed}?filter=${'x'.repeat(7990)}`, { key });
    expect(tooLong.status).toBe(400);
    const long = await world.call(`${feed}?filter=userId%20ne%20'${'x'.repeat(7700)}'`, { key });
    expect(long).toMatchObject({ status: 414, json: { error: { code: 'AddressTooLong' } } });
  });

  it.each([
    ['triggerState=nonsense', 'InvalidTriggerState', 'triggerState'],
    ['start=yesterday', 'InvalidParameter', 'start'],
    ['orderby=createdDateTime', 'InvalidParameter', 'orderby'],
    ['$skiptoken=x', 'InvalidParameter', '$skiptoken'],
    ['top=0', 'InvalidParameter', 'top'],
    ['triggerState=a&triggerState=b', 'InvalidParameter', 'triggerState'],
    ['bogus=1', 'InvalidParameter', 'bogus'],
  ])('learns what is wrong with %s', async (query, code, target) => {
    const world = await createTriggerWorld();
    const { text: key } = await world.createKey();
    const answer = await world.call(`${feed}?${query}`, { key });
    expect(answer).toMatchObject({ status: 400, json: { error: { code, target } } });
  });

  it('cannot use its state for another tenant', async () => {
    const world = await createTriggerWorld();
    const { text: key } = await world.createKey();
    const address = locationOf(await world.call(feed, { key })).replace(fabrikamId, adatumId);
    expect(await world.call(address, { key })).toMatchObject({
      ...{ status: 400, json: { error: { code: 'InvalidTriggerState' } } },
    });
  });

  it.each([
    ['at the end', { sequence: 3, line: 0 }],
    ['beyond the end', { sequence: 4, line: 1 }],
  ])('with a state %s waits there', async (_, position) => {
    const world = await createTriggerWorld();
    const { text: key } = await world.createKey();
    await world.ingest([record('a')]);
    await world.ingest([record('b')]);
    await world.call(`tenants/${fabrikamId}/searches/all`, { method: 'PUT', key, body: { filters: {} } });
    const states = createTriggerStates(world.signingKeys);
    const triggerState = states.seal(fabrikamId, position);
    for (const address of [feed, `tenants/${fabrikamId}/searches/all/feed`]) {
      const answer = await world.call(`${address}?triggerState=${triggerState}`, { key });
      const next = new URL(answer.headers.get('location') ?? '').searchParams.get('triggerState');
      expect(answer.status).toBe(202);
      expect(states.open(next ?? '', fabrikamId)).toEqual(position);
    }
  });

  it('sees another tenant as absent', async () => {
    const world = await createTriggerWorld();
    const { text: key } = await world.createKey(adatumId);
    expect((await world.call(feed, { key })).status).toBe(404);
  });
});

describe('the feed of a saved search', () => {
  it('returns what the search finds, also by Location alone', async () => {
    const world = await createTriggerWorld();
    const { text: key } = await world.createKey();
    const search = `tenants/${fabrikamId}/searches/rules`;
    await world.call(search, { method: 'PUT', key, body: { filters: { operations: ['New-InboxRule'] } } });
    const address = locationOf(await world.call(`${search}/feed`, { key }));
    await world.ingest([record('a'), record('b', 'New-InboxRule')]);
    expect(idsIn(await world.call(address))).toEqual([guidOf('b')]);
    const elsewhere = address.replace('searches/rules/feed', 'records-feed');
    expect((await world.call(elsewhere)).status).toBe(401);
    expect((await world.call(`${search}/feed?users=x`, { key })).status).toBe(400);
    expect((await world.call(`tenants/${fabrikamId}/searches/none/feed`, { key })).status).toBe(404);
  });
});

describe('a webhook subscription whose position is beyond the end', () => {
  it('has nothing to deliver, does not fail, and is not notified again', async () => {
    const world = await createTriggerWorld();
    await world.subscribe();
    await world.drain();
    await world.deps.subscriptions.update(await world.subscription(), { position: { sequence: 9, line: 2 } });
    await world.publish([record('a')]);
    await world.drain();
    expect([world.sent, world.queues.waiting]).toEqual([[], []]);
    const { disabled, failures, lease } = await world.subscription();
    expect({ disabled, failures, lease }).toEqual({ disabled: undefined, failures: 0, lease: undefined });
  });
});
