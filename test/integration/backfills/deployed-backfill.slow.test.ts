/** Backfills through the deployed app: what the feed has, and what only Microsoft's search has, answered over HTTP. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { minuteMs, secondMs } from '../../support/clock.ts';
import { sized } from '../../support/sizes.ts';
import { askJson, askPages } from '../deployed/asking.ts';
import { startDeployedApp, type DeployedApp } from '../deployed/deployed-app.ts';
import { collectedMs, searchedMs, simulatedTenant, type LoggedTenant } from './logged-tenant.ts';

/** In the smaller logs, ranges are cut short, unreadable, and split as well: the limits are smaller by the same factor. */
const factor = sized(1, 20);
const counts = { whole: 5_000 * factor, interrupted: 2_500 * factor };
const microsoft = {
  ...{ auditSearchMs: 2 * secondMs, auditSearchLimit: 1_500 * factor, auditSearchFailsAfter: 500 * factor },
  ...{ auditSearchFailures: 1, auditSearchUnsteadyReads: 1 },
};
const limitMs = 10 * minuteMs * factor;
const patience = { timeout: limitMs, interval: 250 };
const seed = Math.floor(Math.random() * 2 ** 31);

let app: DeployedApp;
let tenants: Readonly<Record<keyof typeof counts, LoggedTenant>>;

beforeAll(async () => {
  console.info(`deployed-backfill: seed ${seed}`);
  app = await startDeployedApp({ startMs: -collectedMs, microsoft });
  const begun = new Date(app.clock.now());
  const add = (count: number) => simulatedTenant(app.simulator, { count, seed, begun });
  tenants = { whole: add(counts.whole), interrupted: add(counts.interrupted) };
  for (const { tenantId } of Object.values(tenants))
    await askJson(app, z.looseObject({ state: z.literal('Active') }), ['tenants', { tenantId }]);
  await collect(begun);
  // The feed goes back for seven days only.
  for (const stepMs of [collectedMs / 2, collectedMs / 2]) {
    app.clock.advance(stepMs);
    await collect(new Date(app.clock.now()));
  }
}, limitMs);

afterAll(() => app.stop());

const ingestionSchema = z.object({
  ...{ unindexedLandings: z.int(), pending: z.int(), gaps: z.int(), recordsIndexed: z.int() },
  lastPollDateTime: z.iso.datetime().optional(),
});

/** Polls what is due, as the timer does, and waits until all are polled since then, and what was listed is indexed. */
async function collect(since: Date): Promise<void> {
  await app.run('poll-activity-feed');
  for (const { tenantId } of Object.values(tenants))
    await vi.waitFor(async () => {
      const { lastPollDateTime = '', ...left } = await askJson(app, ingestionSchema, [
        `tenants/${tenantId}/ingestion`,
      ]);
      expect(lastPollDateTime > since.toISOString()).toBe(true);
      expect(left).toMatchObject({ unindexedLandings: 0, pending: 0, gaps: 0 });
    }, patience);
}

const backfillSchema = z.looseObject({
  ...{ id: z.string(), status: z.string(), searchToDateTime: z.iso.datetime(), ranges: z.int() },
});

const startBackfill = ({ tenantId, begun }: LoggedTenant) =>
  askJson(app, backfillSchema, [
    `tenants/${tenantId}/ingestion/backfills`,
    { from: new Date(begun.getTime() - searchedMs).toISOString() },
  ]);

const resultSchema = backfillSchema.extend({
  ...{ addedCount: z.int(), duplicateCount: z.int(), queryCount: z.int(), refusedCount: z.int() },
  ...{ readCount: z.int(), landedCount: z.int(), rangesDone: z.int() },
  unfinished: z.array(z.unknown()),
});

const endOf = ({ tenantId }: LoggedTenant, id: string) =>
  vi.waitFor(async () => {
    const answer = await app.ask(`tenants/${tenantId}/ingestion/backfills/${id}/result`);
    const text = await answer.text();
    expect([answer.status, answer.status === 200 ? '' : text]).toEqual([200, '']);
    return resultSchema.parse(JSON.parse(text));
  }, patience);

const pageSchema = z.object({
  value: z.array(z.looseObject({ id: z.string(), source: z.string(), auditData: z.looseObject({}) })),
  ...{ nextLink: z.string().optional(), hasGaps: z.boolean() },
});

/** All records of the tenant, each with its data. */
async function answered({ tenantId, begun }: LoggedTenant) {
  const range = `from=${new Date(begun.getTime() - searchedMs).toISOString()}&to=${new Date(app.clock.now()).toISOString()}`;
  const address = `tenants/${tenantId}/records?${range}&expand=auditData&top=200`;
  const pages = await askPages(app, pageSchema, address);
  return { records: pages.flatMap(({ value }) => value), hasGaps: pages.some((page) => page.hasGaps) };
}

type Answered = Awaited<ReturnType<typeof answered>>;
const idOf = (text: string) => z.looseObject({ Id: z.string() }).parse(JSON.parse(text)).Id;

/** Each record once: those that the feed has as it delivered them, the others as the search shows them. */
function expectAll({ records }: Answered, { ofFeed, searchOnly }: LoggedTenant): void {
  const texts = [...ofFeed, ...searchOnly];
  expect(records.map(({ id }) => id).sort()).toEqual(texts.map(idOf).sort());
  const found = new Map(records.map((record) => [record.id, record]));
  for (const text of ofFeed) {
    const { source, auditData } = found.get(idOf(text)) ?? {};
    expect([source, JSON.stringify(auditData)]).toEqual(['feed', text]);
  }
  for (const text of searchOnly) {
    const { source, auditData } = found.get(idOf(text)) ?? {};
    const { AssociatedAdminUnits, ...same } = auditData ?? {};
    expect([source, same, AssociatedAdminUnits]).toEqual(['backfill', JSON.parse(text), []]);
  }
}

async function expectWhole(tenant: LoggedTenant, { id, ...before }: z.output<typeof backfillSchema>) {
  const began = performance.now();
  const result = await endOf(tenant, id);
  expect(result).toMatchObject({ status: 'Succeeded', unfinished: [], refusedCount: 0 });
  expect(result.addedCount).toBe(tenant.searchOnly.length);
  expect(result.landedCount).toBe(result.addedCount + result.duplicateCount);
  const inBoth = tenant.ofFeed.filter((text) => isBefore(text, result.searchToDateTime)).length;
  expect(result.duplicateCount).toBeGreaterThanOrEqual(inBoth);
  expect(result.rangesDone).toBeGreaterThan(before.ranges);
  // Every instance reads what the tenant has at least once in this time.
  app.clock.advance(minuteMs);
  const after = await answered(tenant);
  expectAll(after, tenant);
  expect(after.hasGaps).toBe(false);
  const seconds = Math.round((performance.now() - began) / 1000);
  const { rangesDone, queryCount, readCount, addedCount } = result;
  console.info(
    `${after.records.length} records in ${seconds} s: ${queryCount} queries of ${rangesDone} ranges, ${readCount} rows read, ${addedCount} added, ${inBoth} in both`,
  );
}

const isBefore = (text: string, time: string) =>
  z.looseObject({ CreationTime: z.string() }).parse(JSON.parse(text)).CreationTime < time.slice(0, 19);

it(
  `of ${counts.whole} records: each is answered once, those of the feed as delivered, and nothing is missing`,
  async () => {
    const tenant = tenants.whole;
    const before = await answered(tenant);
    expectAll(before, { ...tenant, searchOnly: [] });
    expect(before.hasGaps).toBe(true);
    app.simulator.faults.add({
      match: { operation: 'audit-search', tenantId: tenant.tenantId },
      ...{ times: 3, effect: { kind: 'too-many-requests', retryAfterSeconds: 1 } },
    });
    await expectWhole(tenant, await startBackfill(tenant));
  },
  limitMs,
);

/** Requests to the search after which the host ends, and how. */
const ends = [
  ...([{ after: 7, how: 'kill' }] as const),
  ...([{ after: 20, how: 'stop' }] as const),
  ...([{ after: 32, how: 'kill' }] as const),
];

const searches = ({ tenantId }: LoggedTenant) =>
  app.simulator.counters.snapshot().requestsByTenant[tenantId]?.['audit-search'] ?? 0;

it(
  `of ${counts.interrupted} records, of which the host ends ${ends.length} times: the same`,
  async () => {
    const tenant = tenants.interrupted;
    const started = await startBackfill(tenant);
    for (const { after, how } of ends) {
      const isDue = () => {
        expect(searches(tenant)).toBeGreaterThanOrEqual(after);
      };
      await vi.waitFor(isDue, { ...patience, interval: 2 });
      await app.halt(how);
      await app.start();
      const path = `tenants/${tenant.tenantId}/ingestion/backfills/${started.id}`;
      expect((await askJson(app, backfillSchema, [path])).status).toBe('Running');
    }
    await expectWhole(tenant, started);
  },
  limitMs,
);
