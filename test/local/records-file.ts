/** Validates a file of audit records before it is replayed, and finds out what to ask about it. */
import { createReadStream } from 'node:fs';
import * as z from 'zod';
import { readAuditFile } from '../../shared/imports/audit-file.ts';
import { startsWithPlace, UnreadableFileError } from '../../shared/imports/errors.ts';
import { parseCreationTime } from '../../shared/records/record-time.ts';

const recordSchema = z.looseObject({
  CreationTime: z.unknown().optional(),
  Workload: z.string().optional().catch(undefined),
  UserId: z.string().optional().catch(undefined),
});

export interface RecordsFile {
  /** The user with the most SharePoint records; undefined if there are none. */
  readonly personOfInterest: string | undefined;
  /** From its first record to just after its last one; undefined if no record has a readable time. */
  readonly period: Period | undefined;
}

/** A half-open range of time. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** @throws {Error} naming the file, and what in it is not an audit record. */
export async function readRecordsFile(file: string): Promise<RecordsFile> {
  const counts = new Map<string, number>();
  let period: Period | undefined;
  try {
    for await (const { text } of readAuditFile(createReadStream(file))) {
      const record = recordSchema.parse(JSON.parse(text));
      period = extend(period, parseCreationTime(record.CreationTime));
      const user = record.Workload === 'SharePoint' ? record.UserId?.toLowerCase() : undefined;
      if (user !== undefined) counts.set(user, (counts.get(user) ?? 0) + 1);
    }
  } catch (error) {
    throw explain(error, file);
  }
  return { personOfInterest: [...counts].sort(([, a], [, b]) => b - a)[0]?.[0], period };
}

function extend(period: Period | undefined, time: Date | undefined): Period | undefined {
  if (time === undefined) return period;
  const after = new Date(time.getTime() + 1);
  if (period === undefined) return { from: time, to: after };
  return { from: time < period.from ? time : period.from, to: after > period.to ? after : period.to };
}

function explain(error: unknown, file: string): unknown {
  if (error instanceof UnreadableFileError) {
    const separator = startsWithPlace(error.message) ? ': ' : ' ';
    return new Error(`${file}${separator}${error.message}`, { cause: error });
  }
  return isSystemError(error) ? new Error(`${file} ${describe(error.code)}`, { cause: error }) : error;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

function describe(code: string): string {
  if (code === 'ENOENT') return 'does not exist';
  return code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
}
