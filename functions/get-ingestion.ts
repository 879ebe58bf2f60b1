/** `GET /tenants/{tenantId}/ingestion`: what was collected, what is waited for, and what can never be had. */
import type { HttpFunctionOptions } from '@azure/functions';
import type { LandingStore } from '../shared/landing/landing.ts';
import { readCompleteness, type Completeness, type CompletenessDeps } from '../shared/query/completeness.ts';
import type { StoredTenant } from '../shared/tenants/tenant.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export interface IngestionDeps extends HttpDeps, CompletenessDeps {
  readonly landings: LandingStore;
  readonly now: () => Date;
}

/** Totals cover this many days of landings. */
const totalDays = 30;

export function getIngestionFunction(deps: IngestionDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/ingestion',
    async handler({ request, caller }) {
      const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
      const since = new Date(deps.now().getTime() - totalDays * 24 * 60 * 60_000);
      const [completeness, totals] = await Promise.all([
        readCompleteness(deps, tenant),
        deps.landings.totals(tenant.tenantId, since),
      ]);
      return { jsonBody: { ...describe(tenant, completeness), totalsSince: since.toISOString(), ...totals } };
    },
  });
}

function describe(tenant: StoredTenant, completeness: Completeness) {
  const { completeThrough, contentTypes, open, gaps, unindexedLandings } = completeness;
  const rejected = open.filter((row) => row.state === 'rejected').length;
  const lostAsRejected = gaps.filter((gap) => gap.reason === 'contentRejected').length;
  return {
    tenantId: tenant.tenantId,
    /** Everything listed so far is indexed, and every content type has been listed. */
    idle: open.length === rejected && unindexedLandings === 0 && completeThrough !== undefined,
    completeThrough: completeThrough?.toISOString(),
    contentTypes: contentTypes.map((type) => ({
      contentType: type.contentType,
      listedThrough: type.listedThrough?.toISOString(),
      completeThrough: type.completeThrough?.toISOString(),
    })),
    pending: open.length - rejected,
    rejected: rejected + lostAsRejected,
    unindexedLandings,
    gaps: gaps.length,
  };
}
