/** The cost of a page: little if the index has the answer, and never more than its budget otherwise. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { countRecords } from '../../../shared/query/count-records.ts';
import type { RecordFilters } from '../../../shared/query/filters.ts';
import { startByteCount } from '../../support/byte-count.ts';
import { sized } from '../../support/sizes.ts';
import { askPages, idsOf } from './asking.ts';
import { contentOf, recordOf } from './invented-records.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';

/** 2,400 are still several pages of each kind; of Ada, more texts than one page may read. */
const records = sized(2400, 4000);
const newest = Date.UTC(2026, 3, 5);
/** All records are of 47 days, over three months; every other one is Ada's. */
const everyMs = sized(28, 17) * 60_000;

let pipeline: Pipeline;
let tenantId: string;

beforeAll(async () => {
  pipeline = await startPipeline();
  tenantId = await pipeline.addTenant('Large');
  const made = Array.from({ length: records }, (_, at) =>
    recordOf(`large ${at}`, {
      CreationTime: new Date(newest - at * everyMs).toISOString(),
      UserId: at % 2 === 0 ? 'ada@contoso.example' : 'bo@contoso.example',
      Operation: 'FileAccessed',
    }),
  );
  await pipeline.deliver(
    tenantId,
    [contentOf('large', '2026-04-05T00:00:00Z', made)],
    new Date('2026-04-05T01:00:00Z'),
  );
}, 240_000);

afterAll(() => pipeline.stop());

describe('a page of one user over 30 days', () => {
  const range = { from: '2026-03-02', to: '2026-04-01' };
  const start = Date.parse(range.from);
  const end = Date.parse(range.to);
  const wanted = Array.from({ length: records }, (_, at) => newest - at * everyMs).filter(
    (time, at) => at % 2 === 0 && time >= start && time < end,
  ).length;

  it.each([100, records / 4])('of %i records costs at most 2 requests and 1.2 rows a record', async (top) => {
    const query = { ...range, users: 'Ada@contoso.example', top: String(top) };
    const pages = await askPages(pipeline, { tenantId, query });
    expect(idsOf(pages)).toHaveLength(wanted);
    expect(pages).toHaveLength(Math.ceil(wanted / top));
    for (const { requests, rowsRead, value } of pages) {
      expect(requests).toBeLessThanOrEqual(2);
      expect(rowsRead / value.length).toBeLessThanOrEqual(1.2);
    }
  });

  it('costs the same if its range crosses a month', async () => {
    const query = { from: '2026-03-10', to: '2026-04-04', users: 'ada@contoso.example' };
    const pages = await askPages(pipeline, { tenantId, query });
    for (const { requests } of pages) expect(requests).toBeLessThanOrEqual(2);
    expect(new Set(idsOf(pages)).size).toBe(idsOf(pages).length);
  });
});

describe('a query whose remaining filters match nothing', () => {
  /** More values than a query to storage can hold: they are compared here, row by row. */
  const nothing = Array.from({ length: 20 }, (_, at) => `Nothing${at}`).join(',');

  it.each([{ service: nothing }, { service: nothing, users: 'ada@contoso.example,bo@contoso.example' }])(
    'ends every page within its budget and comes to its end: %j',
    async (filters) => {
      const pages = await askPages(pipeline, { tenantId, query: { ...filters, top: '10' }, maxPages: 100 });
      expect(idsOf(pages)).toEqual([]);
      expect(pages.at(-1)?.nextLink).toBeUndefined();
      for (const { requests } of pages) expect(requests).toBeLessThanOrEqual(64);
      const rowsRead = pages.reduce((sum, page) => sum + page.rowsRead, 0);
      expect(rowsRead).toBeLessThanOrEqual(records * 1.2);
    },
    120_000,
  );

  it.each(['desc', 'asc'])('costs about a request for 1,000 rows, also one by one: %s', async (by) => {
    const query = { userType: 'Admin', top: '1', orderby: `createdDateTime ${by}` };
    const pages = await askPages(pipeline, { tenantId, query });
    expect(pages).toHaveLength(1);
    expect(pages[0]?.requests).toBeLessThanOrEqual(20);
    expect(pages[0]?.rowsRead).toBeLessThanOrEqual(records * 1.2);
  });

  it('finds a record at the far end', async () => {
    const query = {
      service: `${nothing},SharePoint`,
      to: new Date(newest - (records - 10) * everyMs).toISOString(),
      top: '3',
    };
    expect(idsOf(await askPages(pipeline, { tenantId, query }))).toHaveLength(9);
  });
});

describe('a page of the oldest records first', () => {
  it.each([1, 100])('of %i costs few requests, and reads few more rows than it returns', async (top) => {
    const query = { from: '2026-03-02', users: 'ada@contoso.example', orderby: 'createdDateTime asc' };
    const pages = await askPages(pipeline, { tenantId, query: { ...query, top: String(top) }, maxPages: 8 });
    for (const { value, requests, rowsRead } of pages) {
      expect(value).toHaveLength(top);
      expect(requests).toBeLessThanOrEqual(12);
      expect(rowsRead).toBeLessThanOrEqual(4 * top + 100);
    }
  });
});

describe('a page of a search of the text', () => {
  it('reads only rows of the user, and each text once', async () => {
    const query = {
      users: 'ada@contoso.example',
      text: `large ${records - 2}`,
      from: '2026-02-01',
      to: '2026-04-06',
    };
    const pages = await askPages(pipeline, { tenantId, query });
    expect(idsOf(pages)).toHaveLength(1);
    const [requests, rows] = [pages.map((page) => page.requests), pages.map((page) => page.rowsRead)];
    expect(sum(rows)).toBeLessThanOrEqual((records / 2) * 1.1);
    expect(sum(requests)).toBeLessThanOrEqual((records / 2) * 1.1);
    for (const page of pages) expect(page.requests).toBeLessThanOrEqual(1064);
  }, 120_000);

  it('reads the rows by time if no user is named, as they contain the text', async () => {
    const pages = await askPages(pipeline, {
      tenantId,
      query: { operations: 'FileAccessed', text: `LARGE ${records - 2}` },
    });
    expect(idsOf(pages)).toHaveLength(1);
    expect(sum(pages.map((page) => page.requests))).toBeLessThanOrEqual(20);
  });
});

describe('counting all records', () => {
  it('does not read texts, which are most of what is stored', async () => {
    const counted = await startByteCount(pipeline.connectionString);
    const storage = { kind: 'connectionString', connectionString: counted.connectionString } as const;
    const index = createRecordIndex(createTables(storage));
    const { raw, now } = pipeline;
    const count = async (filters: RecordFilters) => {
      const before = counted.bytes();
      const question = { tenantId, filters, groupBy: ['user'], top: 10, position: {} } as const;
      const { total, requests } = await countRecords({ index, raw, now }, question);
      return { total, requests, bytes: counted.bytes() - before };
    };
    const [plain, searched] = [await count({}), await count({ text: 'large' })];
    await counted.stop();
    console.log(`Counting ${records} records: ${plain.bytes} bytes; with texts: ${searched.bytes} bytes`);
    expect([plain.total, searched.total]).toEqual([records, records]);
    expect(plain.requests).toBe(searched.requests);
    expect(plain.bytes).toBeLessThan(searched.bytes * 0.6);
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}
