/** The promises about generations of webhook secrets, kept in memory and on Table Storage. */
import { describe, expect, it } from 'vitest';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createWebhookGenerationStore } from '../../shared/adapters/tables/webhook-generation-store.ts';
import { createFakeWebhookGenerationStore } from '../support/fakes/webhook-generation-store.ts';
import { adatumId, fabrikamId } from '../support/tenants.ts';
import { useStorage } from './storage.ts';

const storage = useStorage();
const overlapUntil = new Date('2026-03-11T12:00:00Z');

describe.each([
  { where: 'in memory', open: createFakeWebhookGenerationStore },
  { where: 'on Table Storage', open: () => createWebhookGenerationStore(createTables(storage())) },
])('generations of webhook secrets $where', ({ open }) => {
  it('are counted for each tenant, and for all tenants', async () => {
    const store = open();
    expect(await store.get(fabrikamId)).toBeUndefined();
    expect(await store.put(fabrikamId, { generation: 2, overlapUntil }, undefined)).toBe(true);
    expect(await store.put('*', { generation: 2 }, undefined)).toBe(true);
    expect(await store.get(fabrikamId)).toMatchObject({ generation: 2, overlapUntil });
    const read = await store.get(fabrikamId);
    expect(await store.put(fabrikamId, { generation: 3, overlapUntil }, read)).toBe(true);
    expect([(await store.get(fabrikamId))?.generation, (await store.get('*'))?.generation]).toEqual([3, 2]);
    expect(await store.get(adatumId)).toBeUndefined();
  });

  it('are written only by one of two who read the same', async () => {
    const store = open();
    expect(await store.put(adatumId, { generation: 2 }, undefined)).toBe(true);
    expect(await store.put(adatumId, { generation: 2 }, undefined)).toBe(false);
    const read = await store.get(adatumId);
    expect(await store.put(adatumId, { generation: 3 }, read)).toBe(true);
    expect(await store.put(adatumId, { generation: 3 }, read)).toBe(false);
    expect((await store.get(adatumId))?.generation).toBe(3);
  });
});
