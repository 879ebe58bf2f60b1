/** Reports about one tenant: start, list, follow, read, cancel. */
import { ensureMayChange } from '../../shared/access/maker.ts';
import * as api from '../../shared/api/reports.ts';
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
import { contentHeaders } from '../../shared/reports/content-headers.ts';
import { reportMediaTypes } from '../../shared/reports/forms/formats.ts';
import { documentOf, headOf, kindOf, publicReport } from '../../shared/reports/public-report.ts';
import { reportEffects, type ReportEffectsDeps } from '../../shared/reports/report-work.ts';
import { reportOperationKind, type ReportStore } from '../../shared/reports/report.ts';
import { startReport, type StartReportDeps } from '../../shared/reports/start-report.ts';

interface ReportsDeps {
  readonly reports: ReportStore;
}

/** Callers who may read the records may read what is computed from them. */
export const startReportHandler = handler(
  api.startReport,
  async (deps: StartReportDeps & ResultLinkDeps, { request, caller, tenant, body, reply }) => {
    const started = await startReport(deps, tenant, { request: body, createdBy: caller.id });
    const token = resultToken(deps, { request, caller }, 'reports', started);
    return reply(202, publicReport(started), startedHeaders(addressOf(request, started.id), token));
  },
);

const listed = 100;

export const listReportsHandler = handler(
  api.listReports,
  async ({ reports }: ReportsDeps, { tenant, reply }) =>
    reply(200, { value: (await reports.list(tenant.tenantId, listed)).map(publicReport) }),
);

export const getReportHandler = handler(
  api.getReport,
  async ({ reports }: ReportsDeps, { tenant, path, reply }) =>
    reply(200, publicReport(await findOperation(reports, { ...tenant, id: path.reportId }))),
);

export const getReportResultHandler = handler(
  api.getReportResult,
  async (deps: ReportsDeps & ResultLinkDeps, { request, caller, tenant, path, reply }) => {
    const found = await findOperation(deps.reports, { ...tenant, id: path.reportId });
    const view = publicReport(found);
    const contentUrl = addressOf(request, '../content');
    const token = resultToken(deps, { request, caller }, 'reports', found);
    return answerResult(request, resultOf(reportOperationKind, found), token, {
      ended: () => reply(200, { ...view, contentUrl }),
      running: (headers) => reply(202, view, headers),
      failed: (body, headers) => reply(422, body, headers),
    });
  },
);

interface ContentDeps extends ReportsDeps {
  readonly exportFiles: Pick<ExportFiles, 'read'>;
  readonly pacedBody: PacedBody;
}

export const getReportContentHandler = handler(
  api.getReportContent,
  async (deps: ContentDeps, { invocation, tenant, path, query, reply }) => {
    const { format = 'json', table } = query;
    const found = await findOperation(deps.reports, { ...tenant, id: path.reportId });
    const document = await documentOf(deps.exportFiles, found);
    const { tables } = kindOf(found.request);
    async function* tenants() {
      yield await Promise.resolve(document);
    }
    const { renderReport } = await loadPart(() => import('../../shared/reports/forms/render.ts'));
    const chunks = renderReport({ head: headOf(found), tables, tenants }, { format, table });
    const body = serialized(deps.pacedBody(invocation.invocationId, chunks), reportMediaTypes[format]);
    return reply(200, body, contentHeaders(found, format, tenant.tenantId));
  },
);

/** By its maker, or by who manages tenants. A finished report keeps its content. */
export const cancelReportHandler = handler(
  api.cancelReport,
  async (deps: ReportEffectsDeps & CancelOperationDeps, { caller, tenant, path, reply }) => {
    const found = await findOperation(deps.reports, { ...tenant, id: path.reportId });
    ensureMayChange(caller, found.createdBy, 'report');
    return reply(202, publicReport(await cancelOperation(deps, reportEffects(deps), found)));
  },
);
