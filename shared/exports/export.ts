/** An export: all records that pass filters, written to one file. */
import * as z from 'zod';
import { nameFilters } from '../query/known-names.ts';
import { recordMembers } from '../records/member-kinds.ts';
import type { Operation, OperationKind } from '../operations/operation.ts';
import type { OperationStore } from '../operations/operation-store.ts';
import { storedDate } from '../stored-date.ts';

/**
 * Formats with a line for each record. `csv`: the columns of the Purview portal's export; `csvFlat`: a column for each
 * member of a listed record; `ndjson`: records exactly as delivered.
 */
export const lineFormats = ['csv', 'csvFlat', 'ndjson'] as const;
export type LineFormat = (typeof lineFormats)[number];

/** `xlsx`: a workbook with the columns of `csvFlat` and the record. */
export const exportFormats = [...lineFormats, 'xlsx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Formats whose columns can be selected: they are members of records. */
export const selectableFormats: readonly ExportFormat[] = ['csvFlat', 'xlsx'];

/** What was requested, kept as it was sent, so that the manifest says how to request the same again. */
export const exportRequestSchema = z.object({
  format: z.enum(exportFormats),
  /** Begins CSV with a byte order mark, by which Excel knows UTF-8. */
  bom: z.boolean(),
  /** Members that are the columns, in their order; absent: those that the format has. */
  select: z.array(z.enum(recordMembers)).optional(),
  /** Values by query parameter of `GET …/records`. */
  filters: z.record(z.string(), z.array(z.string())),
});
export type ExportRequest = z.infer<typeof exportRequestSchema>;

/** Blocks `0` to `count - 1` that one run has staged. */
const stagedBlocksSchema = z.strictObject({ run: z.int(), count: z.int() });
export type StagedBlocks = z.output<typeof stagedBlocksSchema>;

/** How far an export has come; everything before it is staged. */
export const exportProgressSchema = z.strictObject({
  /** Where reading continues; absent at the beginning. Opaque to all but {@link RecordPages}. */
  position: z.string().optional(),
  /** All records are read: the staged blocks are the whole file. */
  isRead: z.boolean(),
  /** In the order of the file. */
  blocks: z.array(stagedBlocksSchema),
  bytes: z.int(),
  records: z.int(),
  /** State of the SHA-256 of all bytes so far, base64; absent at the beginning. */
  hashState: z.string().optional(),
  /** What the form of the file needs to continue; absent where it needs nothing. Holds up to 32 KiB of records. */
  encoderState: z.string().optional(),
  /** createdDateTime of the newest and the oldest record in the file. */
  newest: storedDate.optional(),
  oldest: storedDate.optional(),
});
export type ExportProgress = Readonly<z.output<typeof exportProgressSchema>>;

/** Filters by name with all names that were known then: the position depends on them. Absent if there are none. */
export const knownNamesSchema = z
  .partialRecord(z.enum(nameFilters), z.array(z.string()).readonly())
  .optional();

const stateSchema = z.strictObject({
  /** Records ingested later are left out, however long the export takes, unless they are from before completeThrough. */
  ingestedThrough: storedDate,
  /** How complete the records were when the export was requested. */
  completeThrough: storedDate.optional(),
  isPartial: z.boolean(),
  /** Why it is partial; absent in rows of earlier versions. */
  isPending: z.boolean().optional(),
  hasGaps: z.boolean().optional(),
  /** The end of the range, where what is complete was requested. */
  completeTo: storedDate.optional(),
  names: knownNamesSchema,
  progress: exportProgressSchema,
  /** Of the whole file, lower-case hex; once it has succeeded. */
  sha256: z.string().optional(),
});
export type ExportState = Readonly<z.output<typeof stateSchema>>;

export const exportKind: OperationKind<ExportRequest, ExportState> = {
  name: 'exports',
  noun: 'Export',
  request: exportRequestSchema,
  state: stateSchema,
  keepMs: 7 * 24 * 60 * 60_000,
};

export type Export = Operation<ExportRequest, ExportState>;
export type ExportStore = OperationStore<ExportRequest, ExportState>;

export const noProgress: ExportProgress = { isRead: false, blocks: [], bytes: 0, records: 0 };

/** The files of exports. Names are paths below the container. */
export interface ExportFiles {
  /** Uploads a block, which is invisible until {@link commit}. The same id again replaces it. */
  stage(name: string, blockId: string, body: Buffer): Promise<void>;
  /** Makes the file of staged blocks, in this order; the same again is success. */
  commit(name: string, blockIds: readonly string[], mediaType: string): Promise<void>;
  /** Undefined when the file does not exist. @param range all of it when absent */
  read(name: string, range?: ByteRange): Promise<AsyncIterable<Buffer> | undefined>;
  /** Deletes the file and blocks that were never committed; deleting it again is success. */
  remove(name: string): Promise<void>;
  /** As {@link ExportFiles.remove}, of all files whose names begin so. */
  removeAll(prefix: string): Promise<void>;
}

/** Both inclusive, from 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export const extensions: Readonly<Record<ExportFormat, string>> = {
  csv: 'csv',
  csvFlat: 'csv',
  ndjson: 'ndjson',
  xlsx: 'xlsx',
};

/** What the name of a file depends on. */
type FileOf = Pick<Export, 'tenantId' | 'id'> & { readonly request: Pick<ExportRequest, 'format'> };

/** Where its file is, below the container. */
export function exportFileName({ tenantId, id, request }: FileOf): string {
  return `tenant=${tenantId}/${id}.${extensions[request.format]}`;
}

/** What the file is called when it is downloaded. */
export function downloadName({ tenantId, id, request, createdDateTime }: Export): string {
  const day = createdDateTime.toISOString().slice(0, 10);
  return `audit-${tenantId}-${day}-${id.slice(0, 8)}.${extensions[request.format]}`;
}

/** When the file is deleted. @throws Error when it was stored without */
export function expiryOf({ id, expiresDateTime }: Export): Date {
  if (expiresDateTime === undefined) throw new Error(`The export ${id} has no expiry.`);
  return expiresDateTime;
}
