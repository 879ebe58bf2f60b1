/** A process that exports: handles the messages of one export until it has finished, and reports time and memory. */
import { createExportFiles } from '../../shared/adapters/blobs/export-files.ts';
import { createRawStore } from '../../shared/adapters/blobs/raw-store.ts';
import { createLandingStore } from '../../shared/adapters/tables/landing-store.ts';
import { createOperationStore } from '../../shared/adapters/tables/operation-store.ts';
import { createRecordIndex } from '../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../shared/adapters/tables/tenant-store.ts';
import { startBudget } from '../../shared/budget.ts';
import { exportKind } from '../../shared/exports/export.ts';
import { exportWork } from '../../shared/exports/export-work.ts';
import { createRecordPages } from '../../shared/exports/record-pages.ts';
import type { OperationMessage } from '../../shared/operations/operation.ts';
import { runOperation } from '../../shared/operations/run-operation.ts';
import { peakMb } from '../support/peak-memory.ts';
import { exporterJobSchema, type ExporterJob, type ExporterReport } from './exporter-messages.ts';

const now = () => new Date();

function createDeps({ connectionString }: ExporterJob, messages: OperationMessage[]) {
  const storage = { kind: 'connectionString', connectionString } as const;
  const tables = createTables(storage);
  const index = createRecordIndex(tables);
  return {
    now,
    telemetry: () => undefined,
    ...{ exports: createOperationStore(tables, exportKind), exportFiles: createExportFiles(storage) },
    ...{ tenants: createTenantStore(tables), landings: createLandingStore(tables) },
    pages: createRecordPages({ index, raw: createRawStore(storage), now }),
    queues: {
      requestOperationRun: async (message: OperationMessage) => {
        messages.push(message);
        await Promise.resolve();
      },
    },
  };
}

async function work(job: ExporterJob): Promise<ExporterReport> {
  const [started, beginMb] = [performance.now(), peakMb()];
  const { tenantId, id } = job;
  const messages: OperationMessage[] = [{ version: 1, kind: 'exports', tenantId, id }];
  const deps = createDeps(job, messages);
  let handled = 0;
  for (let message = messages.shift(); message !== undefined; message = messages.shift(), handled++) {
    await runOperation(deps, exportWork(deps), { message, budget: startBudget(job.budgetMs) });
  }
  const status = (await deps.exports.get({ tenantId, id }))?.status ?? 'gone';
  const seconds = (performance.now() - started) / 1000;
  return { status, messages: handled, peakMb: peakMb(), beginMb, seconds };
}

process.once('message', (message) => {
  void work(exporterJobSchema.parse(message)).then((report) => {
    process.send?.(report, undefined, undefined, () => {
      process.disconnect();
    });
  });
});
process.send?.('ready');
