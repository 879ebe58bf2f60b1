/** Bundles: exports of several tenants: start, follow, download, cancel. */
import type { Access } from '../../shared/access/access.ts';
import { ensureMayCancelAll, sharedSpace } from '../../shared/access/owner.ts';
import * as api from '../../shared/api/bundles.ts';
import { openBatchTenants } from '../../shared/batches/batch-tenants.ts';
import { bundleKind, type BundleStore } from '../../shared/exports/bundles/bundle.ts';
import { bundleEffects, type BundleEffectsDeps } from '../../shared/exports/bundles/bundle-work.ts';
import {
  bundleDownloadName,
  bundleManifestOf,
  openBundle,
  pageOfBundle,
  publicBundle,
} from '../../shared/exports/bundles/public-bundle.ts';
import { startBundle, type StartBundleDeps } from '../../shared/exports/bundles/start-bundle.ts';
import { exportFileName, type ExportStore } from '../../shared/exports/export.ts';
import { answerFile, type AnswerFileDeps } from '../../shared/exports/file-answer.ts';
import { handler } from '../../shared/http/handler.ts';
import {
  answerResult,
  resultToken,
  startedHeaders,
  type ResultLinkDeps,
} from '../../shared/http/operation-answers.ts';
import { addressOf } from '../../shared/http/request.ts';
import { cancelOperation, type CancelOperationDeps } from '../../shared/operations/end-operation.ts';
import { resultOf } from '../../shared/operations/operation-result.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';
import { pageOfOperations } from '../../shared/operations/page-of-operations.ts';

interface BundlesDeps {
  readonly bundles: BundleStore;
}

interface WithAccess {
  readonly access: Access;
}

export const startBundleHandler = handler(
  api.startBundle,
  async (deps: StartBundleDeps & ResultLinkDeps & WithAccess, { request, caller, body, reply }) => {
    const opened = await openBatchTenants(deps.access, caller, body.tenants, 'records.read');
    const wanted = {
      ...opened,
      request: body.request,
      ownerId: sharedSpace(caller).owner,
      createdBy: caller.id,
    };
    const { id, ...started } = await startBundle(deps, wanted);
    const token = resultToken(deps, { request, caller }, 'bundles', { id });
    return reply(202, publicBundle({ id, ...started }), startedHeaders(addressOf(request, id), token));
  },
);

export const listBundlesHandler = handler(
  api.listBundles,
  async ({ bundles }: BundlesDeps, { request: { url }, caller, query, reply }) => {
    const page = { tenantId: sharedSpace(caller).owner, query, url, view: publicBundle };
    return reply(200, await pageOfOperations(bundles, page));
  },
);

export const getBundleHandler = handler(
  api.getBundle,
  async ({ bundles }: BundlesDeps, { caller, path, reply }) => {
    const found = await findOperation(bundles, { tenantId: sharedSpace(caller).owner, id: path.bundleId });
    return reply(200, publicBundle(found));
  },
);

export const getBundleResultHandler = handler(
  api.getBundleResult,
  async (deps: BundlesDeps & ResultLinkDeps, { request, caller, path, reply }) => {
    const found = await findOperation(deps.bundles, {
      tenantId: sharedSpace(caller).owner,
      id: path.bundleId,
    });
    const view = publicBundle(found);
    const at = (name: string) => addressOf(request, `../${name}`);
    const file = found.state.file && { contentUrl: at('content'), manifestUrl: at('manifest') };
    const token = resultToken(deps, { request, caller }, 'bundles', { id: found.id });
    return answerResult(request, resultOf(bundleKind, found), token, {
      ended: () => reply(200, { ...view, ...file, tenantsUrl: at('tenants') }),
      running: (headers) => reply(202, view, headers),
      failed: (body, headers) => reply(422, body, headers),
    });
  },
);

interface TableDeps extends BundlesDeps, WithAccess {
  readonly exports: ExportStore;
}

export const listBundleTenantsHandler = handler(
  api.listBundleTenants,
  async (deps: TableDeps, { request, caller, path, query, reply }) => {
    const bundle = await findOperation(deps.bundles, {
      tenantId: sharedSpace(caller).owner,
      id: path.bundleId,
    });
    return reply(200, await pageOfBundle(deps, { bundle, caller, query, url: request.url }));
  },
);

export const getBundleContentHandler = handler(
  api.getBundleContent,
  async (deps: BundlesDeps & WithAccess & AnswerFileDeps, { request, invocation, caller, path, reply }) => {
    const found = await findOperation(deps.bundles, {
      tenantId: sharedSpace(caller).owner,
      id: path.bundleId,
    });
    const whole = await openBundle(deps.access, caller, found);
    const { progress, sha256 } = whole.file;
    const names = { name: exportFileName(whole), downloadName: bundleDownloadName(whole) };
    return answerFile(
      deps,
      { request, invocation },
      { ...names, bytes: progress.bytes, sha256 },
      {
        whole: (body, headers) => reply(200, body, headers),
        part: (body, headers) => reply(206, body, headers),
      },
    );
  },
);

export const getBundleManifestHandler = handler(
  api.getBundleManifest,
  async (deps: BundlesDeps & WithAccess, { caller, path, reply }) => {
    const found = await findOperation(deps.bundles, {
      tenantId: sharedSpace(caller).owner,
      id: path.bundleId,
    });
    const whole = await openBundle(deps.access, caller, found);
    const disposition = `attachment; filename="${bundleDownloadName(whole)}.manifest.json"`;
    return reply(200, bundleManifestOf(whole), { 'Content-Disposition': disposition });
  },
);

export const cancelBundleHandler = handler(
  api.cancelBundle,
  async (deps: BundleEffectsDeps & CancelOperationDeps, { caller, path, reply }) => {
    const found = await findOperation(deps.bundles, {
      tenantId: sharedSpace(caller).owner,
      id: path.bundleId,
    });
    ensureMayCancelAll(caller, found.createdBy, 'tenants.manage');
    return reply(202, publicBundle(await cancelOperation(deps, bundleEffects(deps), found)));
  },
);
