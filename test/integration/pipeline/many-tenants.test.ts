/** A set of a few hundred tenants on real tables: the merge of their records, with bounded requests for each page. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pMap from 'p-map';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { monthOf } from '../../../shared/index/keys.ts';
import { recordRows } from '../../../shared/index/rows.ts';
import type { Order } from '../../../shared/query/record-query.ts';
import { listRecordsOfSet, type SetPage } from '../../../shared/query/sets/list-records-of-set.ts';
import { emptyClaim, type SetPosition } from '../../../shared/query/sets/set-position.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { openStorage } from '../../support/run/storage.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { guidOf, placeRecord } from '../../unit/index/placed-records.ts';

const tenants = 220;
const start = Date.UTC(2026, 2, 2, 9);
const ids = Array.from({ length: tenants }, (_, at) => guidOf(10_000 + at)).sort();
/** Every fourth has five, an hour apart and its number of seconds later. */
const records = ids.flatMap((tenantId, at) =>
  at % 4 === 0
    ? Array.from({ length: 5 }, (_, one) => ({
        tenantId,
        id: guidOf(at * 10 + one),
        time: new Date(start + one * 3_600_000 + at * 1000),
      }))
    : [],
);

let storage: Awaited<ReturnType<typeof openStorage>>;

beforeAll(async () => {
  storage = await openStorage();
  const index = indexOf();
  await pMap(
    records,
    async ({ tenantId, id, time }, line) => {
      const placed = placeRecord(line, { Id: id, CreationTime: time.toISOString(), UserId: 'ada' });
      for (const { dimension, row } of recordRows(placed, { tenantId, blobName: 'b' }))
        await index.writeRows(tenantId, monthOf(time), dimension, [row]);
    },
    { concurrency: 8 },
  );
}, 120_000);

afterAll(() => storage.close());

function indexOf() {
  const { connectionString } = storage;
  return createRecordIndex(createTables({ kind: 'connectionString', connectionString }));
}

async function pagesOf(order: Order, filters: object): Promise<readonly SetPage[]> {
  const known = new Map(
    ids.map((tenantId) => {
      const stored = { etag: '', leasedUntil: undefined };
      return [tenantId, { ...tenantNamed(tenantId, { tenantId }), ...stored }];
    }),
  );
  const complete = { contentTypes: [], open: [], gaps: [], unindexedLandings: 0, recordsIndexing: 0 };
  const deps = {
    index: indexOf(),
    raw: createFakeRawStore(),
    now: () => new Date(),
    pageLimits: { ms: 60_000 },
    completeness: () => Promise.resolve(complete),
    tenantOf: (id: string) => Promise.resolve(known.get(id)),
  };
  const query = { filters, toComplete: false, order, top: 50, room: undefined };
  const pages: SetPage[] = [];
  const places = ids.map((tenantId) => ({ tenantId }));
  for (let position: SetPosition = { places, claim: emptyClaim }; ;) {
    const page = await listRecordsOfSet(deps, query, position);
    pages.push(page);
    if (page.isLast) return pages;
    expect(pages.length).toBeLessThan(40);
    position = page.position;
  }
}

describe('the pages of 220 tenants on tables', () => {
  const range = { from: new Date(start - 86_400_000), to: new Date(start + 86_400_000) };

  it.each<[Order, object]>([
    ['desc', range],
    ['asc', range],
    ['desc', { users: ['ada', 'bo'] }],
  ])(
    'are the merge of their records, with bounded requests: %s',
    async (order, filters) => {
      const pages = await pagesOf(order, filters);
      const sorted = records.toSorted((a, b) => b.time.getTime() - a.time.getTime());
      const wanted = (order === 'asc' ? sorted.toReversed() : sorted).map(({ id }) => id);
      expect(pages.flatMap((page) => page.records.map(({ id }) => id))).toEqual(wanted);
      for (const { requests } of pages) expect(requests).toBeLessThanOrEqual(460 + 16);
      const last = pages.at(-1);
      expect(last?.requests).toBeLessThanOrEqual(order === 'asc' ? 460 : 3 * (50 + 16));
    },
    60_000,
  );
});
