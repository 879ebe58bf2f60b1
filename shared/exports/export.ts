/** An export: all records that pass filters, written to one file as a long-running operation. */
import * as z from 'zod';
import { RequestError } from '../errors.ts';

/**
 * `csv`: the columns of the Purview portal's export; `csvFlat`: a column for each member of a listed record;
 * `ndjson`: records exactly as delivered, one a line.
 */
export const exportFormats = ['csv', 'csvFlat', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What was asked for; kept as it was sent, so that whoever reads the manifest can ask again. */
export const exportRequestSchema = z.object({
  format: z.enum(exportFormats),
  /** Begins CSV with a byte order mark, by which Excel knows UTF-8. */
  bom: z.boolean(),
  /** Values by query parameter of `GET …/records`. */
  filters: z.record(z.string(), z.array(z.string())),
});
export type ExportRequest = z.infer<typeof exportRequestSchema>;

export const exportStatuses = ['NotStarted', 'Running', 'Succeeded', 'Failed', 'Canceled'] as const;
export type ExportStatus = (typeof exportStatuses)[number];

/** Blocks `0` to `count - 1` that one run has staged. */
export interface StagedBlocks {
  readonly run: number;
  readonly count: number;
}

/** How far an export has come; everything before it is staged. */
export interface ExportProgress {
  /** Where reading goes on; absent at the beginning. Only {@link RecordPages} knows what it says. */
  readonly position?: string | undefined;
  /** All records are read: what is staged is the whole file. */
  readonly isRead: boolean;
  /** In the order of the file. */
  readonly blocks: readonly StagedBlocks[];
  readonly bytes: number;
  readonly records: number;
  /** State of the SHA-256 of all bytes so far, base64; absent at the beginning. */
  readonly hashState?: string | undefined;
  /** createdDateTime of the newest and the oldest record in the file. */
  readonly newest?: Date | undefined;
  readonly oldest?: Date | undefined;
  /** Number of the run that saved this. */
  readonly savedBy: number;
}

export interface Export {
  readonly tenantId: string;
  readonly exportId: string;
  readonly request: ExportRequest;
  readonly status: ExportStatus;
  /** Who asked for it: id of a client key, or `entra:{tenant id}/{object id}`. */
  readonly createdBy: string;
  readonly createdDateTime: Date;
  readonly lastActionDateTime: Date;
  readonly completedDateTime?: Date | undefined;
  /** File and row are deleted then. */
  readonly expiresDateTime: Date;
  /** Records ingested later are left out, however long it takes. */
  readonly ingestedThrough: Date;
  /** How complete the records were when it was asked for. */
  readonly completeThrough?: Date | undefined;
  readonly isPartial: boolean;
  readonly progress: ExportProgress;
  /** Of the whole file, lower-case hex; once it has succeeded. */
  readonly sha256?: string | undefined;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

export const noProgress: ExportProgress = { isRead: false, blocks: [], bytes: 0, records: 0, savedBy: 0 };

export function isFinished({ status }: Pick<Export, 'status'>): boolean {
  return status !== 'NotStarted' && status !== 'Running';
}

export interface ExportStore {
  create(one: Export): Promise<void>;
  get(tenantId: string, exportId: string): Promise<Export | undefined>;
  /** Begins the newest run, which ends the right of all others at once. Undefined when there is nothing to run. */
  takeOver(tenantId: string, exportId: string): Promise<ExportRun | undefined>;
  /** Ends it, and the right of whoever runs it; of one that has finished it changes nothing. */
  cancel(tenantId: string, exportId: string, at: Date): Promise<void>;
  /** One that is not there is success. */
  remove(tenantId: string, exportId: string): Promise<void>;
  /** Those of all tenants that have expired by then. */
  expired(now: Date): AsyncIterable<Export>;
  /** Those of all tenants that are not finished and that nobody has worked on since. */
  resting(since: Date): AsyncIterable<Export>;
}

/** The right to carry an export on. Messages come more than once: only the newest run has it. */
export interface ExportRun {
  /** 1 for an export's first run, and one more for each that followed. */
  readonly number: number;
  /** As it was when it was taken over. */
  readonly export: Export;
  /** @throws SupersededExportError and changes nothing when a newer run has begun, or it was canceled or removed */
  save(changed: Export): Promise<void>;
}

/** Somebody else carries the export on, or nobody should: nothing is left to do for this run. */
export class SupersededExportError extends Error {
  override readonly name = 'SupersededExportError';

  constructor() {
    super('This run of the export is not the one that counts any more.');
  }
}

/** The files of exports. Names are paths below the container. */
export interface ExportFiles {
  /** Uploads a block; nobody sees it before {@link commit}. The same id again replaces it. */
  stage(name: string, blockId: string, body: Buffer): Promise<void>;
  /** Makes the file of staged blocks, in this order; the same again is success. */
  commit(name: string, blockIds: readonly string[], mediaType: string): Promise<void>;
  /** Undefined when there is no such file. @param range all of it when absent */
  read(name: string, range?: ByteRange): Promise<AsyncIterable<Buffer> | undefined>;
  /** Deletes the file and blocks that were never committed; one that is not there is success. */
  remove(name: string): Promise<void>;
}

/** Both inclusive, from 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** The queue message that carries an export on. */
export const exportMessageSchema = z.object({
  version: z.literal(1),
  tenantId: z.guid(),
  exportId: z.guid(),
  /** Number of the run that sent it. @default 0 */
  after: z.int().optional(),
});
export type ExportMessage = z.infer<typeof exportMessageSchema>;

export const exportQueue = 'export-runs';

export interface ExportQueue {
  /** Durable when it resolves. @param delayMs at most 7 days */
  requestExportRun(message: ExportMessage, delayMs: number): Promise<void>;
}

const extensions: Readonly<Record<ExportFormat, string>> = { csv: 'csv', csvFlat: 'csv', ndjson: 'ndjson' };

/** Where its file is, below the container. */
export function exportFileName({ tenantId, exportId, request }: Export): string {
  return `tenant=${tenantId}/${exportId}.${extensions[request.format]}`;
}

/** What the file is called on the machine of whoever downloads it. */
export function downloadName({ tenantId, exportId, request, createdDateTime }: Export): string {
  const day = createdDateTime.toISOString().slice(0, 10);
  return `audit-${tenantId}-${day}-${exportId.slice(0, 8)}.${extensions[request.format]}`;
}

/** @throws RequestError 404 when the tenant has no such export */
export async function findExport(store: ExportStore, tenantId: string, exportId: string): Promise<Export> {
  const id = z.guid().safeParse(exportId).data;
  const found = id === undefined ? undefined : await store.get(tenantId, id.toLowerCase());
  if (found !== undefined) return found;
  throw new RequestError(404, 'ExportNotFound', 'This tenant has no such export, or it has expired.');
}
