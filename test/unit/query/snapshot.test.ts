/** Pages after the first while the clocks of two hosts differ: that of the one that lands, and that of the one that answers. */
import { describe, expect, it } from 'vitest';
import { createRecordPages } from '../../../shared/exports/record-pages.ts';
import { monthOf } from '../../../shared/index/keys.ts';
import { recordRows } from '../../../shared/index/rows.ts';
import { countRecords } from '../../../shared/query/count-records.ts';
import { listRecords } from '../../../shared/query/list-records.ts';
import type { QueryPosition } from '../../../shared/query/record-page.ts';
import type { Order } from '../../../shared/query/record-query.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { guidOf, placeRecord, tenantId } from '../index/placed-records.ts';

/** By the clock of the answering host. */
const now = () => new Date('2026-03-02T09:55:00Z');
/** By the clock of the host that landed them, an hour ahead. */
const landedAt = new Date('2026-03-02T10:50:00Z');
const completeThrough = new Date('2026-03-02T09:30:00Z');

/** One each ten minutes of the hour before `to`. */
async function deps(to: string) {
  const index = createFakeRecordIndex();
  for (let line = 0; line < 6; line++) {
    const time = new Date(Date.parse(to) - (line + 1) * 10 * 60_000);
    const placed = placeRecord(line, { Id: guidOf(line), CreationTime: time.toISOString().slice(0, 19) });
    const delivered = { ...placed, delivery: { ...placed.delivery, landedAt } };
    for (const { dimension, row } of recordRows(delivered, { tenantId, blobName: 'b' }))
      await index.writeRows(tenantId, monthOf(time), dimension, [row]);
  }
  return { index, raw: createFakeRawStore(), now };
}

const options = { tenantId, filters: {} };

describe('pages after the first, landed by a host whose clock is ahead', () => {
  it.each<Order>(['desc', 'asc'])('have everything that the first page claims: %s', async (order) => {
    const world = await deps('2026-03-02T09:30:00Z');
    const found: string[] = [];
    let position: QueryPosition | undefined = {};
    while (position !== undefined) {
      const { records, next } = await listRecords(world, { ...options, top: 2, order, position });
      found.push(...records.map(({ id }) => id));
      position = next && { ...next, completeThrough };
    }
    expect(found.length).toBe(6);
  });

  it('count everything that the first page claims', async () => {
    const world = await deps('2026-03-02T09:30:00Z');
    const position = { snapshot: now(), completeThrough };
    const { total } = await countRecords(world, { ...options, groupBy: ['operation'], top: 9, position });
    expect(total).toBe(6);
  });

  it('of an export and a stream have it as well', async () => {
    const pages = createRecordPages(await deps('2026-03-02T09:30:00Z'));
    const question = { tenantId, filters: {}, ingestedThrough: now(), completeThrough, withTexts: false };
    expect((await pages.page(question, undefined)).records.length).toBe(6);
  });

  it('leave out what was ingested later and is claimed by none', async () => {
    const world = await deps('2026-03-02T10:30:00Z');
    const position = { snapshot: now(), completeThrough };
    expect((await listRecords(world, { ...options, top: 9, position })).records).toEqual([]);
    expect((await listRecords(world, { ...options, top: 9, position: { snapshot: now() } })).records).toEqual(
      [],
    );
  });
});
