/** The storage emulator with a tenant that has many records, and exports of them in separate processes. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createExportFiles } from '../../shared/adapters/blobs/export-files.ts';
import { createOperationStore } from '../../shared/adapters/tables/operation-store.ts';
import { createRecordIndex } from '../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../shared/adapters/tables/tenant-store.ts';
import { exportFileName, exportKind, type Export, type ExportFormat } from '../../shared/exports/export.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';
import { startStorage } from '../local/storage.ts';
import { inventedExport } from '../support/exports.ts';
import { tenantNamed } from '../support/tenants.ts';
import type { ExporterReport } from './exporter-messages.ts';
import { bundleExporter, startExporter } from './exporter-process.ts';
import { fillTenant } from './invented-tenant.ts';

export interface LoadWorld {
  readonly tenantId: string;
  /** @param killAfter records after which the process is killed, once */
  export(format: ExportFormat, killAfter?: number): Promise<FinishedExport>;
  read(one: Export): Promise<AsyncIterable<Buffer>>;
  stop(): Promise<void>;
}

export interface FinishedExport {
  readonly one: Export;
  readonly report: ExporterReport;
}

const lookEveryMs = 50;

/** @param budgetMs how long one message works: less than an export takes, so that each has several */
export async function startLoadWorld(records: number, budgetMs = 5000): Promise<LoadWorld> {
  const [emulator, bundle] = [await startStorage(), await bundleExporter()];
  const { connectionString } = emulator;
  const storage = { kind: 'connectionString', connectionString } as const;
  const tables = createTables(storage);
  const [exports, files] = [createOperationStore(tables, exportKind), createExportFiles(storage)];
  const tenantId = await fillTenant(createRecordIndex(tables), records);
  await createTenantStore(tables).create(tenantNamed('Large', { tenantId }));

  const found = (id: string): Promise<Export> => findOperation(exports, { tenantId, id });
  const killAt = async (id: string, killAfter: number): Promise<void> => {
    const exporter = await startExporter(bundle, { connectionString, tenantId, id, budgetMs });
    while ((await found(id)).state.progress.records < killAfter) await setTimeout(lookEveryMs);
    await exporter.kill();
  };
  return {
    tenantId,
    async export(format, killAfter) {
      const now = new Date();
      const started = inventedExport({ createdDateTime: now, tenantId }, format);
      const { id, state } = started;
      await exports.create({ ...started, state: { ...state, ingestedThrough: now } }, now);
      if (killAfter !== undefined) await killAt(id, killAfter);
      const { report } = await startExporter(bundle, { connectionString, tenantId, id, budgetMs });
      return { report: await report, one: await found(id) };
    },
    async read(one) {
      const body = await files.read(exportFileName(one));
      if (body === undefined) throw new Error('The file of the export does not exist.');
      return body;
    },
    stop: async () => {
      await emulator.stop();
      await rm(dirname(bundle), { recursive: true });
    },
  };
}

export async function sha256Of(chunks: AsyncIterable<Uint8Array> | Iterable<string>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
