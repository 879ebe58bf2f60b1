/** Pages of a query over an index in memory: all that is wanted, newest first, and always an end. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveredRecord } from '../../../shared/index/delivered-records.ts';
import { invertedTime, monthOf, valueHash } from '../../../shared/index/keys.ts';
import { packText, unpackText } from '../../../shared/index/packing.ts';
import type { RecordIndex } from '../../../shared/index/record-index.ts';
import { recordRows } from '../../../shared/index/rows.ts';
import { withoutEnd } from '../../../shared/query/complete-range.ts';
import type { RecordFilters } from '../../../shared/query/filters.ts';
import type { FoundRecord } from '../../../shared/query/found-record.ts';
import { listRecords } from '../../../shared/query/list-records.ts';
import { createRecordText } from '../../../shared/query/matching/free-text.ts';
import { createMatcher } from '../../../shared/query/matching/match.ts';
import { parseFilter } from '../../../shared/query/filter-language/parse-filter.ts';
import type { PageLimits } from '../../../shared/query/reading/budget.ts';
import type { QueryPosition, RecordPage } from '../../../shared/query/record-page.ts';
import type { Order } from '../../../shared/query/record-query.ts';
import { parseRecordQuery } from '../../support/record-query.ts';
import { createSkipTokens } from '../../../shared/query/skip-token.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { guidOf, placeRecord, tenantId } from '../index/placed-records.ts';

const now = () => new Date('2026-03-10T12:00:00Z');
const raw = createFakeRawStore();

async function indexOf(records: readonly DeliveredRecord[]): Promise<RecordIndex> {
  const index = createFakeRecordIndex();
  for (const placed of records) {
    const month = monthOf(placed.time);
    for (const { dimension, row } of recordRows(placed, { tenantId, blobName: 'b' })) {
      await index.writeRows(tenantId, month, dimension, [row]);
    }
  }
  return index;
}

interface Asking {
  readonly filters: RecordFilters;
  readonly top: number;
  readonly order?: Order;
  readonly maxPages?: number;
  readonly pageLimits?: Partial<PageLimits> | undefined;
}

/** Follows the pages to the last one; fails if there are too many. */
async function allPages(index: RecordIndex, { maxPages = 500, pageLimits, ...asked }: Asking) {
  const pages: RecordPage[] = [];
  let position: QueryPosition | undefined = {};
  while (position !== undefined) {
    expect(pages.length, 'pages without an end').toBeLessThan(maxPages);
    const page: RecordPage = await listRecords(
      { index, raw, now, pageLimits },
      { tenantId, ...asked, position },
    );
    pages.push(page);
    position = page.next;
  }
  return pages;
}

function idsOf(pages: readonly RecordPage[]): readonly string[] {
  return pages.flatMap(({ records }) => records.map(({ id }) => id));
}

/** As rows were packed before they held sites and administrative units. */
function firstLayout(summary: Uint8Array): Buffer {
  const fields: unknown = JSON.parse(unpackText(summary).toString());
  return packText(Buffer.from(JSON.stringify(Array.isArray(fields) ? fields.slice(0, 16) : [])));
}

function foundOf({ record: { summary }, id, time, createdSource, delivery }: DeliveredRecord): FoundRecord {
  const { contentType, source, landedAt } = delivery;
  return {
    ...{ tenantId, id, createdDateTime: time, summary, createdSource, contentType, source },
    ...{ ingestedDateTime: landedAt, isLegacy: false },
  };
}

/** The plainest implementation of the few filters that are used here. */
function isWanted({ time, record: { summary } }: DeliveredRecord, filters: RecordFilters): boolean {
  const { from, to, users, recordType } = filters;
  return [
    from === undefined || time >= from,
    to === undefined || time < to,
    users === undefined || users.includes(summary.userId ?? ''),
    recordType === undefined || recordType.includes(summary.recordType ?? -1),
  ].every(Boolean);
}

function record(line: number, time: string, fields: object = {}): DeliveredRecord {
  return placeRecord(line, {
    Id: guidOf(line),
    CreationTime: time,
    UserId: 'ada@contoso.example',
    ...fields,
  });
}

describe('the pages of a query', () => {
  const user = fc.constantFrom('ada', 'bo', 'cy');
  const made = fc.record({
    minute: fc.nat(4),
    month: fc.integer({ min: 1, max: 4 }),
    user,
    type: fc.nat(14),
  });
  const types = fc.option(fc.uniqueArray(fc.nat(14), { minLength: 1 }), { nil: undefined });
  const users = fc.option(fc.uniqueArray(user, { minLength: 1 }), { nil: undefined });
  const edge = fc.integer({ min: 1, max: 4 }).map((month) => new Date(Date.UTC(2026, month - 1, 15, 9, 2)));
  const range = fc.option(
    fc.tuple(edge, edge).filter(([from, to]) => from < to),
    { nil: undefined },
  );

  it('hold every matching record once, newest first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(made, { maxLength: 40 }),
        fc.record({ users, recordType: types, range }),
        fc.constantFrom(1, 2, 7, 1000),
        fc.constantFrom<Order[]>('desc', 'asc'),
        async (all, { range: between, ...rest }, top, order) => {
          const records = all.map(({ minute, month, type, user: UserId }, line) =>
            record(line, `2026-0${month}-15T09:0${minute}:00`, { UserId, RecordType: type }),
          );
          const filters = { ...rest, from: between?.[0], to: between?.[1] };
          const wanted = records.filter((placed) => isWanted(placed, filters));
          const sorted = wanted.toSorted(
            (a, b) => b.time.getTime() - a.time.getTime() || (a.id < b.id ? -1 : 1),
          );
          if (order === 'asc') sorted.reverse();
          const pages = await allPages(await indexOf(records), { filters, top, order });
          expect(idsOf(pages)).toEqual(sorted.map(({ id }) => id));
          expect(pages.every((page) => page.records.length <= top)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('end with every record, however small the budget of a page', async () => {
    const limits = fc.constantFrom(
      { scans: 1000, points: 1000, ms: 0 },
      { scans: -1000, points: 1000, ms: 60_000 },
      { scans: 3, points: 1, ms: 60_000 },
      { comparisons: 1 },
      { comparisons: 5 },
    );
    const budgets = fc.record({ pageLimits: limits, rowsAtOnce: fc.constantFrom(2, 1000) });
    const filter = fc.constantFrom<RecordFilters>(
      { users: ['ada', 'bo', 'cy'] },
      { users: ['ada', 'bo'], text: 'ADA' },
      { text: 'bo' },
      { siteIds: ['s1'], users: ['bo', 'cy'] },
      { recordType: [1, 2, 3], text: 'userid' },
      { filter: parseFilter("contains(auditData,'ada') or contains(auditData,'BO') and userId ne 'cy'") },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(made, { maxLength: 25 }),
        filter,
        budgets,
        fc.constantFrom<Order[]>('desc', 'asc'),
        async (all, filters, { pageLimits, rowsAtOnce }, order) => {
          const records = all.map(({ minute, month, type, user: UserId }, line) =>
            record(line, `2026-0${month}-15T09:0${minute}:00`, {
              UserId,
              RecordType: type,
              Site: `s${line % 2}`,
            }),
          );
          const matches = createMatcher(filters);
          const wanted = records.filter((placed) =>
            matches(foundOf(placed), createRecordText(placed.record.bytes)),
          );
          const index = await indexOf(records);
          const small: RecordIndex = {
            ...index,
            scan: (tenant, scan) =>
              index.scan(tenant, { ...scan, pageSize: Math.min(rowsAtOnce, scan.pageSize) }),
          };
          // Without any time, oldest first, pages close in on a record by a tenth of the way each.
          const pages = await allPages(small, { filters, top: 5, order, pageLimits, maxPages: 1000 });
          expect(idsOf(pages).toSorted()).toEqual(wanted.map(({ id }) => id).sort());
          const times = pages.flatMap((page) =>
            page.records.map(({ createdDateTime }) => createdDateTime.getTime()),
          );
          expect(times).toEqual(times.toSorted((a, b) => (order === 'asc' ? a - b : b - a)));
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each<[string, RecordFilters, number]>([
    ['of several people', { users: ['ada', 'bo', 'cy'] }, 9],
    ['of several people with a word', { users: ['ada', 'bo', 'cy'], text: 'wanted' }, 5],
    ['with a word', { text: 'wanted' }, 5],
  ])(
    'return %s records of the same time once, though each stream stops as early as it may',
    async (_, filters, wanted) => {
      const records = Array.from({ length: 9 }, (__, at) => {
        const UserId = ['ada', 'bo', 'cy'][Math.floor(at / 3)] ?? '';
        return record(at, '2026-03-02T09:00:00', { UserId, Note: at % 2 === 0 ? 'wanted' : 'other' });
      });
      const index = await indexOf(records);
      const limits = [{ ms: 0 }, { comparisons: 1 }, { comparisons: 2 }, { comparisons: 3 }];
      for (const [pageSize, pageLimits] of [1, 2, 3, 1000].flatMap((size) =>
        limits.map((limit) => [size, limit] as const),
      )) {
        const small: RecordIndex = {
          ...index,
          scan: (tenant, scan) => index.scan(tenant, { ...scan, pageSize }),
        };
        const ids = idsOf(await allPages(small, { filters, top: 2, pageLimits, maxPages: 60 }));
        expect(ids).toHaveLength(wanted);
        expect(new Set(ids).size).toBe(wanted);
      }
    },
  );

  it('hold a record once that several of the wanted values find', async () => {
    const some = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
    const addresses = (numbers: readonly number[]) => numbers.map((number) => `192.0.2.${number}`);
    const limits = fc.constantFrom(undefined, { scans: 1000, points: 1000, ms: 0 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ second: fc.nat(3), has: some, isSent: fc.boolean() }), { maxLength: 25 }),
        fc.record({ wanted: some, objectId: fc.option(fc.constant(['o']), { nil: undefined }) }),
        fc.record({ top: fc.constantFrom(1, 3, 1000), pageSize: fc.constantFrom(1, 2, 1000), limits }),
        fc.constantFrom<Order[]>('desc', 'asc'),
        async (made, { wanted, objectId }, { top, pageSize, limits: pageLimits }, order) => {
          const records = made.map(({ second, has, isSent }, line) => {
            const [ClientIP, ...rest] = addresses(has);
            const fields = { ClientIP, ActorIpAddress: rest.join(', '), ObjectId: isSent ? 'o' : 'p' };
            return record(line, `2026-03-15T09:00:0${second}`, fields);
          });
          const matching = records.filter((_, line) => {
            const { has = [], isSent = false } = made[line] ?? {};
            return has.some((one) => wanted.includes(one)) && (objectId === undefined || isSent);
          });
          const index = await indexOf(records);
          const small: RecordIndex = {
            ...index,
            scan: (tenant, scan) =>
              index.scan(tenant, { ...scan, pageSize: Math.min(pageSize, scan.pageSize) }),
          };
          const filters = { clientIp: addresses(wanted), objectId };
          const pages = await allPages(small, { filters, top, order, pageLimits, maxPages: 1000 });
          const sorted = matching.toSorted(
            (a, b) => b.time.getTime() - a.time.getTime() || (a.id < b.id ? -1 : 1),
          );
          if (order === 'asc') sorted.reverse();
          expect(idsOf(pages)).toEqual(sorted.map(({ id }) => id));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each<Order>(['asc', 'desc'])('look up records that are named once a page, %s', async (order) => {
    const records = Array.from({ length: 12 }, (_, month) =>
      record(month, `2025-${String(month + 1).padStart(2, '0')}-15T09:00:00`),
    );
    const ids = records.map(({ id }) => id);
    const index = await indexOf(records);
    for (const { id, time } of records) {
      await index.createClaims(tenantId, [
        { id, inverted: invertedTime(time), landing: 1n, line: 0, content: 1n },
      ]);
    }
    const pages = await allPages(index, { filters: { ids }, top: 5, order });
    expect(idsOf(pages)).toEqual(order === 'asc' ? ids : ids.toReversed());
    expect(pages).toHaveLength(3);
    // A claim and a row each, and the list of months.
    for (const { requests } of pages) expect(requests).toBeLessThanOrEqual(2 * ids.length + 1);
  });

  it('are read in slices within the existing months: everything later is in a separate slice', async () => {
    const records = [1, 2, 3].map((line) => record(line, `2026-02-0${line}T09:00:00`));
    const pageLimits = { scans: 1000, points: 1000, ms: 0 };
    const filters = { users: ['ada@contoso.example', 'bo', 'cy'] };
    const pages = await allPages(await indexOf(records), { filters, top: 5, order: 'asc', pageLimits });
    const slices = pages.flatMap(({ next }) => next?.slice ?? []);
    expect(slices.length).toBeGreaterThan(5);
    for (const { lower, width } of slices) expect(lower + width).toBeLessThanOrEqual(Date.UTC(2026, 2));
  });

  it('find what only the texts contain in rows of the first layout', async () => {
    const index = await indexOf([record(1, '2026-03-02T09:00:00', { Site: 'S1' })]);
    const earlier: RecordIndex = {
      ...index,
      scan: async (tenant, scan) => ({
        rows: (await index.scan(tenant, scan)).rows.map((row) => ({
          ...row,
          summary: firstLayout(row.summary),
        })),
      }),
    };
    for (const [siteIds, ids] of [
      [['s1'], [guidOf(1)]],
      [['s2'], []],
    ] as const) {
      for (const users of [undefined, ['ada@contoso.example']]) {
        expect(idsOf(await allPages(earlier, { filters: { siteIds, users }, top: 5 }))).toEqual(ids);
      }
    }
  });

  it('are no more than necessary', async () => {
    const records = Array.from({ length: 6 }, (_, line) => record(line, `2026-03-02T09:00:0${line}`));
    const index = await indexOf(records);
    expect((await allPages(index, { filters: {}, top: 3 })).map((page) => page.records.length)).toEqual([
      3, 3,
    ]);
    expect((await allPages(index, { filters: {}, top: 6 })).length).toBe(1);
    expect((await allPages(index, { filters: { users: ['bo'] }, top: 6 })).length).toBe(1);
  });

  it.each([
    ['1900-01-01', '2026-04-01'],
    ['0001-01-01', '9999-12-31'],
    ['1969-12-31T23:59:59Z', undefined],
    [undefined, '9999-12-31T23:59:59Z'],
    ['2026-01-01', '9999-12-31T23:59:59-05:00'],
    ['0000-01-01T00:00:00+05:00', '2026-04-01'],
  ])('cover any range: from %s to %s', async (from, to) => {
    const index = await indexOf([record(1, '2026-03-02T09:00:00'), record(2, '1970-01-01T00:00:00')]);
    const query = new URLSearchParams({
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
    const filters = withoutEnd(parseRecordQuery(query).filters);
    const old = from?.startsWith('2026') === true ? [] : [guidOf(2)];
    expect(idsOf(await allPages(index, { filters, top: 10 }))).toEqual([guidOf(1), ...old]);
  });

  it('end over more months than one page may read', async () => {
    const months = Array.from({ length: 100 }, (_, month) => new Date(Date.UTC(2018, month, 15)));
    const others = months.map((date, line) =>
      record(line, date.toISOString(), { UserId: 'bo@contoso.example' }),
    );
    const index = await indexOf([
      ...others,
      record(1000, '2018-01-16T09:00:00'),
      record(1001, '2026-04-16T09:00:00'),
    ]);
    const filters = { users: ['ada@contoso.example'] };
    expect(idsOf(await allPages(index, { filters, top: 10, maxPages: 10 }))).toEqual([
      guidOf(1001),
      guidOf(1000),
    ]);
  });

  it.each([
    [2, 100],
    [3, 47],
    [100, 50],
  ])('end for %i users without records in %i months', async (users, months) => {
    const others = Array.from({ length: months }, (_, month) =>
      record(month, new Date(Date.UTC(2018, month, 15)).toISOString(), { UserId: 'bo@contoso.example' }),
    );
    const filters = { users: Array.from({ length: users }, (_, at) => `user${at}@contoso.example`) };
    expect(idsOf(await allPages(await indexOf(others), { filters, top: 10, maxPages: 60 }))).toEqual([]);
  });

  it('grow while nothing is found, so that a full search costs few requests', async () => {
    const records = Array.from({ length: 3000 }, (_, line) => {
      const UserId = `user${line % 3}`;
      return record(line, new Date(Date.UTC(2026, 2, 1) + line * 1000).toISOString(), {
        UserId,
        Workload: 'Exchange',
      });
    });
    const index = await indexOf(records);
    for (const users of [undefined, ['user0', 'user1', 'user2']]) {
      const pages = await allPages(index, {
        filters: { users, service: ['SharePoint'] },
        top: 5,
        maxPages: 60,
      });
      expect(idsOf(pages)).toEqual([]);
      const requests = pages.reduce((sum, page) => sum + page.requests, 0);
      // 3,000 rows are three full pages; each of the streams begins with smaller ones.
      expect(requests).toBeLessThanOrEqual(1 + 5 * (users?.length ?? 1) + 3);
    }
  });

  it('end when one stream takes longer to search than the other', async () => {
    const months = Array.from({ length: 70 }, (_, month) =>
      monthOf(new Date(Date.UTC(2018, month, 15))),
    ).reverse();
    const quick = valueHash('userId', 'quick').hex;
    let requests = 0;
    const searching: RecordIndex = {
      ...createFakeRecordIndex(),
      months: () => Promise.resolve(months),
      scan: (_, { after, token = '' }) => {
        requests++;
        const isLast = after.startsWith(quick) || token.length === 4;
        return Promise.resolve(isLast ? { rows: [] } : { rows: [], token: `${token}x` });
      },
    };
    await allPages(searching, { filters: { users: ['quick', 'slow'] }, top: 10, maxPages: 30 });
    expect(requests).toBeLessThan(2 * 70 * 6);
  });

  it('end in time, with a next link, when storage is slow', async () => {
    const index = await indexOf([record(1, '2026-03-02T09:00:00'), record(2, '2026-03-01T09:00:00')]);
    let ms = now().getTime();
    const slow: RecordIndex = {
      ...index,
      scan: (tenant, scan) => {
        ms += 9000;
        return index.scan(tenant, { ...scan, pageSize: 1 });
      },
    };
    const deps = { index: slow, raw, now: () => new Date(ms) };
    const page = await listRecords(deps, { tenantId, filters: {}, top: 10, position: {} });
    expect(page).toMatchObject({ requests: 2, records: [{ id: guidOf(1) }] });
    expect(page.next).toBeDefined();
  });

  it('can be requested with the token they returned, however many streams were searching', async () => {
    // Storage's own tokens have about this length.
    const token = randomBytes(150).toString('base64');
    const searching: RecordIndex = {
      ...createFakeRecordIndex(),
      months: () => Promise.resolve(['202603']),
      scan: () => Promise.resolve({ rows: [], token }),
    };
    const users = Array.from({ length: 100 }, (_, at) => `user${at}@contoso.example`);
    const page = await listRecords(
      { index: searching, raw, now },
      { tenantId, filters: { users }, top: 10, position: {} },
    );
    const skipToken = createSkipTokens([randomBytes(32)], now).seal(page.next ?? {}, tenantId, { users });
    expect(parseRecordQuery(new URLSearchParams({ skiptoken: skipToken })).skipToken).toBe(skipToken);
  });
});
