/** Backfills in memory: Microsoft's log, runs, and the indexer that follows them. */
import { gzipSync } from 'node:zlib';
import type { AuditSearch } from '../../../shared/backfills/audit-search.ts';
import { backfillKind, type Backfill } from '../../../shared/backfills/backfill.ts';
import { backfillWork, type BackfillWorkDeps } from '../../../shared/backfills/backfill-work.ts';
import { publicBackfill } from '../../../shared/backfills/public-backfill.ts';
import { startBackfill, type WantedBackfill } from '../../../shared/backfills/start-backfill.ts';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import type { KeptFrom } from '../../../shared/index/kept-records.ts';
import type { OperationMessage } from '../../../shared/operations/operation.ts';
import { runOperation, type RunOperationDeps } from '../../../shared/operations/run-operation.ts';
import { recordOfRow, type FoundRecord } from '../../../shared/query/found-record.ts';
import { createClock, dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeAuditSearch, type FakeSearchRules } from '../../support/fakes/audit-search.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeWorkQueues } from '../../support/fakes/work-queues.ts';
import { createFaults, type Faults } from '../../support/faults.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { guidOf } from '../index/placed-records.ts';

export const now = new Date('2026-03-10T12:00:00.000Z');
export const tenantId = '11111111-2222-4333-8444-555555555555';
const contentTypes = ['Audit.General'] as const;

export const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs);

/** A record of so many hours ago, always the same for the same number. */
export function recordAgo(hours: number, changes: object = {}): string {
  const CreationTime = new Date(now.getTime() - hours * hourMs).toISOString().slice(0, 19);
  const said = { Operation: 'FileAccessed', UserId: 'ada@contoso.example', OrganizationId: tenantId };
  return JSON.stringify({ Id: guidOf(hours), CreationTime, ...said, ...changes });
}

export interface BackfillWorldOptions extends Partial<FakeSearchRules> {
  readonly collectedFrom?: Date;
  /** In place of the log in memory. */
  readonly search?: AuditSearch;
  readonly landingBytes?: number;
}

type Deps = BackfillWorkDeps & RunOperationDeps;

/** A world whose feed has been listed since then, and whose log holds a record for each of these hours ago. */
export function createBackfillWorld(
  hours: readonly number[] = [],
  { collectedFrom = daysAgo(2), search, landingBytes = 1000, ...rules }: BackfillWorldOptions = {},
) {
  const clock = createClock(now);
  const [raw, index, ledger] = [createFakeRawStore(), createFakeRecordIndex(), createFakeLedger()];
  const [landings, queues] = [createFakeLandingStore(), createFakeWorkQueues()];
  const events = createRecordingTelemetry();
  const tenant = { ...tenantNamed('Contoso', { contentTypes: [...contentTypes] }), tenantId };
  const tenants = createFakeTenantStore([tenant]);
  const backfills = createFakeOperationStore(backfillKind);
  const fake = createFakeAuditSearch(clock.now);
  const auditSearch = { ...fake, ...search };
  fake.log(hours.map((ago) => recordAgo(ago)));
  Object.assign(fake.rules, rules);
  const ports = { backfills, auditSearch, raw, landings, queues, tenants, ledger };
  const limits = { landingBytes, landingRows: 50_000, queries: 2000 };
  const deps = {
    ...ports,
    telemetry: events.telemetry,
    now: clock.now,
    retention: {},
    backfillLimits: limits,
  };
  const handled = { operations: 0, indexing: 0 };
  const indexing: { keptFrom?: KeptFrom } = {};
  const living = (faults: Faults): Deps => ({
    ...deps,
    backfills: faults.inject('backfills', backfills),
    auditSearch: dyingSearch(auditSearch, faults),
    raw: faults.inject('raw', raw),
    landings: faults.inject('landings', landings),
    queues: faults.inject('queues', queues),
    tenants: faults.inject('tenants', tenants),
  });
  const run = async (message: OperationMessage, faults: Faults, budgetMs: number) => {
    const alive = living(faults);
    await runOperation(alive, backfillWork(alive), { message, budget: clock.startBudget(budgetMs) });
  };
  async function indexAll(): Promise<void> {
    for (const request of queues.indexRequests.slice(handled.indexing))
      await indexLanding(
        { raw, index, landings, telemetry: events.telemetry, concurrency: 2, ...indexing },
        request,
      );
    handled.indexing = queues.indexRequests.length;
  }
  /** Handles a message, then indexes what landed. False when there is no message. */
  async function step(faults: Faults = createFaults(), budgetMs = minuteMs): Promise<boolean> {
    const next = queues.operations[handled.operations];
    if (next === undefined) return false;
    clock.advance(next.delayMs);
    // Acknowledged only when it returns.
    await run(next.message, faults, budgetMs);
    handled.operations++;
    await indexAll();
    return true;
  }
  return {
    ...{ deps, clock, events, index, indexing, indexAll, step },
    ...ports,
    listed: () =>
      ledger.advance(tenantId, { contentType: 'Audit.General', listedThrough: now, collectedFrom }),
    async start(wanted: Partial<WantedBackfill> = {}): Promise<Backfill> {
      await this.listed();
      const found = await tenants.get(tenantId);
      if (found === undefined) throw new Error('The tenant does not exist.');
      return await startBackfill(deps, found, { from: daysAgo(30), createdBy: 'key-1', ...wanted });
    },
    /** Handles messages until none is left. */
    async settle(faults: Faults = createFaults(), budgetMs = minuteMs): Promise<void> {
      while (await step(faults, budgetMs));
    },
    async endOf(id: string) {
      const found = await backfills.get({ tenantId, id });
      if (found === undefined) throw new Error('The backfill is gone.');
      return publicBackfill(found);
    },
    /** Lands and indexes what the feed delivers. */
    async feed(texts: readonly string[], at = clock.now()): Promise<void> {
      const blobName = `feed ${at.toISOString()}`;
      const metadata = { landedat: at.toISOString(), runs: `G${texts.length}.abc` };
      await raw.put(blobName, gzipSync(texts.map((text) => `${text}\n`).join('')), metadata);
      const landingId = `${at.toISOString().replaceAll(/[-:.Z]/g, '')}-feed`;
      const request = { version: 1, tenantId, landingId, blobName } as const;
      await indexLanding({ raw, index, landings, telemetry: events.telemetry, concurrency: 1 }, request);
    },
    async found(): Promise<readonly FoundRecord[]> {
      const scan = { dimension: 'time', after: '', before: '~', where: [], withTexts: false } as const;
      const months = await index.months(tenantId);
      const pages = months.map((month) => index.scan(tenantId, { ...scan, month, pageSize: 1_000_000 }));
      return (await Promise.all(pages)).flatMap(({ rows }) => rows.map((row) => recordOfRow(row, tenantId)));
    },
  };
}

/** Each page is a step. */
function dyingSearch(search: AuditSearch, faults: Faults): AuditSearch {
  const mortal = faults.inject('auditSearch', { ...search, page: () => Promise.resolve() });
  return {
    ...search,
    create: (...args) => mortal.create(...args),
    find: (...args) => mortal.find(...args),
    status: (...args) => mortal.status(...args),
    async *pages(...args) {
      for await (const found of search.pages(...args)) {
        await mortal.page();
        yield found;
      }
    },
  };
}

export type BackfillWorld = ReturnType<typeof createBackfillWorld>;
