/** `GET /tenants/{tenantId}/records` with `Accept: application/x-ndjson` or `text/csv`: everything at once. */
import type { HttpFunctionOptions, HttpResponseInit } from '@azure/functions';
import { invalidParameter } from '../shared/errors.ts';
import type { PacedBody } from '../shared/http/paced-body.ts';
import { streamRecords, type StreamRecordsDeps } from '../shared/exports/stream-records.ts';
import { streamedFormat } from '../shared/exports/streamed-format.ts';
import { isPartial, type Completeness } from '../shared/query/completeness.ts';
import { parseFilters } from '../shared/query/filters.ts';
import type { StoredTenant } from '../shared/tenants/tenant.ts';
import { authenticated, pathParameter, type Call, type HttpDeps } from './http.ts';

export interface StreamDeps extends HttpDeps, StreamRecordsDeps {
  readonly pacedBody: PacedBody;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
}

/** @param listRecords answers all who ask for JSON, on the same route */
export function listOrStreamRecordsFunction(
  deps: StreamDeps,
  listRecords: HttpFunctionOptions,
): HttpFunctionOptions {
  const streaming = (invocationId: string) =>
    authenticated(deps, {
      methods: ['GET'],
      route: 'tenants/{tenantId}/records',
      handler: (call) => answerStream(deps, call, invocationId),
    });
  return {
    ...listRecords,
    handler: (request, context) =>
      streamedFormat(request.headers.get('accept')) === undefined
        ? listRecords.handler(request, context)
        : streaming(context.invocationId).handler(request, context),
  };
}

async function answerStream(
  deps: StreamDeps,
  { request, caller }: Call,
  invocationId: string,
): Promise<HttpResponseInit> {
  const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
  const { tenantId } = tenant;
  const query = new URLSearchParams(request.query);
  const paging = ['top', '$top', 'skiptoken', '$skiptoken', 'orderby', '$orderby', 'select', '$select'];
  const misplaced = paging.find((name) => query.has(name));
  if (misplaced !== undefined) {
    const why = 'does not go with this Accept header: all records come in one answer, newest first.';
    throw invalidParameter(misplaced, `${misplaced} ${why}`);
  }
  const filters = parseFilters(query);
  const format = streamedFormat(request.headers.get('accept')) ?? 'ndjson';
  const completeness = await deps.completeness(tenant);
  const streamed = await streamRecords(deps, { tenantId, filters, format, bom: false });
  return {
    body: deps.pacedBody(invocationId, streamed.body),
    headers: {
      'Content-Type': streamed.format.mediaType,
      Vary: 'Accept',
      'x-auditkeep-complete-through': completeness.completeThrough?.toISOString() ?? '',
      'x-auditkeep-is-partial': String(
        isPartial(completeness, { from: filters.from, to: filters.to ?? deps.now() }),
      ),
    },
  };
}
