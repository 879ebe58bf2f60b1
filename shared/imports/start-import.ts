/** Starts imports: one at a time in a tenant. */
import { invalidParameter, RequestError } from '../errors.ts';
import { startOperation, type StartOperationDeps } from '../operations/start-operation.ts';
import { indexKeptFrom, type Retention } from '../retention/retention.ts';
import { nothingRead, type Import, type ImportStore } from './import.ts';
import type { ImportUploads } from './upload.ts';

export interface StartImportDeps extends StartOperationDeps {
  readonly imports: ImportStore;
  readonly uploads: ImportUploads;
  /** Of tenants that have none of their own. */
  readonly retention: Retention;
}

export interface WantedImport {
  readonly tenantId: string;
  readonly uploadId: string;
  readonly parts: number;
  readonly fileName?: string | undefined;
  readonly createdBy: string;
  /** The tenant's own. */
  readonly retention?: Retention | undefined;
}

/**
 * @throws RequestError 409 when a part is missing, 400 when there are more than told
 * @throws OperationInProgressError naming the unfinished one
 */
export async function startImport(deps: StartImportDeps, wanted: WantedImport): Promise<Import> {
  const { tenantId, createdBy, uploadId, parts, fileName, retention = deps.retention } = wanted;
  const sizes = await deps.uploads.parts({ tenantId, uploadId });
  checkParts(parts, sizes);
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  // Decided once, so that each run takes the same records.
  const keptFrom = indexKeptFrom(retention, deps.now());
  const request = { uploadId, parts, bytes, fileName, keptFrom };
  return await startOperation(deps, deps.imports, { tenantId, createdBy, request, state: nothingRead });
}

function checkParts(parts: number, sizes: ReadonlyMap<number, number>): void {
  const numbers = Array.from({ length: parts }, (_, at) => at + 1);
  const missing = numbers.find((part) => !sizes.has(part));
  if (missing !== undefined) {
    const message = `Part ${missing} of ${parts} has not been uploaded. Upload it, then start the import again.`;
    throw new RequestError(409, 'UploadIncomplete', message, { target: 'parts' });
  }
  if (sizes.size > parts)
    throw invalidParameter('parts', `'parts' must be ${sizes.size}: so many were uploaded.`);
}
