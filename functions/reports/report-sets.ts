/** Reports on several tenants: start, list, follow, read, cancel. */
import type { Access } from '../../shared/access/access.ts';
import { ensureMayCancelAll, sharedSpace } from '../../shared/access/owner.ts';
import * as api from '../../shared/api/report-sets.ts';
import { openBatchTenants } from '../../shared/batches/batch-tenants.ts';
import type { ExportFiles } from '../../shared/exports/export.ts';
import { handler } from '../../shared/http/handler.ts';
import {
  answerResult,
  resultToken,
  startedHeaders,
  type ResultLinkDeps,
} from '../../shared/http/operation-answers.ts';
import type { PacedBody } from '../../shared/http/paced-body.ts';
import { serialized } from '../../shared/http/reply.ts';
import { addressOf } from '../../shared/http/request.ts';
import { loadPart } from '../../shared/lazy.ts';
import { cancelOperation, type CancelOperationDeps } from '../../shared/operations/end-operation.ts';
import { resultOf } from '../../shared/operations/operation-result.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';
import { pageOfOperations } from '../../shared/operations/page-of-operations.ts';
import { contentHeaders } from '../../shared/reports/content-headers.ts';
import { reportMediaTypes } from '../../shared/reports/forms/formats.ts';
import { headOf, kindOf } from '../../shared/reports/public-report.ts';
import type { ReportStore } from '../../shared/reports/report.ts';
import {
  pageOfReportSet,
  publicReportSet,
  reportsOfTenants,
} from '../../shared/reports/sets/public-report-set.ts';
import { reportSetKind, type ReportSetStore } from '../../shared/reports/sets/report-set.ts';
import { startReportSet, type StartReportSetDeps } from '../../shared/reports/sets/start-report-set.ts';

interface SetsDeps {
  readonly reportSets: ReportSetStore;
}

interface WithAccess {
  readonly access: Access;
}

export const startReportSetHandler = handler(
  api.startReportSet,
  async (deps: StartReportSetDeps & ResultLinkDeps & WithAccess, { request, caller, body, reply }) => {
    const opened = await openBatchTenants(deps.access, caller, body.tenants, 'records.read');
    const ownerId = sharedSpace(caller).owner;
    const wanted = { ...opened, request: body.request, ownerId, createdBy: caller.id };
    const { id, ...started } = await startReportSet(deps, wanted);
    const token = resultToken(deps, { request, caller }, 'reportSets', { id });
    return reply(202, publicReportSet({ id, ...started }), startedHeaders(addressOf(request, id), token));
  },
);

export const listReportSetsHandler = handler(
  api.listReportSets,
  async ({ reportSets }: SetsDeps, { request: { url }, caller, query, reply }) => {
    const page = { tenantId: sharedSpace(caller).owner, query, url, view: publicReportSet };
    return reply(200, await pageOfOperations(reportSets, page));
  },
);

export const getReportSetHandler = handler(
  api.getReportSet,
  async ({ reportSets }: SetsDeps, { caller, path, reply }) => {
    const key = { tenantId: sharedSpace(caller).owner, id: path.reportSetId };
    return reply(200, publicReportSet(await findOperation(reportSets, key)));
  },
);

export const getReportSetResultHandler = handler(
  api.getReportSetResult,
  async (deps: SetsDeps & ResultLinkDeps, { request, caller, path, reply }) => {
    const key = { tenantId: sharedSpace(caller).owner, id: path.reportSetId };
    const found = await findOperation(deps.reportSets, key);
    const view = publicReportSet(found);
    const contentUrl = addressOf(request, '../content');
    const tenantsUrl = addressOf(request, '../tenants');
    const token = resultToken(deps, { request, caller }, 'reportSets', { id: found.id });
    return answerResult(request, resultOf(reportSetKind, found), token, {
      ended: () => reply(200, { ...view, contentUrl, tenantsUrl }),
      running: (headers) => reply(202, view, headers),
      failed: (body, headers) => reply(422, body, headers),
    });
  },
);

interface TableDeps extends SetsDeps, WithAccess {
  readonly reports: ReportStore;
}

export const listReportSetTenantsHandler = handler(
  api.listReportSetTenants,
  async (deps: TableDeps, { request, caller, path, query, reply }) => {
    const key = { tenantId: sharedSpace(caller).owner, id: path.reportSetId };
    const batch = await findOperation(deps.reportSets, key);
    return reply(200, await pageOfReportSet(deps, { batch, caller, query, url: request.url }));
  },
);

interface ContentDeps extends TableDeps {
  readonly exportFiles: Pick<ExportFiles, 'read'>;
  readonly pacedBody: PacedBody;
}

export const getReportSetContentHandler = handler(
  api.getReportSetContent,
  async (deps: ContentDeps, { invocation, caller, path, query, reply }) => {
    const { format = 'json', table } = query;
    const key = { tenantId: sharedSpace(caller).owner, id: path.reportSetId };
    const found = await findOperation(deps.reportSets, key);
    const tenants = await reportsOfTenants(deps, caller, found);
    const { tables } = kindOf(found.request);
    const { renderReport } = await loadPart(() => import('../../shared/reports/forms/render.ts'));
    const chunks = renderReport({ head: headOf(found), tables, tenants }, { format, table });
    const body = serialized(deps.pacedBody(invocation.invocationId, chunks), reportMediaTypes[format]);
    return reply(200, body, contentHeaders(found, format, 'several-tenants'));
  },
);

export const cancelReportSetHandler = handler(
  api.cancelReportSet,
  async (deps: SetsDeps & CancelOperationDeps, { caller, path, reply }) => {
    const key = { tenantId: sharedSpace(caller).owner, id: path.reportSetId };
    const found = await findOperation(deps.reportSets, key);
    ensureMayCancelAll(caller, found.createdBy, 'tenants.manage');
    return reply(202, publicReportSet(await cancelOperation(deps, { store: deps.reportSets }, found)));
  },
);
