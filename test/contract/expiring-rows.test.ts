/** The promises about the deletion of expired rows on Table Storage. */
import { createHash, randomUUID } from 'node:crypto';
import pMap from 'p-map';
import { describe, expect, it } from 'vitest';
import { createAccessLog, createWebhookLog } from '../../shared/adapters/tables/access-log.ts';
import type { Delivery } from '../../shared/channels/delivery.ts';
import { createDeliveryStore } from '../../shared/adapters/tables/channel-delivery-store.ts';
import { createConsentStore } from '../../shared/adapters/tables/consent-store.ts';
import { createExpiringRows } from '../../shared/adapters/tables/expiring-rows.ts';
import { createGroupStateStore } from '../../shared/adapters/tables/group-state-store.ts';
import { createIdempotencyStore } from '../../shared/adapters/tables/idempotency-store.ts';
import { createPageTokenStore } from '../../shared/adapters/tables/page-token-store.ts';
import { createPoisonMessageStore } from '../../shared/adapters/tables/poison-message-store.ts';
import { createTables, type Tables } from '../../shared/adapters/tables/tables.ts';
import { expiringKinds } from '../../shared/retention/purge-expired.ts';
import { hourMs } from '../support/clock.ts';
import { inventedMessage } from '../support/channels/messages.ts';
import { groupStateOf } from '../support/detection/findings.ts';
import { fabrikamId } from '../support/tenants.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const noon = new Date('2026-03-10T12:00:00.000Z');
const before = (hours: number) => new Date(noon.getTime() - hours * hourMs);
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const unlimited = new AbortController().signal;
const spent = AbortSignal.abort();

const entryAt = (at: Date) => ({
  ...{ at, requestId: randomUUID(), caller: 'key', action: 'list-records', tenantId: fabrikamId },
  ...({ outcome: 'accepted', parameters: [] } as const),
});

/** The number of operations of each kind. */
function counted(tables: Tables) {
  const count = { pages: 0, transactions: 0, removals: 0 };
  const counting: Tables = {
    ...tables,
    page: (table, query) => ((count.pages += 1), tables.page(table, query)),
    transact: (table, actions) => ((count.transactions += 1), tables.transact(table, actions)),
    remove: (...key) => ((count.removals += 1), tables.remove(...key)),
  };
  return { count, counting };
}

const sentOnce: Omit<Delivery, 'sentDateTime'> = {
  ...{ channelId: 'channel', deliveryId: 'sent', tenantId: fabrikamId, title: 'x', severity: 'low' },
  ...{ topic: 'findings', result: 'sent', revision: 1, closed: false, messageId: 'x', together: 1 },
  perhapsTwice: false,
};

describe('old rows', () => {
  it('of a missing table do not exist', async () => {
    const rows = createExpiringRows(createTables(storage()));
    for (const kind of expiringKinds)
      expect(await rows.remove(kind, noon, unlimited)).toEqual({ rows: 0, finished: true });
  });

  it('of the access log are deleted by whole days, a hundred with one request', async () => {
    const tables = createTables(storage());
    const log = createAccessLog(tables);
    const old = Array.from({ length: 250 }, (_, at) => entryAt(before(48 + at / 60)));
    const young = [entryAt(before(13)), entryAt(before(2))];
    await pMap([...old, ...young], (entry) => log.append(entry), { concurrency: 25 });
    const { count, counting } = counted(tables);
    const removed = await createExpiringRows(counting).remove('accessLog', before(14), unlimited);
    expect(removed).toEqual({ rows: 250, finished: true });
    expect(count).toEqual({ pages: 1, transactions: 3, removals: 0 });
    const range = { from: before(100), to: new Date(noon.getTime() + hourMs) };
    const left = await log.list({ ...range, onlyInsiders: false, top: 500 });
    expect(left.entries.map(({ requestId }) => requestId).sort()).toEqual(
      young.map(({ requestId }) => requestId).sort(),
    );
  });

  it('of the access log are also the marks of files of these days', async () => {
    const tables = createTables(storage());
    const log = createAccessLog(tables);
    const markedAt = (day: Date) => ({ caller: 'key', action: 'get-bundle-content', fileId: 'file', day });
    const [old, young] = [markedAt(before(48)), markedAt(before(2))];
    for (const reading of [old, young]) await log.markFile(reading);
    const removed = await createExpiringRows(tables).remove('accessLog', before(14), unlimited);
    expect(removed).toEqual({ rows: 1, finished: true });
    expect([await log.isFileMarked(old), await log.isFileMarked(young)]).toEqual([false, true]);
  });

  it('of the other kinds are deleted by their own time', async () => {
    const tables = createTables(storage());
    const [repeats, webhooks] = [createIdempotencyStore(tables), createWebhookLog(tables)];
    const [consents, tokens] = [createConsentStore(tables), createPageTokenStore(tables)];
    const states = createGroupStateStore(tables);
    const [poison, rows] = [createPoisonMessageStore(tables), createExpiringRows(tables)];
    const deliveries = createDeliveryStore(tables, () => noon);
    for (const hours of [49, 47]) {
      const message = { id: randomUUID(), queue: 'raw-blobs', state: 'waiting', ids: {} } as const;
      await poison.put({ ...message, tenantId: fabrikamId, at: before(hours) });
      await repeats.hold(hash(`repeat ${hours}`), { fingerprint: 'x', at: before(hours) });
      await webhooks.remember(`webhook ${hours}`, 'enablement', before(hours));
      await tokens.keep(`token ${hours}`, 'position', before(hours));
      await states.create({ tenantId: fabrikamId, key: `group ${hours}` }, groupStateOf(1), before(hours));
      await deliveries.record({ ...sentOnce, deliveryId: String(hours), sentDateTime: before(hours) });
      await consents.create(hash(`state ${hours}`), { tenantId: fabrikamId, expiresAt: before(hours) });
    }
    await deliveries.put({ ...sentOnce, message: inventedMessage(), dueDateTime: before(500) });
    const kinds = ['repeats', 'webhooks', 'consents', 'pageTokens', 'poisonMessages'] as const;
    for (const kind of [...kinds, 'channelDeliveries', 'watchStates'] as const)
      expect(await rows.remove(kind, before(48), unlimited)).toEqual({ rows: 1, finished: true });
    expect(await repeats.hold(hash('repeat 47'), { fingerprint: 'y', at: noon })).toBeDefined();
    expect(await repeats.hold(hash('repeat 49'), { fingerprint: 'y', at: noon })).toBeUndefined();
    expect(await webhooks.remember('webhook 47', 'other', before(46))).toBe('enablement');
    expect(await poison.list(fabrikamId)).toMatchObject([{ at: before(47) }]);
    expect(await deliveries.recent('channel', 10)).toMatchObject([{ deliveryId: '47' }]);
    expect(await deliveries.waiting('channel', 'sent')).toBeDefined();
    expect(await states.get({ tenantId: fabrikamId, key: 'group 47' })).toBeDefined();
    expect(await tokens.find('token 47')).toBe('position');
    expect(await tokens.find('token 49')).toBeUndefined();
    expect(await consents.take(hash('state 47'))).toBeDefined();
    expect(await consents.take(hash('state 49'))).toBeUndefined();
  });

  it('that are deleted concurrently cause no error', async () => {
    const tables = createTables(storage());
    const webhooks = createWebhookLog(tables);
    for (const id of ['a', 'b', 'c']) await webhooks.remember(`gone ${id}`, 'x', before(1000));
    const meanwhile: Tables = {
      ...tables,
      transact: async (table, actions) => {
        await webhooks.forget('gone b');
        return await tables.transact(table, actions);
      },
    };
    const removed = await createExpiringRows(meanwhile).remove('webhooks', before(900), unlimited);
    expect(removed).toEqual({ rows: 3, finished: true });
    expect(await createExpiringRows(tables).remove('webhooks', before(900), unlimited)).toMatchObject({
      rows: 0,
    });
  });

  it('are left to the next call after a page, when the budget is spent', async () => {
    const tables = createTables(storage());
    await createAccessLog(tables).append(entryAt(before(2000)));
    const rows = createExpiringRows(tables);
    expect(await rows.remove('accessLog', before(1000), spent)).toEqual({ rows: 1, finished: false });
  });

  it('fail if storage is unreachable', async () => {
    const locked = createExpiringRows(createTables(lockedOut(storage())));
    await expect(locked.remove('accessLog', noon, unlimited)).rejects.toThrow();
  });
});
