/** Invented exports, and pages of invented records, for tests. */
import { randomUUID } from 'node:crypto';
import { parseRecord } from '../../shared/records/audit-record.ts';
import {
  exportKind,
  noProgress,
  type Export,
  type ExportFormat,
  type ExportState,
} from '../../shared/exports/export.ts';
import { newOperationId } from '../../shared/operations/operation.ts';
import type { ExportedRecord, RecordPages } from '../../shared/exports/record-pages.ts';

export const exportStart = new Date('2026-03-10T12:00:00.000Z');

const state: ExportState = { ingestedThrough: exportStart, isPartial: false, progress: noProgress };

export function inventedExport(changes: Partial<Export> = {}, format: ExportFormat = 'ndjson'): Export {
  const { createdDateTime = exportStart } = changes;
  return {
    tenantId: randomUUID(),
    id: newOperationId(createdDateTime),
    status: 'NotStarted',
    createdBy: 'key-1',
    request: { format, bom: false, filters: {} },
    createdDateTime,
    lastActionDateTime: createdDateTime,
    expiresDateTime: new Date(createdDateTime.getTime() + (exportKind.keepMs ?? 0)),
    state,
    ...changes,
  };
}

/** A record as it would be found, with its text. */
export function exportedRecord(text: string | Buffer, tenantId: string = randomUUID()): ExportedRecord {
  const bytes = Buffer.from(text);
  const { id, createdDateTime = exportStart, summary } = parseRecord(bytes);
  const origin = { contentType: 'Audit.General', source: 'feed' } as const;
  const found = { ...origin, createdSource: 'record', isLegacy: false } as const;
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
