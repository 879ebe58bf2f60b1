/**
 * The files of a report. Those of a run have its number in their names, so that a run that was superseded cannot overwrite
 * what a newer one continues; a checkpoint is whole in itself, so that a run may replace its own.
 */
import { buffer } from 'node:stream/consumers';
import type * as z from 'zod';
import type { ExportFiles } from '../exports/export.ts';
import { parseJson } from '../json.ts';
import type { Operation } from '../operations/operation.ts';

/** What a run may leave: see {@link runFileName}. */
type RunFile = 'inputs' | 'checkpoint';

type FilesOf = Pick<Operation<unknown, unknown>, 'tenantId' | 'id'>;

function prefixOf({ tenantId, id }: FilesOf): string {
  return `tenant=${tenantId}/${id}.`;
}

/** Where the document is, below the container. */
export function documentName(one: FilesOf): string {
  return `${prefixOf(one)}report.json`;
}

/** Where a run leaves what the next one needs. */
export function runFileName(one: FilesOf, run: number, what: RunFile): string {
  return `${prefixOf(one)}${run}.${what}.json`;
}

/** Storage wants base64; a file of one block. */
const onlyBlock = Buffer.from('0').toString('base64');

/** Makes the file, or replaces it, at once. @throws when storage fails */
export async function writeJson(files: ExportFiles, name: string, json: string): Promise<void> {
  await files.stage(name, onlyBlock, Buffer.from(json));
  await files.commit(name, [onlyBlock], 'application/json');
}

/** Undefined if there is none, or if another version of the app wrote what does not fit. @throws when storage fails */
export async function readJson<T>(
  files: Pick<ExportFiles, 'read'>,
  name: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const chunks = await files.read(name);
  if (chunks === undefined) return undefined;
  return schema.safeParse(parseJson((await buffer(chunks)).toString('utf8'))).data;
}

/** Deletes all that its runs left; the same again is success. @throws when storage fails */
export async function removeFiles(files: Pick<ExportFiles, 'removeAll'>, one: FilesOf): Promise<void> {
  await files.removeAll(prefixOf(one));
}

/** The same again is success. @throws when storage fails */
export async function removeRunFile(
  files: Pick<ExportFiles, 'remove'>,
  one: FilesOf,
  run: number,
  what: RunFile,
): Promise<void> {
  await files.remove(runFileName(one, run, what));
}
