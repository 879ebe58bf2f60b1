/** The app's own parts, put together from its settings as its main file does. */
import { createArrivalLog } from '../../../shared/adapters/tables/arrival-log.ts';
import { createArrivalAnnouncer } from '../../../shared/feed/announce-arrivals.ts';
import { createAccess } from '../../../shared/access/access.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { createRawStore } from '../../../shared/adapters/blobs/raw-store.ts';
import { createTokenProvider } from '../../../shared/adapters/entra/token-provider.ts';
import { createExchangeAdmin } from '../../../shared/adapters/exchange/exchange-admin.ts';
import { createActivityFeed } from '../../../shared/adapters/management-api/activity-feed.ts';
import { createWorkQueues } from '../../../shared/adapters/queues/work-queues.ts';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../../../shared/adapters/tables/ledger-store.ts';
import { createOperationStore } from '../../../shared/adapters/tables/operation-store.ts';
import { createPostureStore } from '../../../shared/adapters/tables/posture-store.ts';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { startBudget } from '../../../shared/budget.ts';
import type { Config } from '../../../shared/config.ts';
import { enablementKind } from '../../../shared/enablement/enablement.ts';
import { defaultLandingLimits } from '../../../shared/landing/receive-content.ts';
import { createCompletenessReader } from '../../../shared/query/completeness.ts';
import { createPageTokens } from '../../../shared/query/page-tokens.ts';
import { createPageTokenStore } from '../../../shared/adapters/tables/page-token-store.ts';
import { createSkipTokens } from '../../../shared/query/skip-token.ts';

export type Product = ReturnType<typeof createProduct>;

export function createProduct(config: Config) {
  const now = () => new Date();
  const telemetry = () => undefined;
  const meter = () => undefined;
  const tables = createTables(config.storage);
  const tokens = createTokenProvider({
    credential: config.credential,
    authorityUrl: config.endpoints.authorityUrl,
  });
  const tenants = createTenantStore(tables);
  const ledger = createLedger(tables);
  const landings = createLandingStore(tables);
  const { poll, endpoints, publisherId, requestsPerMinute } = config;
  return {
    ...{ now, telemetry, meter, tables, tokens, tenants, ledger, landings },
    access: createAccess({ ...plainAccess, keys: createApiKeyStore(tables), tenants, telemetry, now }),
    feed: createActivityFeed({
      ...{ tokens, publisherId, requestsPerMinute },
      activityApiUrl: endpoints.activityApiUrl,
      maxSockets: poll.fetchConcurrency * poll.tenantConcurrency,
    }),
    announcer: createArrivalAnnouncer({ arrivals: createArrivalLog(tables), now }),
    enablements: createOperationStore(tables, enablementKind),
    postures: createPostureStore(tables),
    exchange: createExchangeAdmin({ tokens, exchangeUrl: endpoints.exchangeUrl }),
    startBudget,
    budgetMs: config.budgetMs,
    index: createRecordIndex(tables),
    queues: createWorkQueues(config.storage),
    raw: createRawStore(config.storage),
    completeness: createCompletenessReader({ ledger, landings }),
    pageTokens: createPageTokens({
      skipTokens: createSkipTokens(config.signingKeys, now),
      store: createPageTokenStore(tables),
      now,
    }),
    limits: defaultLandingLimits,
    concurrency: config.indexConcurrency,
    ...poll,
  };
}

/** @throws {Error} for storage that is reached by identity: the benchmark runs against the emulator */
export function connectionStringOf({ storage }: Config): string {
  if (storage.kind === 'connectionString') return storage.connectionString;
  throw new Error('The benchmark needs a connection string');
}
