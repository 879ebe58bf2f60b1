/** Invented exports, and pages of invented records, for tests. */
import { randomUUID } from 'node:crypto';
import { parseRecord } from '../../shared/records/audit-record.ts';
import { noProgress, type Export, type ExportFormat } from '../../shared/exports/export.ts';
import type { ExportedRecord, RecordPages } from '../../shared/exports/record-pages.ts';

export const exportStart = new Date('2026-03-10T12:00:00.000Z');

export function inventedExport(changes: Partial<Export> = {}, format: ExportFormat = 'ndjson'): Export {
  return {
    ...{ tenantId: randomUUID(), exportId: randomUUID(), status: 'NotStarted', createdBy: 'key-1' },
    request: { format, bom: false, filters: {} },
    ...{ createdDateTime: exportStart, lastActionDateTime: exportStart, ingestedThrough: exportStart },
    expiresDateTime: new Date(exportStart.getTime() + 7 * 24 * 60 * 60_000),
    ...{ isPartial: false, progress: noProgress },
    ...changes,
  };
}

/** A record as it would be found, with its text. */
export function exportedRecord(text: string | Buffer, tenantId: string = randomUUID()): ExportedRecord {
  const bytes = Buffer.from(text);
  const { id, createdDateTime = exportStart, summary } = parseRecord(bytes);
  const found = { contentType: 'Audit.General', createdSource: 'record', isLegacy: false } as const;
  const record = { ...found, tenantId, id, createdDateTime, summary, ingestedDateTime: exportStart };
  return { record, text: () => Promise.resolve(bytes) };
}

/** Pages of the same records for every question. */
export function pagesOf(records: readonly ExportedRecord[], pageSize: number): RecordPages {
  return {
    page: async (_question, position) => {
      const at = Number(position ?? 0);
      const page = records.slice(at, at + pageSize);
      const end = at + pageSize;
      await Promise.resolve();
      return end < records.length ? { records: page, next: String(end) } : { records: page };
    },
  };
}
