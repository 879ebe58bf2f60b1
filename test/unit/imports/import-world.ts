/** Imports in memory: uploads, runs, and the indexer that follows them. */
import { randomUUID } from 'node:crypto';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import type { KeptFrom } from '../../../shared/index/kept-records.ts';
import { importKind } from '../../../shared/imports/import.ts';
import { importWork, type ImportWorkDeps } from '../../../shared/imports/import-work.ts';
import { startImport, type WantedImport } from '../../../shared/imports/start-import.ts';
import type { OperationMessage } from '../../../shared/operations/operation.ts';
import { runOperation, type RunOperationDeps } from '../../../shared/operations/run-operation.ts';
import type { Retention } from '../../../shared/retention/retention.ts';
import { recordOfRow, type FoundRecord } from '../../../shared/query/found-record.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { createFakeImportUploads } from '../../support/fakes/import-uploads.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeWorkQueues } from '../../support/fakes/work-queues.ts';
import { createFaults, type Faults } from '../../support/faults.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { guidOf } from '../index/placed-records.ts';

export const importStart = new Date('2026-03-10T12:00:00.000Z');
export const tenantId = '11111111-2222-4333-8444-555555555555';

/** A record of this tenant, three years old, that is always the same for the same number. */
export function oldRecord(number: number, changes: object = {}): string {
  const day = String(1 + (number % 28)).padStart(2, '0');
  const said = { Operation: 'FileAccessed', UserId: 'ada@contoso.example', OrganizationId: tenantId };
  return JSON.stringify({ Id: guidOf(number), CreationTime: `2023-02-${day}T08:00:00`, ...said, ...changes });
}

type Deps = ImportWorkDeps & RunOperationDeps;
type Wanted = WantedImport & { readonly partBytes: number; readonly defaults: Retention };

export function createImportWorld({ landingCharacters = 1000, fileCharacters = 10_000_000 } = {}) {
  const clock = createClock(importStart);
  const [uploads, raw, index] = [createFakeImportUploads(), createFakeRawStore(), createFakeRecordIndex()];
  const [landings, queues] = [createFakeLandingStore(), createFakeWorkQueues()];
  const events = createRecordingTelemetry();
  const tenants = createFakeTenantStore([{ ...tenantNamed('Contoso'), tenantId }]);
  const imports = createFakeOperationStore(importKind);
  const deps: Deps = {
    ...{ imports, uploads, raw, landings, queues, tenants, telemetry: events.telemetry, now: clock.now },
    importLimits: { landingCharacters, fileCharacters },
  };
  let handled = { operations: 0, indexing: 0 };
  const living = (faults: Faults): Deps => ({
    ...deps,
    imports: faults.inject('imports', imports),
    uploads: faults.inject('uploads', uploads),
    raw: faults.inject('raw', raw),
    landings: faults.inject('landings', landings),
    queues: faults.inject('queues', queues),
  });
  const run = async (message: OperationMessage, faults: Faults, budgetMs: number) => {
    const alive = living(faults);
    await runOperation(alive, importWork(alive), { message, budget: clock.startBudget(budgetMs) });
  };
  const indexing: { isStopped: boolean; keptFrom?: KeptFrom } = { isStopped: false };
  async function indexAll(): Promise<void> {
    if (indexing.isStopped) return;
    for (const request of queues.indexRequests.slice(handled.indexing))
      await indexLanding(
        { raw, index, landings, telemetry: events.telemetry, concurrency: 2, keptFrom: indexing.keptFrom },
        request,
      );
    handled = { ...handled, indexing: queues.indexRequests.length };
  }
  /** Handles a message, then indexes what landed. False when there is no message. */
  async function step(faults: Faults = createFaults(), budgetMs = minuteMs): Promise<boolean> {
    const next = queues.operations[handled.operations];
    if (next === undefined) return false;
    clock.advance(next.delayMs);
    // Acknowledged only when it returns.
    await run(next.message, faults, budgetMs);
    handled = { ...handled, operations: handled.operations + 1 };
    await indexAll();
    return true;
  }
  return {
    ...{ deps, clock, uploads, raw, index, landings, queues, tenants, imports, events, indexAll },
    async start(file: Buffer, { partBytes = 700, defaults = {}, ...changes }: Partial<Wanted> = {}) {
      const uploadId = changes.uploadId ?? randomUUID();
      const parts = Math.max(1, Math.ceil(file.length / partBytes));
      for (let part = 1; part <= parts; part++)
        await uploads.put(
          { tenantId, uploadId },
          part,
          file.subarray((part - 1) * partBytes, part * partBytes),
        );
      return await startImport(
        { ...deps, retention: defaults },
        { tenantId, uploadId, parts, createdBy: 'key-1', ...changes },
      );
    },
    indexing,
    step,
    /** Handles messages until none is left. */
    async settle(faults: Faults = createFaults(), budgetMs = minuteMs): Promise<void> {
      while (await step(faults, budgetMs));
    },
    async found(): Promise<readonly FoundRecord[]> {
      const scan = { dimension: 'time', after: '', before: '~', where: [], withTexts: false } as const;
      const months = await index.months(tenantId);
      const pages = months.map((month) => index.scan(tenantId, { ...scan, month, pageSize: 10_000 }));
      return (await Promise.all(pages)).flatMap(({ rows }) => rows.map((row) => recordOfRow(row, tenantId)));
    },
  };
}

export type ImportWorld = ReturnType<typeof createImportWorld>;
