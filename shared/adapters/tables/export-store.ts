/**
 * Table `Exports`: a row each. Every write but the first is made on the condition that the row is as it was read, and
 * tells the number of the run whose right it is to write.
 */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import {
  exportRequestSchema,
  exportStatuses,
  isFinished,
  SupersededExportError,
  type Export,
  type ExportRun,
  type ExportStore,
  type StagedBlocks,
} from '../../exports/export.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import { isConflict, isMissing, type StoredEntity, type Tables } from './tables.ts';

const table = 'Exports';
/** Somebody else is faster so often only where something is wrong. */
const maxAttempts = 10;

export function createExportStore(tables: Tables): ExportStore {
  const read = async (tenantId: string, exportId: string): Promise<StoredExport | undefined> => {
    const entity = await tables.get(table, tenantId, exportId);
    return entity === undefined ? undefined : toStored(entity);
  };
  const where = (filter: string) => matching(tables, filter);
  return {
    async create(one) {
      const entity = { ...toEntity(one), run: 0 };
      await tables.write(table, (client) => client.createEntity(entity));
    },
    get: async (tenantId, exportId) => (await read(tenantId, exportId))?.export,
    async takeOver(tenantId, exportId) {
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const before = await read(tenantId, exportId);
        if (before === undefined || isFinished(before.export)) return undefined;
        const run = before.run + 1;
        if (await update(tables, before, { run })) return createRun(tables, read, { run, before });
      }
      throw new Error('An export could not be taken over: another run was faster each time.');
    },
    async cancel(tenantId, exportId, at) {
      const canceled = { status: 'Canceled', completedDateTime: at.toISOString() };
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const before = await read(tenantId, exportId);
        if (before === undefined || isFinished(before.export)) return;
        if (await update(tables, before, { ...canceled, lastActionDateTime: at.toISOString() })) return;
      }
      throw new Error('An export could not be canceled: its run was faster each time.');
    },
    remove: (tenantId, exportId) => tables.remove(table, tenantId, exportId),
    expired: (now) => where(odata`expiresDateTime le ${now.toISOString()}`),
    resting(since) {
      const unfinished = odata`status eq ${'NotStarted'} or status eq ${'Running'}`;
      return where(`(${unfinished}) and ${odata`lastActionDateTime lt ${since.toISOString()}`}`);
    },
  };
}

interface StoredExport {
  readonly export: Export;
  /** Number of the newest run. */
  readonly run: number;
  readonly etag: string;
}

type ReadExport = (tenantId: string, exportId: string) => Promise<StoredExport | undefined>;

/** False when the row is not what it was; undefined columns stay as they are. */
async function update(
  tables: Tables,
  { export: { tenantId, exportId }, etag }: StoredExport,
  columns: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const entity = { partitionKey: tenantId, rowKey: exportId, ...columns };
  try {
    await tables.write(table, (client) => client.updateEntity(entity, 'Merge', { etag }));
    return true;
  } catch (error) {
    if (!isConflict(error) && !isMissing(error)) throw error;
    return false;
  }
}

function createRun(
  tables: Tables,
  read: ReadExport,
  { run, before }: { readonly run: number; readonly before: StoredExport },
): ExportRun {
  return {
    number: run,
    export: before.export,
    async save(changed) {
      for (;;) {
        // Read each time: a write of which the answer was lost may have changed it.
        const current = await read(changed.tenantId, changed.exportId);
        if (current?.run !== run || isFinished(current.export)) throw new SupersededExportError();
        if (await update(tables, current, toEntity(changed))) return;
      }
    },
  };
}

async function* matching(tables: Tables, filter: string): AsyncGenerator<Export> {
  let token: string | undefined;
  do {
    const page = await tables.page(table, { filter, token });
    for (const entity of page.entities) yield toStored(entity).export;
    token = page.token;
  } while (token !== undefined);
}

/** `run.count` of each run. */
const blocksColumn = z
  .string()
  .transform((text) => text.split(',').filter((part) => part !== ''))
  .pipe(
    z.array(
      z
        .string()
        .regex(/^\d+\.\d+$/)
        .transform(toBlocks),
    ),
  );

function toBlocks(part: string): StagedBlocks {
  const [run = 0, count = 0] = part.split('.').map(Number);
  return { run, count };
}

/** A cleared value is stored as an empty text: merging leaves out what is absent. */
const optionalText = z
  .string()
  .default('')
  .transform((text) => (text === '' ? undefined : text));
const optionalDate = optionalText.pipe(dateColumn.optional());

const row = z.object({
  partitionKey: z.string(),
  rowKey: z.string(),
  etag: z.string(),
  run: z.number(),
  request: jsonColumn(exportRequestSchema),
  status: z.enum(exportStatuses),
  createdBy: z.string(),
  createdDateTime: dateColumn,
  lastActionDateTime: dateColumn,
  completedDateTime: optionalDate,
  expiresDateTime: dateColumn,
  ingestedThrough: dateColumn,
  completeThrough: optionalDate,
  isPartial: z.boolean(),
  sha256: optionalText,
  errorCode: optionalText,
  errorMessage: optionalText,
  position: optionalText,
  isRead: z.boolean(),
  blocks: blocksColumn,
  bytes: z.string().transform(Number),
  records: z.string().transform(Number),
  hashState: optionalText,
  newest: optionalDate,
  oldest: optionalDate,
  savedBy: z.number(),
});

function toStored(entity: StoredEntity): StoredExport {
  const { partitionKey, rowKey, etag, run, ...columns } = row.parse(entity);
  const { position, isRead, blocks, bytes, records, hashState, newest, oldest, savedBy, ...rest } = columns;
  const progress = { position, isRead, blocks, bytes, records, hashState, newest, oldest, savedBy };
  return { export: { ...rest, tenantId: partitionKey, exportId: rowKey, progress }, run, etag };
}

function toEntity({ tenantId, exportId, request, progress, ...rest }: Export) {
  const { blocks, bytes, records, newest, oldest } = progress;
  return {
    ...{ partitionKey: tenantId, rowKey: exportId, request: JSON.stringify(request) },
    ...{ ...rest, ...progress },
    createdDateTime: rest.createdDateTime.toISOString(),
    lastActionDateTime: rest.lastActionDateTime.toISOString(),
    completedDateTime: isoText(rest.completedDateTime),
    expiresDateTime: rest.expiresDateTime.toISOString(),
    ingestedThrough: rest.ingestedThrough.toISOString(),
    completeThrough: isoText(rest.completeThrough),
    position: progress.position ?? '',
    hashState: progress.hashState ?? '',
    blocks: blocks.map(({ run, count }) => `${run}.${count}`).join(','),
    // As texts: a number column holds 32 bits, and a large file has more bytes.
    bytes: String(bytes),
    records: String(records),
    newest: isoText(newest),
    oldest: isoText(oldest),
  };
}

function isoText(date: Date | undefined): string {
  return date?.toISOString() ?? '';
}
