/** Validates a file of audit records before it is replayed. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod';

const recordSchema = z.looseObject({
  Workload: z.string().optional().catch(undefined),
  UserId: z.string().optional().catch(undefined),
});

export interface RecordsFile {
  /** The user with the most SharePoint records; undefined if there are none. */
  readonly personOfInterest: string | undefined;
}

/** @throws {Error} naming the file, and the line that is not a single JSON object. */
export async function readRecordsFile(file: string): Promise<RecordsFile> {
  const counts = new Map<string, number>();
  let lineNumber = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      lineNumber += 1;
      const user = sharePointUser(line, `${file}:${lineNumber}`);
      if (user !== undefined) counts.set(user, (counts.get(user) ?? 0) + 1);
    }
  } catch (error) {
    throw isSystemError(error) ? new Error(`${file} ${describe(error.code)}`, { cause: error }) : error;
  }
  if (lineNumber === 0) throw new Error(`${file} contains no records`);
  return { personOfInterest: [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] };
}

function sharePointUser(line: string, place: string): string | undefined {
  const text = line.replace(/^\uFEFF/, '');
  if (text.trim() === '') return undefined;
  const { Workload, UserId } = parseRecord(text, place);
  return Workload === 'SharePoint' && UserId !== undefined ? UserId.toLowerCase() : undefined;
}

/** The parser's own message is withheld: it may repeat the record's content. */
function parseRecord(text: string, place: string): z.infer<typeof recordSchema> {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(`${place}: this line is not a single JSON object`);
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

function describe(code: string): string {
  if (code === 'ENOENT') return 'does not exist';
  return code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
}
