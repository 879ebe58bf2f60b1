/** A separate process that enables with the real adapters: Node reads NODE_EXTRA_CA_CERTS only when it starts. */
import { createTokenProvider } from '../../shared/adapters/entra/token-provider.ts';
import { createExchangeAdmin } from '../../shared/adapters/exchange/exchange-admin.ts';
import { createActivityFeed } from '../../shared/adapters/management-api/activity-feed.ts';
import { createOperationStore } from '../../shared/adapters/tables/operation-store.ts';
import { createPostureStore } from '../../shared/adapters/tables/posture-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../shared/adapters/tables/tenant-store.ts';
import { startBudget } from '../../shared/budget.ts';
import { checkPosture } from '../../shared/enablement/check-posture.ts';
import { enablementKind } from '../../shared/enablement/enablement.ts';
import { enablementWork } from '../../shared/enablement/enablement-work.ts';
import type { OperationMessage } from '../../shared/operations/operation.ts';
import { runOperation } from '../../shared/operations/run-operation.ts';
import {
  enablerJobSchema,
  type EnablerAnswer,
  type EnablerJob,
  type EnablerReport,
} from './enabler-messages.ts';

/** Retries follow each other quickly here. */
const retryBaseMs = 5;

function createAdapters({ baseUrl, clientId, clientSecret, publisherId }: EnablerJob) {
  const credential = { kind: 'secret', clientId, clientSecret } as const;
  const tokens = createTokenProvider({ credential, authorityUrl: baseUrl });
  return {
    exchange: createExchangeAdmin({ tokens, retryBaseMs, exchangeUrl: baseUrl }),
    feed: createActivityFeed({
      ...{ tokens, publisherId, retryBaseMs, activityApiUrl: baseUrl },
      ...{ requestsPerMinute: 10_000, maxSockets: 8 },
    }),
  };
}

/** Records events and messages instead of sending them. */
function createReport() {
  const report: EnablerReport = { messages: [], polls: 0, events: [] };
  return {
    report,
    telemetry: (event: string, fields: Readonly<Record<string, unknown>>) => {
      report.events.push({ event, fields: { ...fields } });
    },
    queues: {
      requestIndexing: () => Promise.resolve(),
      requestPoll: async () => {
        report.polls += 1;
        await Promise.resolve();
      },
      requestTenantCheck: () => Promise.resolve(),
      requestMatter: () => Promise.resolve(),
      requestOperationRun: async ({ id, after }: OperationMessage, delayMs: number) => {
        report.messages.push({ id, after, delayMs });
        await Promise.resolve();
      },
    },
  };
}

async function carryOut(job: EnablerJob): Promise<EnablerReport> {
  const tables = createTables({ kind: 'connectionString', connectionString: job.connectionString });
  const { report, ...reporting } = createReport();
  const deps = {
    ...createAdapters(job),
    ...reporting,
    now: () => new Date(Date.now() + job.clockOffsetMs),
    tenants: createTenantStore(tables),
    enablements: createOperationStore(tables, enablementKind),
    postures: createPostureStore(tables),
  };
  const { tenantId, work } = job;
  if (work === 'check') {
    const tenant = await deps.tenants.get(tenantId);
    if (tenant !== undefined) await checkPosture(deps, tenant);
  } else {
    const message = { version: 1, kind: 'enablements', tenantId, ...work } as const;
    await runOperation(deps, enablementWork(deps), { message, budget: startBudget(job.budgetMs) });
  }
  return report;
}

async function answer(job: EnablerJob): Promise<EnablerAnswer> {
  try {
    return { id: job.id, report: await carryOut(job) };
  } catch (error) {
    return { id: job.id, failure: String(error) };
  }
}

process.on('message', (message) => {
  void answer(enablerJobSchema.parse(message)).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
