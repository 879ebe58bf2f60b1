/** An import: records that a customer exported before, taken from an uploaded file into the tenant's own. */
import * as z from 'zod';
import type { Operation, OperationKind } from '../operations/operation.ts';
import type { OperationStore } from '../operations/operation-store.ts';
import { storedDate } from '../stored-date.ts';
import type { UploadKey } from './upload.ts';

/** What was requested. */
const requestSchema = z.strictObject({
  uploadId: z.guid(),
  /** Of the upload, from 1. */
  parts: z.int(),
  bytes: z.int(),
  /** What people call the file. */
  fileName: z.string().optional(),
  /** Older records are refused, as the retention would delete them; absent: none is too old. */
  keptFrom: storedDate.optional(),
});
export type ImportRequest = Readonly<z.output<typeof requestSchema>>;

/** Why a row is not imported. */
export const refusalReasons = [
  'notARecord',
  'tooLarge',
  'noId',
  'noTime',
  'implausibleTime',
  'tooRecent',
  'pastRetention',
  'noOperation',
  'noUser',
  'noTenant',
  'otherTenant',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** A row that was refused, and where it is in the file. */
const refusalSchema = z.strictObject({ place: z.string(), reason: z.enum(refusalReasons) });
export type Refusal = Readonly<z.output<typeof refusalSchema>>;

const progressSchema = z.strictObject({
  /** Rows of the file that were read; all before this one are landed or refused. */
  read: z.int(),
  /** Characters in these rows. */
  characters: z.int(),
  /** Records in landings. */
  landed: z.int(),
  landings: z.int(),
  refused: z.partialRecord(z.enum(refusalReasons), z.int()),
});
export type ImportProgress = Readonly<z.output<typeof progressSchema>>;

const stateSchema = z.strictObject({
  progress: progressSchema,
  /** The landing that is being made. The next run makes the same one: at the same time, up to the same row. */
  sealing: z.strictObject({ landedAt: storedDate, read: z.int() }).optional(),
  /** The first ones; `progress` counts all. */
  refusals: z.array(refusalSchema),
  /** When the whole file was read, or what can be read of it. */
  readDateTime: storedDate.optional(),
  /** Why the rest of the file cannot be read: follows the words "The file". */
  fault: z.string().optional(),
  /** Records that are in the index because of this import; once it has ended. */
  imported: z.int().optional(),
  /** Records that a retention deleted before they were indexed; absent: none. */
  pastRetention: z.int().optional(),
});
export type ImportState = Readonly<z.output<typeof stateSchema>>;

/** One at a time in a tenant; it never expires, because it says where records came from. */
export const importKind: OperationKind<ImportRequest, ImportState> = {
  name: 'imports',
  noun: 'Import',
  request: requestSchema,
  state: stateSchema,
  isExclusive: true,
};

export type Import = Operation<ImportRequest, ImportState>;
export type ImportStore = OperationStore<ImportRequest, ImportState>;

export const nothingRead: ImportState = {
  progress: { read: 0, characters: 0, landed: 0, landings: 0, refused: {} },
  refusals: [],
};

export function uploadOf({ tenantId, request }: Import): UploadKey {
  return { tenantId, uploadId: request.uploadId };
}

/** What a stretch of rows became: at most one landing, and refusals. */
interface TakenRows {
  readonly records: number;
  readonly refused: readonly RefusalReason[];
}

/** What landed and what was refused, this stretch included. */
export function countsAfter(
  before: Pick<ImportProgress, 'landed' | 'landings' | 'refused'>,
  { records, refused: reasons }: TakenRows,
): Pick<ImportProgress, 'landed' | 'landings' | 'refused'> {
  const refused: Partial<Record<RefusalReason, number>> = { ...before.refused };
  for (const reason of reasons) refused[reason] = (refused[reason] ?? 0) + 1;
  return {
    landed: before.landed + records,
    landings: before.landings + Math.min(1, records),
    refused,
  };
}

export function refusedCount({ refused }: Pick<ImportProgress, 'refused'>): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}
