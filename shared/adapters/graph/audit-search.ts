/** Microsoft Graph, for searching the audit log. */
import * as z from 'zod';
import type { TenantRef } from '../../activity/activity-feed.ts';
import type { AuditSearch, FoundPage, QueryStatus } from '../../backfills/audit-search.ts';
import type { Budget } from '../../budget.ts';
import { actionOfStatus, onRefusal, UpstreamError } from '../../errors.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { withoutTypes } from '../../records/graph-types.ts';
import { rolesIn } from '../entra/sign-in.ts';
import { createMicrosoftApi, type MicrosoftApi, type MicrosoftConnection } from '../microsoft/api.ts';
import { odataList } from '../microsoft/odata.ts';
import { parseRefusal, type Refusal } from '../microsoft/refusals.ts';

export interface AuditSearchOptions extends MicrosoftConnection {
  /** Instead of the cloud's own root. */
  readonly graphUrl: string | undefined;
}

/** Records have a few kilobytes, and rarely megabytes: a page of 999 could be too large. */
const pageSize = 500;
const maxAnswerBytes = 64 * 1024 * 1024;

/** Microsoft has withdrawn v1.0 of this API from tenants before, and answers 404 there. */
const versions = ['v1.0', 'beta'] as const;

/** @see https://learn.microsoft.com/graph/api/resources/security-auditlogquery */
export function createAuditSearch({ graphUrl, ...connection }: AuditSearchOptions): AuditSearch {
  const openGraph = createMicrosoftApi({
    ...connection,
    resource: 'graph',
    rootUrl: graphUrl,
    maxSockets: 8,
    maxAnswerBytes,
    classifyError,
  });
  const open = (tenant: TenantRef, budget: Budget | undefined): MicrosoftApi => {
    if (tenant.cloud === 'enterprise' || tenant.cloud === 'gcc') return openGraph(tenant, budget);
    const message = `Microsoft does not offer the search of the audit log in the cloud ${tenant.cloud}.`;
    throw new UpstreamError('fail', 'SearchNotOffered', message);
  };
  return {
    async ensureAllowed(tenant, budget) {
      const graph = open(tenant, budget);
      await atAnyVersion(graph, (url) => graph.send({ url: `${url}?$top=1` }));
      requireAllWorkloads(rolesIn(await connection.tokens.token(tenant, 'graph', budget)));
    },
    async create(tenant, { name, window: { start, end } }, budget) {
      const graph = open(tenant, budget);
      const data = {
        '@odata.type': '#microsoft.graph.security.auditLogQuery',
        displayName: name,
        filterStartDateTime: start.toISOString(),
        filterEndDateTime: end.toISOString(),
      };
      const created = await atAnyVersion(graph, (url) => graph.read(query, { method: 'POST', url, data }));
      return created.data.id;
    },
    async find(tenant, name, budget) {
      const graph = open(tenant, budget);
      return await atAnyVersion(graph, async (url) => {
        for await (const { data } of graph.pages(odataList(query, { url }))) {
          const found = data.value.find(({ displayName }) => displayName === name);
          if (found !== undefined) return found.id;
        }
        return undefined;
      });
    },
    async status(tenant, queryId, budget) {
      const graph = open(tenant, budget);
      const read = (url: string) => graph.read(query, { url: `${url}/${encodeURIComponent(queryId)}` });
      return await atAnyVersion(graph, read).then(({ data }) => statusOf(data), onRefusal(goneOrThrow));
    },
    async *pages(tenant, { queryId, from, idsOnly = false }, budget) {
      const graph = open(tenant, budget);
      const select = idsOnly ? '&$select=id' : '';
      const begin = (root: string) =>
        `${root}/${encodeURIComponent(queryId)}/records?$top=${pageSize}${select}`;
      const first = from ?? begin(await rootOf(graph, queryId));
      for await (const { data } of graph.pages(odataList(row, { url: first }))) yield pageOf(data);
    },
  };
}

/** The address of queries where Graph knows this one. @throws UpstreamError */
async function rootOf(graph: MicrosoftApi, queryId: string): Promise<string> {
  return await atAnyVersion(graph, async (url) => {
    await graph.send({ url: `${url}/${encodeURIComponent(queryId)}` });
    return url;
  });
}

async function atAnyVersion<T>(graph: MicrosoftApi, ask: (url: string) => Promise<T>): Promise<T> {
  const [first, second] = versions.map((version) => `${graph.root}/${version}/security/auditLog/queries`);
  const isUnknown = onRefusal((refusal) => {
    if (refusal.action !== 'gone') throw refusal;
    return ask(second ?? '');
  });
  return await ask(first ?? '').catch(isUnknown);
}

const query = z.object({
  id: z.string(),
  displayName: z.string().optional().catch(undefined),
  status: z.string().optional().catch(undefined),
  approximateReturnedRecordCount: z.int().optional().catch(undefined),
  isRecordCountLimitExceeded: z.boolean().optional().catch(undefined),
});

function statusOf(found: z.output<typeof query>): QueryStatus {
  return {
    state: stateOf(found.status?.toLowerCase() ?? ''),
    records: found.approximateReturnedRecordCount,
    isCutShort: found.isRecordCountLimitExceeded === true,
  };
}

/** A status that is added later counts as waiting, until the backfill gives up on the query. */
function stateOf(status: string): QueryStatus['state'] {
  if (status === 'succeeded') return 'succeeded';
  return status === 'failed' || status.startsWith('cancel') ? 'failed' : 'waiting';
}

function goneOrThrow(refusal: UpstreamError): QueryStatus {
  if (refusal.action !== 'gone') throw refusal;
  return { state: 'gone', isCutShort: false };
}

/** One without an ID would be counted differently each time, so it fails the page. */
const row = z.object({ id: z.string(), auditData: z.unknown() });

function pageOf(page: {
  readonly value: readonly z.output<typeof row>[];
  readonly '@odata.nextLink'?: string | undefined;
}): FoundPage {
  const rows = page.value.map(({ id, auditData }) => ({ id, fields: fieldsOf(auditData) }));
  return { rows, next: page['@odata.nextLink'] };
}

function fieldsOf(auditData: unknown): JsonObject | undefined {
  const fields = withoutTypes(auditData);
  return isObject(fields) ? fields : undefined;
}

const refusalBody = z.object({ error: z.object({ code: z.string(), message: z.string().optional() }) });

function classifyError({ status, body, retryAfterMs }: Refusal): UpstreamError {
  if (body.includes('AuditingDisabledTenant')) {
    const options = { cure: 'Turn auditing on: start an enablement.' };
    return new UpstreamError('fail', 'AuditingDisabledTenant', 'Auditing is off in this tenant.', options);
  }
  const code = parseRefusal(refusalBody, body)?.error.code ?? `HTTP${status}`;
  if (status === 403) return new UpstreamError('fail', code, notAllowed, { cure: grantIt });
  const action = status === 404 || status === 410 ? 'gone' : actionOfStatus(status);
  return new UpstreamError(action, code, `Microsoft Graph answered ${status} ${code}.`, { retryAfterMs });
}

const permission = 'AuditLogsQuery.Read.All';

/** There is a permission for each workload as well. With these, searches leave out the others, and do not say so. */
function requireAllWorkloads(roles: readonly string[]): void {
  if (roles.includes(permission)) return;
  throw new UpstreamError('fail', 'AuditLogsQueryPartial', notAllWorkloads, { cure: grantIt });
}

const notAllWorkloads = 'The application may search the audit log of some workloads of this tenant only.';
const notAllowed = 'The application may not search the audit log of this tenant.';
const grantIt = `Run \`npm run register-app -- --backfill\`, which requests ${permission}, then have an administrator of the tenant open a consent link.`;
