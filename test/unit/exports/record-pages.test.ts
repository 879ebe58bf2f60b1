/** Pages of records with their texts, and how many requests they take. */
import { describe, expect, it } from 'vitest';
import { createRecordPages } from '../../../shared/exports/record-pages.ts';
import { monthOf } from '../../../shared/index/keys.ts';
import type { RecordIndex } from '../../../shared/index/record-index.ts';
import { recordRows } from '../../../shared/index/rows.ts';
import type { RecordFilters } from '../../../shared/query/filters.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { guidOf, placeRecord, tenantId } from '../index/placed-records.ts';

const now = () => new Date('2026-03-10T12:00:00Z');

const placed = Array.from({ length: 1200 }, (_, at) =>
  placeRecord(at, {
    Id: guidOf(at),
    CreationTime: `2026-03-02T09:${String(59 - (at % 60)).padStart(2, '0')}:00`,
    UserId: at % 100 === 0 ? 'ada' : 'bo',
    UserType: at % 300 === 0 ? 2 : 0,
  }),
);

/** An index that counts its requests: scans, scans with texts, point reads. */
async function countingIndex() {
  const index = createFakeRecordIndex();
  for (const one of placed) {
    for (const { dimension, row } of recordRows(one, { tenantId, blobName: 'b' })) {
      await index.writeRows(tenantId, monthOf(one.time), dimension, [row]);
    }
  }
  const counts = { scans: 0, withTexts: 0, points: 0 };
  const counting: RecordIndex = {
    ...index,
    scan: (tenant, scan) => {
      counts.scans++;
      if (scan.withTexts) counts.withTexts++;
      return index.scan(tenant, scan);
    },
    getRow: (...key) => {
      counts.points++;
      return index.getRow(...key);
    },
  };
  return { counting, counts };
}

async function readAll(filters: RecordFilters) {
  const { counting, counts } = await countingIndex();
  const pages = createRecordPages({ index: counting, raw: createFakeRawStore(), now });
  const question = { tenantId, filters, ingestedThrough: now(), completeThrough: undefined, withTexts: true };
  const texts: string[] = [];
  let position: string | undefined;
  do {
    const page = await pages.page(question, position);
    for (const { text } of page.records) texts.push((await text()).toString());
    position = page.next;
  } while (position !== undefined);
  return { texts, counts };
}

function textsOf(wanted: (at: number) => boolean): readonly string[] {
  return placed.filter((_, at) => wanted(at)).map(({ record }) => record.bytes.toString());
}

describe('the texts of a page', () => {
  it('are read along with the rows, where all rows match', async () => {
    const { texts, counts } = await readAll({});
    expect(texts.toSorted()).toEqual(textsOf(() => true).toSorted());
    expect(counts).toEqual({ scans: counts.withTexts, withTexts: counts.scans, points: 0 });
    expect(counts.scans).toBeLessThanOrEqual(4);
  });

  it('are read along with the rows, where most of them match', async () => {
    const { texts, counts } = await readAll({ userType: [0] });
    expect(texts.toSorted()).toEqual(textsOf((at) => at % 300 !== 0).toSorted());
    expect(counts.points).toBe(0);
    expect(counts.withTexts).toBeLessThanOrEqual(5);
  });

  it('are read one by one, where few rows match', async () => {
    const { texts, counts } = await readAll({ userType: [2] });
    expect(texts.toSorted()).toEqual(textsOf((at) => at % 300 === 0).toSorted());
    expect(counts.withTexts).toBe(1);
    expect(counts.points).toBeLessThanOrEqual(4);
  });

  it('are read one by one, where rows are found by a value', async () => {
    const { texts, counts } = await readAll({ users: ['ada'] });
    expect(texts.toSorted()).toEqual(textsOf((at) => at % 100 === 0).toSorted());
    expect(counts).toMatchObject({ withTexts: 0, points: 12 });
  });

  it('are read once, where they decide which records match', async () => {
    const { texts, counts } = await readAll({ users: ['ada'], text: 'ada' });
    expect(texts).toHaveLength(12);
    expect(counts).toMatchObject({ points: 12 });
  });
});
