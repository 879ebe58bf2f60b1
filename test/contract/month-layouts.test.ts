/** The promises about layouts of months, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMonthLayoutStore } from '../../shared/adapters/tables/month-layout-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import type { MonthLayout } from '../../shared/index/segments/month-layout.ts';
import { createFakeMonthLayouts } from '../support/fakes/month-layouts.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const layoutOf = (month: string, changes: Partial<MonthLayout> = {}): MonthLayout => ({
  ...{ month, generation: 1, sealed: [0], sealedAt: new Date('2026-07-01T03:00:00Z') },
  ...{ segments: [], merged: [] },
  ...changes,
});

describe.each([
  { where: 'in memory', open: createFakeMonthLayouts },
  { where: 'on Table Storage', open: () => createMonthLayoutStore(createTables(storage())) },
])('layouts of months $where', ({ open }) => {
  it('are listed as saved, for one tenant', async () => {
    const [layouts, tenantId] = [open(), randomUUID()];
    expect(await layouts.list(tenantId)).toEqual([]);
    const published = layoutOf('202602', {
      ...{ generation: 12, sealed: [], merged: [10, 11], segments: ['tenant=a/month=b/c.json', 'd'] },
      publishedAt: new Date('2026-07-02T03:00:00Z'),
    });
    await layouts.save(tenantId, layoutOf('202601'), undefined);
    await layouts.save(tenantId, published, undefined);
    await layouts.save(randomUUID(), layoutOf('202603'), undefined);
    const etag: unknown = expect.any(String);
    expect(await layouts.list(tenantId)).toEqual([
      { ...layoutOf('202601'), etag },
      { ...published, etag },
    ]);
  });

  it('are saved only if no one has changed them since', async () => {
    const [layouts, tenantId] = [open(), randomUUID()];
    expect(await layouts.save(tenantId, layoutOf('202601'), undefined)).toBe(true);
    expect(await layouts.save(tenantId, layoutOf('202601'), undefined)).toBe(false);
    const [first] = await layouts.list(tenantId);
    expect(await layouts.save(tenantId, layoutOf('202601', { generation: 2 }), first?.etag)).toBe(true);
    expect(await layouts.save(tenantId, layoutOf('202601', { generation: 3 }), first?.etag)).toBe(false);
    expect(await layouts.list(tenantId)).toMatchObject([{ generation: 2 }]);
  });

  it('are removed, also twice, and then there are none', async () => {
    const [layouts, tenantId] = [open(), randomUUID()];
    await layouts.save(tenantId, layoutOf('202601'), undefined);
    const [first] = await layouts.list(tenantId);
    await layouts.remove(tenantId, '202601');
    await layouts.remove(tenantId, '202601');
    expect(await layouts.list(tenantId)).toEqual([]);
    expect(await layouts.save(tenantId, layoutOf('202601'), first?.etag)).toBe(false);
  });
});

it('unreachable storage fails, and never looks empty', async () => {
  const layouts = createMonthLayoutStore(createTables(lockedOut(storage())));
  await expect(layouts.list(randomUUID())).rejects.toThrow();
  await expect(layouts.save(randomUUID(), layoutOf('202601'), undefined)).rejects.toThrow();
});
