/** A year of a tenant in the deployed app, whose timers compact it and delete what is too old: HTTP answers the same. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { createSegmentFiles } from '../../../shared/adapters/blobs/segment-files.ts';
import { createMonthLayoutStore } from '../../../shared/adapters/tables/month-layout-store.ts';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { seedOf } from '../../simulator/random.ts';
import { generateRecords } from '../../simulator/synthetic-records.ts';
import { dayMs, minuteMs } from '../../support/clock.ts';
import { sized } from '../../support/sizes.ts';
import type { StorageCall } from '../../support/storage-proxy.ts';
import { askJson, askPages } from '../deployed/asking.ts';
import { startDeployedApp, type DeployedApp } from '../deployed/deployed-app.ts';
import { importTexts } from '../deployed/import-texts.ts';
import { passTimer } from '../deployed/timers.ts';

/** Small months are compacted, merged, and read in the same way, from fewer blocks. */
const recordsAMonth = sized(400, 10_000);
const timeout = sized(8, 60) * minuteMs;
/** Later in a month than an import takes all records of the month before. */
const now = Date.UTC(2026, 2, 15, 10);
const monthsAgo = (months: number) => new Date(Date.UTC(2026, 2 - months)).toISOString();
const nameOf = (moment: string) => moment.slice(0, 7).replace('-', '');
const allMonths = Array.from({ length: 12 }, (_, at) => 12 - at);
const compactAfterMonths = 3;
const oldMonths = allMonths
  .filter((months) => months >= compactAfterMonths)
  .map((months) => nameOf(monthsAgo(months)));
const indexMonths = 6;
const retainedFrom = monthsAgo(indexMonths);
const seed = Math.floor(Math.random() * 2 ** 31);

const year = `from=${monthsAgo(12)}&to=${monthsAgo(0)}`;
const user = 'users=ada.abel@northwind.example';
const oneOf = `filter=${encodeURIComponent("operation in ('FileDeleted','Send') and clientIp ne null")}`;
const inOrder = 'orderby=createdDateTime asc';

/** Over the year, most of them over many pages. */
const questions: readonly string[] = [
  ...[`${year}&top=1000`, `${year}&${inOrder}&top=333`, `${year}&${user}&top=3`],
  ...[`${year}&${user}&${inOrder}&top=50`, `${year}&operations=FileDownloaded,Send&top=100`],
  ...[`${year}&${oneOf}&top=100`, `${year}&text=Budgets&top=100`, `${year}&expand=auditData&top=200`],
];

const tenantId = randomUUID();
const oneMonth = `from=${monthsAgo(5)}&to=${monthsAgo(4)}&top=100`;
/** One of 200 users may have no record among the few of a month. */
const someone = z.object({ UserId: z.string() }).parse(JSON.parse(textsOf(5)[0] ?? '')).UserId;
const coldQuestions: readonly string[] = [
  ...['', `&${inOrder}`, `&users=${encodeURIComponent(someone)}`, '&operations=FileDownloaded'],
  ...['&operations=FileDownloaded,Send,New', `&${oneOf}`, '&text=Budgets', '&expand=auditData'],
].map((filter) => `${oneMonth}${filter}`);

const calls: StorageCall[] = [];
let app: DeployedApp;
let stored: ReturnType<typeof openStored>;

beforeAll(async () => {
  console.info(`deployed-compaction: seed ${seed}`);
  app = await startDeployedApp({
    startMs: now - Date.now(),
    env: { AUDITKEEP_COMPACT_AFTER_MONTHS: String(compactAfterMonths) },
    onStorageCall: (call) => void calls.push(call),
  });
  stored = openStored(app.connectionString);
  app.simulator.addTenant({
    ...{ tenantId, displayName: 'Fabrikam', domain: 'fabrikam.example', auditingEnabled: true, records: [] },
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
  });
  await askJson(app, z.looseObject({ state: z.literal('Active') }), ['tenants', { tenantId }]);
  await importTexts(app, tenantId, allMonths.flatMap(textsOf), timeout);
}, timeout);

afterAll(() => app.stop());

function openStored(connectionString: string) {
  const storage = { kind: 'connectionString', connectionString } as const;
  const tables = createTables(storage);
  return {
    tables: createRecordIndex(tables),
    layouts: createMonthLayoutStore(tables),
    files: createSegmentFiles(storage),
  };
}

/** Of the 30 days before the end of the month. */
function textsOf(months: number): readonly string[] {
  const end = new Date(monthsAgo(months - 1));
  const made = generateRecords({ tenantId, count: recordsAMonth, seed: seedOf(seed, months), now: end });
  return [...made].map(({ text }) => text);
}

const pageSchema = z.object({
  value: z.array(z.looseObject({ id: z.string(), createdDateTime: z.string() })),
  ...{ nextLink: z.string().optional(), hasGaps: z.boolean() },
});

const addressOf = (question: string) => `tenants/${tenantId}/records?${question}`;
const answerOf = async (question: string) =>
  (await askPages(app, pageSchema, addressOf(question))).flatMap(({ value }) => value);

const before = new Map<string, Awaited<ReturnType<typeof answerOf>>>();

/** Everything that is answered, in order. */
async function expectSame(since = ''): Promise<void> {
  for (const [question, records] of before) {
    const wanted = records.filter(({ createdDateTime }) => createdDateTime >= since);
    expect([question, await answerOf(question)]).toEqual([question, wanted]);
  }
}

it('is answered from tables', { timeout }, async () => {
  for (const question of questions) before.set(question, await answerOf(question));
  for (const records of before.values()) expect(records.length).toBeGreaterThan(0);
  expect(before.get(`${year}&top=1000`)).toHaveLength(allMonths.length * recordsAMonth);
  expect(await stored.layouts.list(tenantId)).toEqual([]);
});

it('is answered the same after each step of the timer that compacts it', { timeout }, async () => {
  const segments = [expect.any(String)];
  const isReached = (state: object) => async () => {
    // By month, as it is their key.
    const found = await stored.layouts.list(tenantId);
    expect(found).toMatchObject(oldMonths.map((month) => ({ month, ...state })));
  };
  await passTimer(app, 'compact-index', isReached({ sealed: [0], segments: [], merged: [] }));
  await expectSame();
  await passTimer(app, 'compact-index', isReached({ sealed: [], segments, merged: [0] }));
  await expectSame();
  app.clock.advance(2 * dayMs);
  await passTimer(app, 'compact-index', isReached({ sealed: [], segments, merged: [] }));
  const inTables = await stored.tables.months(tenantId);
  expect(inTables.filter((month) => oldMonths.includes(month))).toEqual([]);
  await expectSame();
});

const isOfSegments = ({ path }: StorageCall) => /\/segments\/|\/MonthLayouts/.test(path);
/** Each scan of rows also asks the table of late rows, even if there is none. */
const isOfLateRows = ({ path }: StorageCall) => /\/audit[0-9a-f]{32}\d{6}g1/.test(path);
const isOfRows = ({ path }: StorageCall) => /\/audit[0-9a-f]{32}\d{6}/.test(path);
const told = ({ service, method, path }: StorageCall) => `${service} ${method} ${path.slice(0, 200)}`;

it('reads a page of an old month with at most 6 requests for its segments', { timeout }, async () => {
  for (const question of coldQuestions) {
    // Nothing is in its memory.
    await app.halt('stop');
    await app.start();
    calls.length = 0;
    const { value } = await askJson(app, pageSchema, [addressOf(question)]);
    const asked = calls.filter(({ service }) => service !== 'Queue');
    const [ofSegments, ofLateRows] = [asked.filter(isOfSegments), asked.filter(isOfLateRows)];
    const counts = `${ofSegments.length} requests for segments, ${ofLateRows.length} for late rows, ${asked.length} in all`;
    console.info(`${decodeURIComponent(question)}: ${value.length} records, ${counts}`);
    expect(value.length).toBeGreaterThan(0);
    expect(ofSegments.length, ofSegments.map(told).join('\n')).toBeLessThanOrEqual(6);
    expect(asked.filter(isOfRows)).toEqual(ofLateRows);
  }
});

it('is answered the same since its retention, once the rest is deleted', { timeout }, async () => {
  await askJson(app, z.looseObject({}), ['tenants', { tenantId, retention: { indexMonths } }]);
  const tenantSchema = z.looseObject({ retainedFromDateTime: z.string().optional() });
  await passTimer(app, 'apply-retention', async () => {
    const tenant = await askJson(app, tenantSchema, [`tenants/${tenantId}`]);
    expect(tenant).toMatchObject({ retainedFromDateTime: retainedFrom });
  });
  const isDeleted = (month = '') => month < nameOf(retainedFrom);
  await app.halt('stop');
  app.clock.advance(dayMs);
  await passTimer(app, 'apply-retention', async () => {
    const months = [
      ...(await stored.tables.months(tenantId)),
      ...(await stored.layouts.list(tenantId)).map(({ month }) => month),
      ...(await stored.files.names(`tenant=${tenantId}/`)).map((name) => /month=(\d+)/.exec(name)?.[1]),
    ];
    expect(months.filter(isDeleted)).toEqual([]);
  });
  await expectSame(retainedFrom);
  const [page] = await askPages(app, pageSchema, addressOf(`${year}&top=1000`));
  expect(page).toMatchObject({ hasGaps: true });
});
