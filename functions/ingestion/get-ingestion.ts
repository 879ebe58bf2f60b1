/** The state of ingestion: what was collected, what is pending, what is permanently lost. */
import * as api from '../../shared/api/tenants.ts';
import { handler } from '../../shared/http/handler.ts';
import type { LandingStore } from '../../shared/landing/landing.ts';
import { rejectedContents } from '../../shared/landing/rejected-content.ts';
import {
  readCompleteness,
  type Completeness,
  type CompletenessDeps,
} from '../../shared/query/completeness.ts';

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
    const since = new Date(deps.now().getTime() - totalDays * 24 * 60 * 60_000);
    const [completeness, totals] = await Promise.all([
      readCompleteness(deps, tenant),
      deps.landings.totals(tenantId, since),
    ]);
    return reply(200, {
      tenantId,
      ...stateOf(completeness),
      totalsSinceDateTime: since.toISOString(),
      ...totals,
    });
  },
);

function stateOf(completeness: Completeness) {
  const { completeThrough, contentTypes, open, gaps, unindexedLandings, recordsIndexing } = completeness;
  const rejected = open.filter((row) => row.state === 'rejected').length;
  const allRejected = rejectedContents(open, gaps);
  return {
    idle: open.length === rejected && unindexedLandings === 0 && completeThrough !== undefined,
    completeThrough: completeThrough?.toISOString(),
    contentTypes: contentTypes.map((type) => ({
      contentType: type.contentType,
      collectedFromDateTime: type.collectedFrom?.toISOString(),
      listedThrough: type.listedThrough?.toISOString(),
      completeThrough: type.completeThrough?.toISOString(),
    })),
    pending: open.length - rejected,
    rejected: allRejected.length,
    rejectedParts: allRejected.reduce((sum, { receipt }) => sum + (receipt?.faults ?? 0), 0),
    unindexedLandings,
    recordsIndexing,
    gaps: gaps.length,
  };
}
