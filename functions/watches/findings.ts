/** Findings: what watches found. */
import type { Access } from '../../shared/access/access.ts';
import { tenantsIn } from '../../shared/access/open-tenants.ts';
import * as api from '../../shared/api/findings.ts';
import { changeFinding, type ChangeFindingDeps } from '../../shared/detection/change-finding.ts';
import { findFinding, type FindingStore } from '../../shared/detection/finding.ts';
import { listFindings } from '../../shared/detection/list-findings.ts';
import { severitiesFrom } from '../../shared/detection/severity.ts';
import { publicFinding } from '../../shared/detection/public-finding.ts';
import { handler } from '../../shared/http/handler.ts';
import { continuedAfter, positionIn } from '../../shared/http/positions.ts';

interface ListDeps {
  readonly access: Pick<Access, 'openTenant' | 'visibleTenants' | 'open'>;
  readonly findings: Pick<FindingStore, 'list'>;
}

const position = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const listFindingsHandler = handler(
  api.listFindings,
  async ({ access, findings: store }: ListDeps, { request, caller, query, reply }) => {
    const { tenants: terms, state, severity, watchId, skiptoken, ...rest } = query;
    const tenants = await tenantsIn(access, caller, terms, 'records.read');
    const names = new Map(tenants.map(({ tenantId, displayName }) => [tenantId, displayName]));
    const after = positionIn(skiptoken, position);
    const states = state && [state];
    const severities = severity && severitiesFrom(severity);
    const wanted = { ...rest, states, severities, watchId: watchId?.toLowerCase(), after };
    const { findings, next } = await listFindings(store, [...names.keys()], wanted);
    access.open(caller, [...new Set(findings.map(({ tenantId }) => tenantId))]);
    const value = findings.map((one) => publicFinding(one, names.get(one.tenantId) ?? one.tenantId));
    return reply(200, { value, nextLink: next && continuedAfter(request.url, next) });
  },
);

export const getFindingHandler = handler(
  api.getFinding,
  async (
    { findings }: { readonly findings: Pick<FindingStore, 'get'> },
    { tenant: { tenantId, displayName }, path, reply },
  ) => reply(200, publicFinding(await findFinding(findings, tenantId, path.findingId), displayName)),
);

export const changeFindingHandler = handler(
  api.changeFinding,
  async (
    deps: ChangeFindingDeps & { readonly now: () => Date },
    { caller, tenant: { tenantId, displayName }, path, body, reply },
  ) => {
    const decision = { ...body, reason: body.reason, changedBy: caller.id, changedDateTime: deps.now() };
    const findingId = path.findingId.toLowerCase();
    const changed = await changeFinding(deps, { tenantId, findingId }, decision);
    return reply(200, publicFinding(changed, displayName));
  },
);
