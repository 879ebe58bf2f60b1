/** What one page may cost the processor: it stops within a page of rows, and lets others run in between. */
import { describe, expect, it } from 'vitest';
import type { DeliveredRecord } from '../../../shared/index/delivered-records.ts';
import { monthOf } from '../../../shared/index/keys.ts';
import { recordRows } from '../../../shared/index/rows.ts';
import { countRecords } from '../../../shared/query/count-records.ts';
import { withoutEnd } from '../../../shared/query/complete-range.ts';
import { parseFilters } from '../../../shared/query/filters.ts';
import { listRecords } from '../../../shared/query/list-records.ts';
import type { ReadCost } from '../../../shared/query/reading/budget.ts';
import type { QueryDeps } from '../../../shared/query/reading/execute-query.ts';
import type { QueryPosition } from '../../../shared/query/record-page.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createShortTurns } from '../../support/turns.ts';
import { guidOf, placeRecord, tenantId } from '../index/placed-records.ts';

const now = () => new Date('2026-03-10T12:00:00Z');
const records = 300;

async function indexed(placed: readonly DeliveredRecord[]) {
  const index = createFakeRecordIndex();
  for (const one of placed) {
    for (const { dimension, row } of recordRows(one, { tenantId, blobName: 'b' })) {
      await index.writeRows(tenantId, monthOf(one.time), dimension, [row]);
    }
  }
  return index;
}

const index = await indexed(
  Array.from({ length: records }, (_, line) =>
    placeRecord(line, {
      Id: guidOf(line),
      CreationTime: new Date(Date.UTC(2026, 2, 2, 9, 0, line)).toISOString(),
      ...{ UserId: 'ada', Path: 'C:\\x' },
    }),
  ),
);

const comparisonsOfRow = 190;
const worst = Array.from({ length: comparisonsOfRow }, (_, at) => `contains(auditData,'none ${at}')`).join(
  ' or ',
);
const filters = withoutEnd(parseFilters(new URLSearchParams({ filter: worst })));

const base: QueryDeps = { index, raw: createFakeRawStore(), now };

/** Reads all pages; returns what each compared. */
async function comparisonsOf(deps: QueryDeps, read: typeof list | typeof count): Promise<readonly number[]> {
  const all: number[] = [];
  for (let position: QueryPosition | undefined = {}; position !== undefined;) {
    const page: ReadCost & { readonly next?: QueryPosition | undefined } = await read(deps, position);
    all.push(page.comparisons);
    position = page.next;
  }
  return all;
}

const list = (deps: QueryDeps, position: QueryPosition) =>
  listRecords(deps, { tenantId, filters, top: 1000, position });
const count = (deps: QueryDeps, position: QueryPosition) =>
  countRecords(deps, { tenantId, filters, groupBy: ['user'], top: 10, position });

describe.each([
  ['a page of records', list],
  ['a page of counts', count],
])('%s', (_, read) => {
  it('ends within a page of rows when its comparisons are spent, and the next one continues there', async () => {
    const limit = 50 * comparisonsOfRow;
    const pages = await comparisonsOf({ ...base, pageLimits: { comparisons: limit } }, read);
    expect(pages).toEqual(Array.from({ length: records / 50 }, () => limit));
  });

  it('ends within a page of rows when its time is up', async () => {
    let at = now().getTime();
    const pageLimits = { ms: 50 };
    // A millisecond passes whenever the clock is read.
    const pages = await comparisonsOf({ ...base, pageLimits, now: () => new Date(at++) }, read);
    expect(pages.length).toBeGreaterThan(1);
    expect(Math.max(...pages)).toBeLessThanOrEqual(160 * comparisonsOfRow);
  });

  it('lets others run whenever its turn is over', async () => {
    const { startTurn, taken } = createShortTurns();
    await comparisonsOf({ ...base, startTurn }, read);
    expect(taken()).toBe(records);
  });
});
