/** The state of ingestion: what was collected, what is pending, what is permanently lost. */
import * as api from '../../shared/api/tenants.ts';
import { handler } from '../../shared/http/handler.ts';
import type { LandingStore } from '../../shared/landing/landing.ts';
import { readCompleteness, type CompletenessDeps } from '../../shared/query/completeness.ts';
import { publicIngestion } from '../../shared/query/public-ingestion.ts';

interface IngestionDeps extends CompletenessDeps {
  readonly landings: LandingStore;
  readonly now: () => Date;
}

/** Totals cover this many days of landings. */
const totalDays = 30;

export const getIngestionHandler = handler(
  api.getIngestion,
  async (deps: IngestionDeps, { tenant, reply }) => {
    const { tenantId } = tenant;
    const now = deps.now();
    const since = new Date(now.getTime() - totalDays * 24 * 60 * 60_000);
    // In this order: when nothing is left, everything must be counted.
    const completeness = await readCompleteness(deps, tenant);
    const totals = await deps.landings.totals(tenantId, since);
    return reply(200, {
      tenantId,
      ...publicIngestion(completeness, tenant, now),
      retainedFromDateTime: completeness.retainedFrom?.toISOString(),
      totalsSinceDateTime: since.toISOString(),
      ...totals,
    });
  },
);
