/** The promises about channels and what waits at them, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createChannelStore } from '../../shared/adapters/tables/channel-store.ts';
import { createDeliveryStore } from '../../shared/adapters/tables/channel-delivery-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import type { Channel } from '../../shared/channels/channel.ts';
import { deliveryIdOf, type Delivery, type Waiting } from '../../shared/channels/delivery.ts';
import { createFakeChannelStore, createFakeDeliveryStore } from '../support/fakes/channels.ts';
import { maxTogether } from '../../shared/channels/plan.ts';
import { inventedMessage } from '../support/channels/messages.ts';
import { fabrikamId } from '../support/tenants.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 8, minute));
const now = () => at(59);

function channelOf(displayName: string): Channel {
  return {
    ...{ channelId: randomUUID(), displayName, kind: 'test', settings: { url: 'https://ü.example', n: [1] } },
    ...{ tenants: 'tag:gold', minimumSeverity: 'high', topics: ['findings'], urgentFrom: 'critical' },
    ...{ quietHours: { timeZone: 'Europe/Berlin', from: '18:00', to: '07:30' }, floodLimit: 20 },
    ...{ digest: { every: 'day', timeZone: 'Europe/Berlin', at: '08:00' }, paused: false },
    ...{ recent: [at(1)], refusals: 2, createdBy: 'key', createdDateTime: at(0) },
  };
}

describe.each([
  { where: 'in memory', open: createFakeChannelStore },
  { where: 'on Table Storage', open: () => createChannelStore(createTables(storage())) },
])('channels $where', ({ open }) => {
  it('are found as created, listed, and removed', async () => {
    const [store, channel] = [open(), channelOf('On call')];
    expect(await store.get(channel.channelId)).toBeUndefined();
    await store.create(channel);
    const stored = await store.get(channel.channelId);
    expect(stored).toEqual({ ...channel, etag: stored?.etag });
    expect(await store.list()).toContainEqual(stored);
    await expect(store.create({ ...channel, displayName: 'Another' })).rejects.toThrow();
    await store.remove(channel.channelId);
    await store.remove(channel.channelId);
    expect(await store.get(channel.channelId)).toBeUndefined();
  });

  it('are changed only as they were read, and undefined members are removed', async () => {
    const [store, channel] = [open(), channelOf('On call')];
    await store.create(channel);
    const first = await store.get(channel.channelId);
    if (first === undefined) throw new Error('It was not stored.');
    const parts = Array.from({ length: maxTogether }, (_, revision) => ({
      deliveryId: deliveryIdOf(String(revision)),
      revision,
    }));
    const changes = {
      pending: { id: randomUUID(), parts, attempts: 1 },
      lease: { holder: 'h', until: at(5), notified: true },
      circuit: { since: at(2), cause: 'No.', failures: 3, nextAttemptAt: at(3) },
      quietHours: undefined,
    };
    const second = await store.update(first, changes);
    expect(second).toEqual({ ...first, ...changes, etag: second?.etag });
    expect(await store.get(channel.channelId)).toEqual(second);
    expect(await store.update(first, { paused: true })).toBeUndefined();
    if (second !== undefined) await store.update(second, { pending: undefined, circuit: undefined });
    expect((await store.get(channel.channelId))?.pending).toBeUndefined();
  });
});

function waitingOf(channelId: string, key: string, more: Partial<Waiting> = {}): Waiting {
  return {
    ...{ channelId, deliveryId: deliveryIdOf(key), message: inventedMessage({ key }), dueDateTime: at(5) },
    ...more,
  };
}

function deliveryOf(channelId: string, key: string, more: Partial<Delivery> = {}): Delivery {
  return {
    ...{ channelId, deliveryId: deliveryIdOf(key), tenantId: fabrikamId, title: 'ü', severity: 'high' },
    ...{ topic: 'findings', result: 'sent', revision: 1, closed: false, messageId: randomUUID() },
    ...{ together: 1, perhapsTwice: false, receipt: '17', sentDateTime: at(6) },
    ...more,
  };
}

describe.each([
  { where: 'in memory', open: createFakeDeliveryStore },
  { where: 'on Table Storage', open: () => createDeliveryStore(createTables(storage()), now) },
])('deliveries $where', ({ open }) => {
  it('wait once for each matter, until they are due, and are replaced only as they were read', async () => {
    const [store, channelId] = [open(), randomUUID()];
    const [first, second] = [waitingOf(channelId, 'a'), waitingOf(channelId, 'b', { dueDateTime: at(3) })];
    expect(await store.nextDue(channelId)).toBeUndefined();
    expect(await store.put(first)).toBe(true);
    expect(await store.put({ ...first, dueDateTime: at(1) })).toBe(false);
    expect(await store.put(second)).toBe(true);
    expect(await store.put(waitingOf(randomUUID(), 'a', { dueDateTime: at(0) }))).toBe(true);
    expect(await store.nextDue(channelId)).toEqual(at(3));
    expect((await store.due(channelId, at(4), 10)).map(({ deliveryId }) => deliveryId)).toEqual([
      second.deliveryId,
    ]);
    expect(await store.due(channelId, at(5), 10)).toHaveLength(2);
    expect(await store.due(channelId, at(5), 1)).toHaveLength(1);
    const stored = await store.waiting(channelId, first.deliveryId);
    if (stored === undefined) throw new Error('It does not wait.');
    expect(stored).toEqual({ ...first, etag: stored.etag });
    const later = { ...first, message: { ...first.message, revision: 2 } };
    expect(await store.replace(stored, later)).toBe(true);
    expect(await store.replace(stored, first)).toBe(false);
    await store.take(stored);
    const replaced = await store.waiting(channelId, first.deliveryId);
    expect(replaced?.message.revision).toBe(2);
    if (replaced !== undefined) await store.take(replaced);
    if (replaced !== undefined) await store.take(replaced);
    expect(await store.waiting(channelId, first.deliveryId)).toBeUndefined();
  });

  it('keep a message of the greatest size, whatever is in it', async () => {
    const [store, channelId] = [open(), randomUUID()];
    const noise = (length: number) =>
      Buffer.from(crypto.getRandomValues(new Uint8Array(length))).toString('latin1');
    const message = inventedMessage({
      ...{ title: noise(400), sentence: noise(2000), nextSteps: '\u0000"\\\ud800'.repeat(400) },
      facts: Array.from({ length: 40 }, () => ({ name: noise(100), value: noise(900) })),
    });
    await store.put({ ...waitingOf(channelId, 'large'), message });
    expect((await store.waiting(channelId, deliveryIdOf('large')))?.message).toEqual(message);
  });

  it('are recorded once for each matter, listed newest first, and removed with their channel', async () => {
    const [store, channelId] = [open(), randomUUID()];
    await store.put(waitingOf(channelId, 'a'));
    await store.record(deliveryOf(channelId, 'a'));
    await store.record(
      deliveryOf(channelId, 'a', { revision: 2, closed: true, receipt: undefined, cause: 'x' }),
    );
    const newer = deliveryOf(channelId, 'b', { sentDateTime: at(7), tenantId: undefined });
    await store.record(newer);
    await store.record(deliveryOf(randomUUID(), 'c'));
    expect(await store.sent(channelId, deliveryIdOf('a'))).toMatchObject({
      revision: 2,
      closed: true,
      cause: 'x',
    });
    expect(await store.recent(channelId, 10)).toEqual([
      newer,
      await store.sent(channelId, deliveryIdOf('a')),
    ]);
    expect(await store.recent(channelId, 1)).toEqual([newer]);
    await store.clear(channelId);
    expect(await store.recent(channelId, 10)).toEqual([]);
    expect(await store.waiting(channelId, deliveryIdOf('a'))).toBeUndefined();
  });
});

it('fail when storage does', async () => {
  const tables = createTables(lockedOut(storage()));
  await expect(createChannelStore(tables).list()).rejects.toThrow();
  await expect(createDeliveryStore(tables, now).due('a', at(0), 1)).rejects.toThrow();
});
