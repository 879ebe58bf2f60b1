/** The promises about messages that failed too often, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPoisonMessageStore } from '../../shared/adapters/tables/poison-message-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import type { PoisonMessage } from '../../shared/poison/poison-message.ts';
import { createFakePoisonMessages } from '../support/fakes/poison-message-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const at = new Date('2026-03-02T08:00:00.000Z');

function messageOf(tenantId: string | undefined, changes: Partial<PoisonMessage> = {}): PoisonMessage {
  const ids = { landingId: '20260302T091407123-0a1b2c3d4e5f6071', operationId: 'ab'.repeat(16) };
  return {
    ...{ id: randomUUID(), tenantId, queue: 'raw-blobs', state: 'waiting', ids, deliveries: 5, at },
    ...{ code: 'RawBlobMissingError', message: "It's missing.", ...changes },
  };
}

describe.each([
  { where: 'in memory', open: createFakePoisonMessages },
  { where: 'on Table Storage', open: () => createPoisonMessageStore(createTables(storage())) },
])('poison messages $where', ({ open }) => {
  it('are found as put, in their tenant only', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const [message, other] = [messageOf(tenantId), messageOf(randomUUID())];
    for (const one of [message, other]) await store.put(one);
    expect(await store.get(message)).toMatchObject(message);
    expect(await store.get({ id: message.id, tenantId: randomUUID() })).toBeUndefined();
    expect(await store.list(tenantId)).toMatchObject([message]);
    expect(await store.list(randomUUID())).toEqual([]);
  });

  it('may name no tenant, and are then listed with those of all', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const [message, malformed] = [messageOf(tenantId), messageOf(undefined, { ids: {} })];
    for (const one of [message, malformed]) await store.put(one);
    const found = await store.get({ id: malformed.id });
    expect(found).toMatchObject({ id: malformed.id, ids: {} });
    expect(found?.tenantId).toBeUndefined();
    expect((await store.list(tenantId)).map(({ id }) => id)).toEqual([message.id]);
    const all = (await store.list()).map(({ id }) => id);
    expect(all).toEqual(expect.arrayContaining([message.id, malformed.id]));
  });

  it('are replaced as a whole', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const message = messageOf(tenantId);
    const decision = { givenUpAt: at, givenUpBy: 'key-1', givenUpReason: 'Lost.' };
    await store.put({ ...message, state: 'givenUp', ...decision });
    expect(await store.get(message)).toMatchObject({ state: 'givenUp', ...decision });
    const nothing = { code: undefined, message: undefined };
    await store.put({ ...message, ...nothing, state: 'attempting' });
    const replaced = await store.get(message);
    expect(replaced?.state).toBe('attempting');
    expect([replaced?.code, replaced?.givenUpBy]).toEqual([undefined, undefined]);
  });

  it('are removed unless they have changed', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const message = messageOf(tenantId);
    await store.put(message);
    const [read] = await store.list(tenantId);
    if (read === undefined) throw new Error('It was put.');
    await store.put({ ...message, deliveries: 10 });
    await store.remove(read);
    const [changed] = await store.list(tenantId);
    expect(changed).toMatchObject({ deliveries: 10 });
    if (changed !== undefined) for (let time = 0; time < 2; time++) await store.remove(changed);
    expect(await store.list(tenantId)).toEqual([]);
  });
});

describe('unreachable poison messages', () => {
  it('fail', async () => {
    const store = createPoisonMessageStore(createTables(lockedOut(storage())));
    await expect(store.list()).rejects.toThrow();
    await expect(store.put(messageOf(undefined))).rejects.toThrow();
  });
});

it('poison messages about operations of a kind that a later release has are found, without the kind', async () => {
  const tables = createTables(storage());
  const [store, message] = [createPoisonMessageStore(tables), messageOf(randomUUID())];
  await store.put(message);
  const ids = JSON.stringify({ id: message.id, kind: 'forecasts' });
  const key = { partitionKey: message.tenantId ?? '', rowKey: message.id };
  await tables.write('PoisonMessages', (client) => client.updateEntity({ ...key, ids }, 'Merge'));
  expect(await store.list(message.tenantId)).toMatchObject([{ id: message.id, ids: { id: message.id } }]);
});
