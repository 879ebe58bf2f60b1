/** Landing, indexing and asking in this process, over real adapters and the storage emulator. */
import { createArrivalLog } from '../../../shared/adapters/tables/arrival-log.ts';
import { createArrivalAnnouncer } from '../../../shared/feed/announce-arrivals.ts';
import { createPacedBody } from '../../../shared/adapters/http/paced-body.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { createRecordPages } from '../../../shared/exports/record-pages.ts';
import { listGapsHandler } from '../../../functions/ingestion/gaps.ts';
import { getIngestionHandler } from '../../../functions/ingestion/get-ingestion.ts';
import { listLedgerEntriesHandler } from '../../../functions/ingestion/ledger.ts';
import { countRecordsHandler } from '../../../functions/records/count-records.ts';
import { getRecordAuditDataHandler, getRecordHandler } from '../../../functions/records/get-record.ts';
import { listRecordsHandler } from '../../../functions/records/list-records.ts';
import { listRecordsOfTenantsHandler } from '../../../functions/records/list-records-of-tenants.ts';
import { getHealthHandler } from '../../../functions/self/description.ts';
import { listRoleHoldersHandler } from '../../../functions/tenants/role-holders.ts';
import { getTenantHandler, listTenantsHandler } from '../../../functions/tenants/tenants.ts';
import { served } from '../../support/served.ts';
import { randomBytes } from 'node:crypto';
import {
  HttpRequest,
  HttpResponse,
  InvocationContext,
  type HttpFunctionOptions,
  type HttpRequestInit,
} from '@azure/functions';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey } from '../../../shared/access/api-keys.ts';
import type { ContentBlob } from '../../../shared/activity/activity-feed.ts';
import { createRawStore } from '../../../shared/adapters/blobs/raw-store.ts';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../../../shared/adapters/tables/ledger-store.ts';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import { createOperationStore } from '../../../shared/adapters/tables/operation-store.ts';
import { removalKind } from '../../../shared/offboarding/removal.ts';
import { createLegalHoldStore } from '../../../shared/adapters/tables/legal-hold-store.ts';
import { createSearchStore } from '../../../shared/adapters/tables/search-store.ts';
import { listRecordsOfSearchHandler } from '../../../functions/triggers/list-records-of-search.ts';
import { createRoleHolderStore } from '../../../shared/adapters/tables/role-holder-store.ts';
import { createTables, type Tables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import type { StorageSettings } from '../../../shared/config.ts';
import type { RecordIndex } from '../../../shared/index/record-index.ts';
import { indexLanding, type IndexDeps } from '../../../shared/index/index-landing.ts';
import { createLandingWriter, stagedPartName } from '../../../shared/landing/landing-writer.ts';
import type { IndexRequest } from '../../../shared/landing/work-queues.ts';
import { defaultLandingLimits, receiveContent } from '../../../shared/landing/receive-content.ts';
import { createCompletenessReader } from '../../../shared/query/completeness.ts';
import { createPageTokens } from '../../../shared/query/page-tokens.ts';
import { createMailboxNameStore } from '../../../shared/adapters/tables/mailbox-name-store.ts';
import { createPageTokenStore } from '../../../shared/adapters/tables/page-token-store.ts';
import { createSkipTokens } from '../../../shared/query/skip-token.ts';
import { createSetTokens } from '../../../shared/query/sets/set-token.ts';
import { expectDescribed } from '../../support/described.ts';
import { createFakeWorkQueues } from '../../support/fakes/work-queues.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { openStorage } from '../../support/run/storage.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { paramsOf } from '../../support/route-params.ts';
import { createPolicyStore } from '../../../shared/adapters/tables/policy-store.ts';
import { createNameDirectory } from '../../../shared/tenants/name-directory.ts';

const baseUrl = 'https://auditkeep.example/api';

/** A content blob with the body that Microsoft sends for it. */
export interface DeliveredContent {
  readonly content: ContentBlob;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type Pipeline = Awaited<ReturnType<typeof startPipeline>>;

/** Over a separate storage account, which {@link Pipeline.stop} empties. */
export async function startPipeline(openIndex: OpenIndex = createRecordIndex) {
  const { connectionString, close } = await openStorage();
  const deps = createDeps(connectionString, openIndex);
  const routes = routesOf(deps);
  const apiKey = await createKey(deps, '*');

  async function get(path: string, { key = apiKey, headers = {} }: Asking = {}): Promise<Answer> {
    const url = new URL(path.startsWith('https:') ? path : `${baseUrl}/${path}`);
    return await answer(routes, url, { 'x-api-key': key, ...headers });
  }

  return {
    ...deps,
    baseUrl: `${baseUrl}/`,
    connectionString,
    stop: close,
    get,
    /** A key with all scopes, for one tenant or `*`. */
    createKey: (tenants: string) => createKey(deps, tenants),
    /** A tenant that Auditkeep knows. */
    async addTenant(displayName: string): Promise<string> {
      const tenant = tenantNamed(displayName);
      await deps.tenants.create(tenant);
      return tenant.tenantId;
    },
    land: (tenantId: string, contents: readonly DeliveredContent[], landedAt: Date) =>
      land(deps, { tenantId, contents, landedAt }),
    indexOne: (request: IndexRequest, other: Partial<IndexDeps> = {}) =>
      indexLanding({ ...deps, ...other }, request),
    /** Lands and indexes. */
    async deliver(tenantId: string, contents: readonly DeliveredContent[], landedAt: Date): Promise<void> {
      const requests = await land(deps, { tenantId, contents, landedAt });
      for (const request of requests) await indexLanding(deps, request);
    },
  };
}

interface Asking {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type OpenIndex = (tables: Tables, storage: StorageSettings) => RecordIndex;

function createDeps(connectionString: string, openIndex: OpenIndex) {
  const storage = { kind: 'connectionString', connectionString } as const;
  const tables = createTables(storage);
  const tenants = createTenantStore(tables);
  const keys = createApiKeyStore(tables);
  const ledger = createLedger(tables);
  const landings = createLandingStore(tables);
  const arrivals = createArrivalLog(tables);
  const now = () => new Date();
  const telemetry = () => undefined;
  const [raw, index] = [createRawStore(storage), openIndex(tables, storage)];
  const [roleHolders, mailboxNames] = [createRoleHolderStore(tables), createMailboxNameStore(tables)];
  return {
    ...createFakeHttpDeps(now),
    ...{ tables, tenants, keys, ledger, landings, arrivals, now, telemetry, raw, index },
    announcer: createArrivalAnnouncer({ arrivals, now }),
    access: createAccess({ ...plainAccess, keys, tenants, telemetry, now }),
    pages: createRecordPages({ index, raw, now }),
    pacedBody: createPacedBody(),
    streamBudgetMs: 60_000,
    publicUrl: undefined,
    ...{ roleHolders, mailboxNames },
    names: createNameDirectory({ roleHolders, mailboxNames, now }),
    searches: createSearchStore(tables),
    policy: createPolicyStore(tables),
    legalHolds: createLegalHoldStore(tables),
    removals: createOperationStore(tables, removalKind),
    completeness: createCompletenessReader({ ledger, landings }),
    pageTokens: createPageTokens({
      skipTokens: createSkipTokens([randomBytes(32)], now),
      store: createPageTokenStore(tables),
      now,
    }),
    setTokens: createPageTokens({
      skipTokens: createSetTokens([randomBytes(32)], now),
      store: createPageTokenStore(tables),
      now,
    }),
    concurrency: 8,
  };
}

type Deps = ReturnType<typeof createDeps>;

async function createKey({ keys }: Deps, tenants: string): Promise<string> {
  const scopes = ['records.read', 'tenants.manage', 'auditing.enable'] as const;
  const { key, text } = newApiKey({ name: 'test', tenants, scopes }, new Date());
  await keys.create(key);
  return text;
}

interface ToLand {
  readonly tenantId: string;
  readonly contents: readonly DeliveredContent[];
  readonly landedAt: Date;
}

/** The index messages of the landings. */
async function land(
  { raw, ledger, landings }: Deps,
  { tenantId, contents, landedAt }: ToLand,
): Promise<readonly IndexRequest[]> {
  const queues = createFakeWorkQueues();
  const limits = defaultLandingLimits;
  const now = () => landedAt;
  const writer = createLandingWriter({ tenantId, raw, queues, ledger, landings, limits, now });
  for (const { content, body } of contents) {
    const received = await receiveContent(piecesOf(body), {
      limits,
      stagePart: (part, gzipped) => raw.stage(stagedPartName(tenantId, content, landedAt, part), gzipped),
      whenLarge: (task) => task(),
    });
    await writer.add({ content, attempts: 1, wasOpen: false, mayHaveGap: false, landedAt, received });
  }
  await writer.flush();
  return queues.indexRequests;
}

async function* piecesOf(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += 65_536) {
    yield await Promise.resolve(body.subarray(at, at + 65_536));
  }
}

function routesOf(deps: Deps): readonly HttpFunctionOptions[] {
  return [
    served(deps, getHealthHandler),
    served(deps, listTenantsHandler),
    served(deps, getTenantHandler),
    served(deps, getIngestionHandler),
    served(deps, listGapsHandler),
    served(deps, listLedgerEntriesHandler),
    served(deps, listRoleHoldersHandler),
    served(deps, listRecordsHandler),
    served(deps, listRecordsOfTenantsHandler),
    served(deps, listRecordsOfSearchHandler),
    served(deps, countRecordsHandler),
    served(deps, getRecordHandler),
    served(deps, getRecordAuditDataHandler),
  ];
}

async function answer(
  routes: readonly HttpFunctionOptions[],
  url: URL,
  headers: HttpRequestInit['headers'] & {},
): Promise<Answer> {
  const path = url.pathname.slice('/api/'.length);
  for (const { route = '', handler } of routes) {
    const params = paramsOf(route, path);
    if (params === undefined) continue;
    const request = new HttpRequest({ method: 'GET', url: url.href, headers, params });
    const context = new InvocationContext({ functionName: route, logHandler: () => undefined });
    const response = new HttpResponse(toInit(await handler(request, context)));
    const body = Buffer.from(await response.arrayBuffer());
    const given = { status: response.status, headers: Object.fromEntries(response.headers), body };
    expectDescribed({ method: 'GET', url, ...given });
    return given;
  }
  throw new Error(`No function answers ${path}.`);
}

type HandlerAnswer = Awaited<ReturnType<HttpFunctionOptions['handler']>>;

function toInit(given: HandlerAnswer): ConstructorParameters<typeof HttpResponse>[0] & {} {
  if (given instanceof HttpResponse) throw new Error('Handlers give plain answers.');
  return given;
}
