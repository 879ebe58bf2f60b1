/** What a search for a text reads of rows: mostly their texts. */
import { expect, it } from 'vitest';
import { monthOf } from '../../../shared/index/keys.ts';
import type { IndexRow, RecordIndex } from '../../../shared/index/record-index.ts';
import { recordRows } from '../../../shared/index/rows.ts';
import { withoutEnd } from '../../../shared/query/complete-range.ts';
import { parseFilters } from '../../../shared/query/filters.ts';
import { listRecords } from '../../../shared/query/list-records.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { guidOf, placeRecord, tenantId } from '../index/placed-records.ts';

const now = () => new Date('2026-03-10T12:00:00Z');

/** The records of an hour, of which the third names a plan. */
async function indexedRows(): Promise<RecordIndex> {
  const index = createFakeRecordIndex();
  for (let line = 0; line < 20; line++) {
    const placed = placeRecord(line, {
      Id: guidOf(line),
      CreationTime: new Date(Date.UTC(2026, 2, 2, 9, 0, line)).toISOString(),
      ...{ UserId: 'ada', Path: line === 2 ? 'C:\\plan' : 'C:\\x' },
    });
    for (const { dimension, row } of recordRows(placed, { tenantId, blobName: 'b' })) {
      await index.writeRows(tenantId, monthOf(placed.time), dimension, [row]);
    }
  }
  return index;
}

/** The same index, whose summaries cannot be unpacked, except that of the record with this ID. */
function damaged(index: RecordIndex, sound: string): RecordIndex {
  const damage = (row: IndexRow): IndexRow =>
    row.rowKey.endsWith(sound) ? row : { ...row, summary: Buffer.from('damaged') };
  return {
    ...index,
    scan: async (tenant, scan) => {
      const page = await index.scan(tenant, scan);
      return { ...page, rows: page.rows.map(damage) };
    },
  };
}

it.each([
  ['text', 'c:\\plan'],
  ['filter', "contains(auditData,'c:\\plan')"],
])('the summary of a record without the text of %s is not unpacked, on any page', async (name, value) => {
  const index = damaged(await indexedRows(), guidOf(2));
  const deps = { index, raw: createFakeRawStore(), now };
  const filters = withoutEnd(parseFilters(new URLSearchParams({ [name]: value })));
  const question = { tenantId, filters, top: 10 };
  const followingPage = { position: { snapshot: now() } };
  for (const page of [{ position: {} }, followingPage]) {
    const { records } = await listRecords(deps, { ...question, ...page });
    expect(records.map(({ id }) => id)).toEqual([guidOf(2)]);
  }
});
