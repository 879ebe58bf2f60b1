/** What is known about the ingestion of a tenant, over HTTP, with the ledger and landings in memory. */
import { HttpRequest, InvocationContext } from '@azure/functions';
import * as z from 'zod';
import { listGapsHandler } from '../../../functions/ingestion/gaps.ts';
import { getEvidenceHandler } from '../../../functions/ingestion/get-evidence.ts';
import { getIngestionHandler } from '../../../functions/ingestion/get-ingestion.ts';
import { listIngestionHandler } from '../../../functions/ingestion/list-ingestion.ts';
import { listLedgerEntriesHandler } from '../../../functions/ingestion/ledger.ts';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey, type Scope } from '../../../shared/access/api-keys.ts';
import { createCompletenessReader } from '../../../shared/query/completeness.ts';
import { createPageTokens } from '../../../shared/query/page-tokens.ts';
import { createSetTokens } from '../../../shared/query/sets/set-token.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { createClock } from '../../support/clock.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeCheckpointStore } from '../../support/fakes/checkpoint-store.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { createFakePageTokenStore } from '../../support/fakes/page-token-store.ts';
import { createFakeStatementStore } from '../../support/fakes/statement-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults, type Faults } from '../../support/faults.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { served } from '../../support/served.ts';
import { fabrikamId, tenantNamed } from '../../support/tenants.ts';

const handlers = {
  ingestion: getIngestionHandler,
  gaps: listGapsHandler,
  ledger: listLedgerEntriesHandler,
  ingestionOfTenants: listIngestionHandler,
  evidence: getEvidenceHandler,
};

/** As it is sent: without members that are undefined. */
const sentSchema = z.unknown().transform((body): unknown => JSON.parse(JSON.stringify(body)));
const answerSchema = z.object({ status: z.number().default(200), jsonBody: sentSchema });

interface IngestionWorldOptions {
  readonly tenant?: Partial<Tenant>;
  readonly others?: readonly Tenant[];
  /** Of the key that asks. */
  readonly tenants?: string | undefined;
  readonly scopes?: readonly Scope[];
  readonly faults?: Faults;
}

export async function createIngestionWorld({
  tenant: changes = {},
  others = [],
  tenants: visible = '*',
  scopes = ['records.read'],
  faults = createFaults(),
}: IngestionWorldOptions = {}) {
  const [clock, ledger, landings] = [createClock(), createFakeLedger(), createFakeLandingStore()];
  const tenant = tenantNamed('Fabrikam', { tenantId: fabrikamId, ...changes });
  const [tenants, keys] = [createFakeTenantStore([tenant, ...others]), createFakeApiKeyStore()];
  const base = { telemetry: () => undefined, now: clock.now };
  const access = createAccess({ ...plainAccess, ...base, keys, tenants });
  const checkpoints = createFakeCheckpointStore(clock.now);
  const statements = createFakeStatementStore();
  const storage = {
    statements,
    checkpoints: faults.inject('checkpoints', checkpoints),
    ledger: faults.inject('ledger', ledger),
    landings: faults.inject('landings', landings),
  };
  const completeness = createCompletenessReader(storage);
  const setTokens = createPageTokens({
    skipTokens: createSetTokens([Buffer.alloc(32, 1)], clock.now),
    store: createFakePageTokenStore(),
    now: clock.now,
  });
  const http = { ...createFakeHttpDeps(clock.now), access, setTokens };
  const deps = { ...http, ...base, ...storage, tenants, completeness };
  const { key, text } = newApiKey({ name: 'Partner', tenants: visible, scopes }, clock.now());
  await keys.create(key);
  /** @param query with its question mark */
  const ask = async (
    name: keyof typeof handlers,
    query = '',
    sent: Readonly<Record<string, string>> = {},
  ) => {
    const options = served(deps, handlers[name]);
    const path = options.route.replace('{tenantId}', fabrikamId);
    const url = `https://auditkeep.example/api/${path}${query}`;
    const request = new HttpRequest({
      ...{ method: 'GET', url, headers: { 'x-api-key': text, ...sent }, params: { tenantId: fabrikamId } },
      query: Object.fromEntries(new URL(url).searchParams),
    });
    const answer = await options.handler(request, new InvocationContext({ logHandler: () => undefined }));
    await expectDescribedInit(request, answer);
    return answer;
  };
  const get = async (name: keyof typeof handlers, query?: string) =>
    answerSchema.parse(await ask(name, query));
  return { clock, ledger, landings, checkpoints, statements, tenantId: fabrikamId, get, ask };
}
