/** Microsoft Graph's search of the audit log: queries that run for a while, and their records page by page. */

import * as z from 'zod';
import type { Cell } from '../cell.ts';
import { graphError, graphForbidden, graphThrottled, graphUnauthorized } from '../graph-replies.ts';
import { jsonReply, queryOf, type HttpRequest, type Reply, type Router } from '../http.ts';
import { graphAudience } from '../resources.ts';
import type { Settings } from '../settings.ts';
import type { TenantState, TenantStates } from '../tenant-states.ts';
import { bearerOf, type AccessToken, type Tokens } from '../tokens.ts';
import { auditLogRecordOf } from './audit-log-record.ts';
import { createQueries, foundBy, statusOf, type AuditLogQuery, type Queries } from './queries.ts';

export interface AuditSearchOptions {
  /** Address of the simulator; known once it listens. */
  readonly baseUrl: () => string;
  readonly tenants: TenantStates;
  readonly tokens: Tokens;
  readonly settings: Cell<Settings>;
  readonly now: () => Date;
}

const path = /^\/(?:v1\.0|beta)\/security\/auditLog\/queries(?:\/(?<id>[^/]+)(?<records>\/records)?)?$/i;
/** Of all workloads, or of one. */
const role = /^AuditLogsQuery(-\w+)?\.Read\.All$/;
const defaultPageSize = 150;
const maxPageSize = 999;
const busySeconds = 60;

interface Asking extends AuditSearchOptions {
  readonly request: HttpRequest;
  readonly state: TenantState;
  readonly queries: Queries;
}

export const createAuditSearchRouter = (options: AuditSearchOptions): Router => {
  const byTenant = new Map<string, Queries>();
  const queriesOf = (tenantId: string): Queries => {
    const queries = byTenant.get(tenantId) ?? createQueries(options.now);
    byTenant.set(tenantId, queries);
    return queries;
  };
  return (request) => {
    if (!path.test(request.url.pathname)) return undefined;
    const token = options.tokens.read(bearerOf(request.headers.authorization) ?? '');
    return {
      call: { operation: 'audit-search', tenantId: token?.tenantId },
      answer: () => answer(options, request, token, queriesOf),
    };
  };
};

const answer = (
  options: AuditSearchOptions,
  request: HttpRequest,
  token: AccessToken | undefined,
  queriesOf: (tenantId: string) => Queries,
): Reply => {
  if (token?.audience !== graphAudience) return graphUnauthorized();
  if (!token.roles.some((one) => role.test(one))) return graphForbidden();
  const asking = {
    ...options,
    request,
    state: options.tenants.get(token.tenantId),
    queries: queriesOf(token.tenantId),
  };
  const { id, records } = path.exec(request.url.pathname)?.groups ?? {};
  if (id === undefined) return request.method === 'POST' ? create(asking) : list(asking);
  const query = asking.queries.find(id);
  if (query === undefined) return graphError(404, 'NotFound', 'The query does not exist.');
  return records === undefined ? jsonReply(200, queryView(asking, query)) : recordsOf(asking, query);
};

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const bodySchema = z.looseObject({
  displayName: z.string(),
  filterStartDateTime: moment,
  filterEndDateTime: moment,
});

const create = (asking: Asking): Reply => {
  const { request, state, queries, settings } = asking;
  const body = bodySchema.safeParse(JSON.parse(request.body.toString('utf8')));
  if (!body.success) return graphError(400, 'BadRequest', 'The query is malformed.');
  if (!state.policy.get().auditingEnabled) {
    return graphError(400, 'UnknownError', '{"message":"AuditingDisabledTenant: auditing is off."}');
  }
  const { displayName, filterStartDateTime: from, filterEndDateTime: to } = body.data;
  const created = queries.create({ displayName, from, to }, settings.get());
  return typeof created === 'string'
    ? graphThrottled(busySeconds)
    : jsonReply(201, queryView(asking, created));
};

const queryView = ({ settings, now, state }: Asking, query: AuditLogQuery) => {
  const status = statusOf(query, settings.get(), now());
  const found = status === 'succeeded' ? foundBy(query, state, settings.get()) : undefined;
  return {
    '@odata.type': '#microsoft.graph.security.auditLogQuery',
    id: query.id,
    displayName: query.displayName,
    filterStartDateTime: query.from.toISOString(),
    filterEndDateTime: query.to.toISOString(),
    recordTypeFilters: [],
    status,
    ...(found && {
      approximateReturnedRecordCount: found.records.length,
      recordCountLimit: settings.get().auditSearchLimit,
      isRecordCountLimitExceeded: found.isLimited,
    }),
  };
};

const list = (asking: Asking): Reply =>
  pageOf(asking, asking.queries.list(), {
    pageSize: defaultPageSize,
    reading: 1,
    show: (query) => queryView(asking, query),
  });

const recordsOf = (asking: Asking, query: AuditLogQuery): Reply => {
  const { settings, now, request, state, queries } = asking;
  const { auditSearchFailsAfter, auditSearchUnsteadyReads } = settings.get();
  if (statusOf(query, settings.get(), now()) !== 'succeeded') {
    return graphError(400, 'BadRequest', 'The query has not succeeded.');
  }
  const parameters = queryOf(request.url);
  const from = Number(parameters.get('$skiptoken')?.split('_')[0] ?? '0');
  const reading = Number(parameters.get('$skiptoken')?.split('_')[1] ?? queries.beginReading(query.id));
  if (auditSearchFailsAfter > 0 && from >= auditSearchFailsAfter) {
    return graphError(500, 'UnknownError', 'The records could not be read.');
  }
  const { records } = foundBy(query, state, settings.get());
  // The first readings leave out records, as has been seen on live tenants.
  const shown =
    reading <= auditSearchUnsteadyReads ? records.filter((_, at) => at % 10 !== reading) : records;
  const pageSize = Math.min(Number(parameters.get('$top') ?? defaultPageSize), maxPageSize);
  return pageOf(asking, shown, { pageSize, reading, show: auditLogRecordOf });
};

const pageOf = <T>(
  { request, baseUrl }: Asking,
  items: readonly T[],
  {
    pageSize,
    reading,
    show,
  }: { readonly pageSize: number; readonly reading: number; readonly show: (item: T) => unknown },
): Reply => {
  const from = Number(queryOf(request.url).get('$skiptoken')?.split('_')[0] ?? '0');
  const next = new URL(request.url.pathname + request.url.search, baseUrl());
  next.searchParams.set('$skiptoken', `${from + pageSize}_${reading}`);
  return jsonReply(200, {
    ...(from + pageSize < items.length ? { '@odata.nextLink': next.href } : {}),
    value: items.slice(from, from + pageSize).map(show),
  });
};
