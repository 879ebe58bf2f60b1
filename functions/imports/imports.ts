/** Imports: upload, start, follow, cancel. */
import * as z from 'zod';
import * as api from '../../shared/api/imports.ts';
import { invalidParameter, RequestError } from '../../shared/errors.ts';
import { handler } from '../../shared/http/handler.ts';
import { answerResult, startedHeaders, withRunning } from '../../shared/http/operation-answers.ts';
import { addressOf } from '../../shared/http/request.ts';
import { importKind, type ImportStore } from '../../shared/imports/import.ts';
import { importEffects, type ImportEffectsDeps } from '../../shared/imports/import-work.ts';
import { importResult, publicImport } from '../../shared/imports/public-import.ts';
import { startImport, type StartImportDeps } from '../../shared/imports/start-import.ts';
import { maxParts, type ImportUploads } from '../../shared/imports/upload.ts';
import { cancelOperation, type CancelOperationDeps } from '../../shared/operations/end-operation.ts';
import { resultOf } from '../../shared/operations/operation-result.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';
import { sha256Of } from '../../shared/sha256.ts';

interface ImportsDeps {
  readonly imports: ImportStore;
}

export const uploadPartHandler = handler(
  api.uploadPart,
  async ({ uploads }: { readonly uploads: ImportUploads }, { tenant: { tenantId }, path, body, reply }) => {
    const uploadId = uploadIdOf(path.uploadId);
    const part = partOf(path.part);
    if (!(await uploads.put({ tenantId, uploadId }, part, body))) throw partExists(part);
    return reply(200, { uploadId, part, bytes: body.length, sha256: sha256Of(body) });
  },
);

function uploadIdOf(text: string): string {
  const id = z.guid().toLowerCase().safeParse(text).data;
  if (id === undefined) throw invalidParameter('uploadId', "'uploadId' must be a GUID, which you choose.");
  return id;
}

function partOf(text: string): number {
  const part = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (part < 1 || part > maxParts)
    throw invalidParameter('part', `'part' must be a number from 1 to ${maxParts}.`);
  return part;
}

function partExists(part: number): RequestError {
  const message = `The upload has another part ${part} already. Upload the file again with another uploadId.`;
  return new RequestError(409, 'PartExists', message, { target: 'part' });
}

export const startImportHandler = handler(
  api.startImport,
  async (deps: StartImportDeps, { request, caller, tenant: { tenantId, retention }, body, reply }) => {
    const started = await withRunning(
      request,
      startImport(deps, { ...body, tenantId, retention, createdBy: caller.id }),
    );
    return reply(202, publicImport(started), startedHeaders(addressOf(request, started.id)));
  },
);

/** Enough for people; every import has a row for good. */
const listed = 100;

export const listImportsHandler = handler(
  api.listImports,
  async ({ imports }: ImportsDeps, { tenant, reply }) =>
    reply(200, { value: (await imports.list(tenant.tenantId, listed)).map(publicImport) }),
);

export const getImportHandler = handler(
  api.getImport,
  async ({ imports }: ImportsDeps, { tenant, path, reply }) =>
    reply(200, publicImport(await findOperation(imports, { ...tenant, id: path.importId }))),
);

export const getImportResultHandler = handler(
  api.getImportResult,
  async ({ imports }: ImportsDeps, { request, tenant, path, reply }) => {
    const found = await findOperation(imports, { ...tenant, id: path.importId });
    const view = importResult(found);
    return answerResult(request, resultOf(importKind, found), undefined, {
      ended: () => reply(200, view),
      running: (headers) => reply(202, view, headers),
      failed: (body, headers) => reply(422, body, headers),
    });
  },
);

/** Records that have landed stay. */
export const cancelImportHandler = handler(
  api.cancelImport,
  async (deps: ImportEffectsDeps & CancelOperationDeps, { tenant, path, reply }) => {
    const found = await findOperation(deps.imports, { ...tenant, id: path.importId });
    return reply(202, publicImport(await cancelOperation(deps, importEffects(deps), found)));
  },
);
