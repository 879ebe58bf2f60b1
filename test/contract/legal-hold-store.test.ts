/** The promises about legal holds, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createLegalHoldStore } from '../../shared/adapters/tables/legal-hold-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import type { LegalHoldEvent } from '../../shared/offboarding/legal-hold.ts';
import { createFakeLegalHolds } from '../support/fakes/legal-hold-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const at = (day: number) => new Date(Date.UTC(2026, 2, day));
const placed: LegalHoldEvent = { kind: 'placed', at: at(1), by: 'key-1', reason: "Contoso's claim" };
const lifted: LegalHoldEvent = { kind: 'lifted', at: at(2), by: 'key-2', reason: 'Settled', lifts: at(1) };

describe.each([
  { where: 'in memory', open: createFakeLegalHolds },
  { where: 'on Table Storage', open: () => createLegalHoldStore(createTables(storage())) },
])('legal holds $where', ({ open }) => {
  it('are all kept, newest first, in their tenant only', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    expect(await store.events(tenantId)).toEqual([]);
    for (const event of [placed, lifted, { ...placed, at: at(3) }]) await store.append(tenantId, event);
    expect(await store.events(tenantId)).toEqual([{ ...placed, at: at(3) }, lifted, placed]);
    expect(await store.events(randomUUID())).toEqual([]);
  });

  it('with the same timestamp are both kept', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    for (const by of ['key-1', 'key-2']) await store.append(tenantId, { ...placed, by });
    expect(await store.events(tenantId)).toHaveLength(2);
  });
});

describe('unreachable legal holds', () => {
  it('fail, because none may be taken for lifted', async () => {
    await expect(createLegalHoldStore(createTables(lockedOut(storage()))).events('x')).rejects.toThrow();
  });
});
