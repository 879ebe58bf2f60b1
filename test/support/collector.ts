/** A separate process that polls with the real adapters: Node reads NODE_EXTRA_CA_CERTS only when it starts. */
import { createRawStore } from '../../shared/adapters/blobs/raw-store.ts';
import { createTokenProvider } from '../../shared/adapters/entra/token-provider.ts';
import { createActivityFeed } from '../../shared/adapters/management-api/activity-feed.ts';
import { createWorkQueues } from '../../shared/adapters/queues/work-queues.ts';
import { createLandingStore } from '../../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../../shared/adapters/tables/ledger-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { startBudget } from '../../shared/budget.ts';
import type { UpstreamError } from '../../shared/errors.ts';
import { pollTenant, type PollOutcome } from '../../shared/landing/poll-tenant.ts';
import { minuteMs } from './clock.ts';
import { pollJobSchema, type Answer, type PollJob, type PollReport } from './collector-messages.ts';
import { tenantNamed } from './tenants.ts';

/** Retries follow each other quickly here. */
const retryBaseMs = 5;

function createFeed({ baseUrl, clientId, clientSecret, publisherId }: PollJob) {
  const credential = { kind: 'secret', clientId, clientSecret } as const;
  const tokens = createTokenProvider({ credential, authorityUrl: baseUrl });
  return createActivityFeed({
    ...{ tokens, publisherId, retryBaseMs, activityApiUrl: baseUrl },
    ...{ requestsPerMinute: 10_000, maxSockets: 8 },
  });
}

async function poll(job: PollJob): Promise<PollReport> {
  const storage = { kind: 'connectionString', connectionString: job.connectionString } as const;
  const tables = createTables(storage);
  const now = () => new Date(Date.now() + job.clockOffsetMs);
  const { settleMs, maxBufferedBytes, maxLandingBytes, tenantId, contentTypes, reconcile } = job;
  const deps = {
    ...{ now, settleMs, fetchConcurrency: 4, telemetry: () => undefined },
    ...{ feed: createFeed(job), raw: createRawStore(storage), queues: createWorkQueues(storage) },
    ...{ ledger: createLedger(tables), landings: createLandingStore(tables) },
    limits: { maxBufferedBytes, maxLandingBytes, maxLandingContents: 500 },
  };
  const tenant = tenantNamed('Fabrikam', { tenantId, contentTypes });
  return reportOf(await pollTenant(deps, tenant, { budget: startBudget(minuteMs, now), reconcile }));
}

function reportOf({ errors, pause, ...counts }: PollOutcome): PollReport {
  const refusalOf = ({ code, action }: UpstreamError) => ({ code, action });
  return {
    ...counts,
    errors: Object.fromEntries([...errors].map(([contentType, error]) => [contentType, refusalOf(error)])),
    ...(pause === undefined ? {} : { pause: { ...refusalOf(pause), retryAfterMs: pause.retryAfterMs } }),
  };
}

async function answer(job: PollJob): Promise<Answer> {
  try {
    return { id: job.id, report: await poll(job) };
  } catch (error) {
    return { id: job.id, failure: String(error) };
  }
}

process.on('message', (message) => {
  void answer(pollJobSchema.parse(message)).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
