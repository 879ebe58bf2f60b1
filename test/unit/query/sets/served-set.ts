/** The routes of sets of tenants over HTTP, with many tenants in memory. */
import { randomBytes } from 'node:crypto';
import { HttpRequest, InvocationContext } from '@azure/functions';
import * as z from 'zod';
import { listPosturesHandler } from '../../../../functions/enablement/list-postures.ts';
import { listIngestionHandler } from '../../../../functions/ingestion/list-ingestion.ts';
import { listRecordsOfTenantsHandler } from '../../../../functions/records/list-records-of-tenants.ts';
import { listRoleHoldersOfTenantsHandler } from '../../../../functions/tenants/role-holders.ts';
import { createAccess } from '../../../../shared/access/access.ts';
import { newApiKey } from '../../../../shared/access/api-keys.ts';
import type { RecordIndex } from '../../../../shared/index/record-index.ts';
import { readCompleteness } from '../../../../shared/query/completeness.ts';
import { createPageTokens } from '../../../../shared/query/page-tokens.ts';
import { createSkipTokens } from '../../../../shared/query/skip-token.ts';
import { createSetTokens } from '../../../../shared/query/sets/set-token.ts';
import type { StoredTenant, Tenant } from '../../../../shared/tenants/tenant.ts';
import { plainAccess } from '../../../support/access-defaults.ts';
import { createClock } from '../../../support/clock.ts';
import { expectDescribedInit } from '../../../support/described-handler.ts';
import { createFakeApiKeyStore } from '../../../support/fakes/api-key-store.ts';
import { createFakeLandingStore } from '../../../support/fakes/landing-store.ts';
import { createFakeLedger } from '../../../support/fakes/ledger.ts';
import { createFakeMailboxNameStore } from '../../../support/fakes/mailbox-name-store.ts';
import { createFakePageTokenStore } from '../../../support/fakes/page-token-store.ts';
import { createFakePostureStore } from '../../../support/fakes/posture-store.ts';
import { createFakeRawStore } from '../../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../../support/fakes/record-index.ts';
import { createFakeRoleHolderStore } from '../../../support/fakes/role-holder-store.ts';
import { createFakeTenantStore } from '../../../support/fakes/tenant-store.ts';
import { createNameDirectory } from '../../../../shared/tenants/name-directory.ts';
import { createFakeHttpDeps } from '../../../support/http-deps.ts';
import { served } from '../../../support/served.ts';

const handlers = {
  records: listRecordsOfTenantsHandler,
  postures: listPosturesHandler,
  roleHolders: listRoleHoldersOfTenantsHandler,
  ingestion: listIngestionHandler,
};

const pageSchema = z.looseObject({
  value: z.array(z.looseObject({ tenantId: z.string(), tenantDisplayName: z.string().optional() })),
  nextLink: z.string().optional(),
  tenants: z.array(z.looseObject({ tenantId: z.string() })).default([]),
});
export type Page = z.output<typeof pageSchema>;

export const root = 'https://auditkeep.example/api';

export function createServedSet(tenants: readonly Tenant[], index: RecordIndex = createFakeRecordIndex()) {
  const [clock, ledger, landings] = [createClock(), createFakeLedger(), createFakeLandingStore()];
  const [store, keys] = [createFakeTenantStore(tenants), createFakeApiKeyStore()];
  const { now } = clock;
  const base = { telemetry: () => undefined, now };
  const [roleHolders, mailboxNames] = [createFakeRoleHolderStore(), createFakeMailboxNameStore()];
  const signing = [randomBytes(32)] as const;
  const tokens = { store: createFakePageTokenStore(), now };
  const http = createFakeHttpDeps(now);
  const counts = { completeness: 0, postures: 0 };
  const postures = createFakePostureStore();
  const deps = {
    ...http,
    ...base,
    index,
    roleHolders,
    postures: {
      ...postures,
      list: (tenantId: string, top: number) => {
        counts.postures++;
        return postures.list(tenantId, top);
      },
    },
    raw: createFakeRawStore(),
    access: createAccess({ ...plainAccess, ...base, keys, tenants: store }),
    names: createNameDirectory({ roleHolders, mailboxNames, now }),
    completeness: (tenant: StoredTenant) => {
      counts.completeness++;
      return readCompleteness({ ledger, landings }, tenant);
    },
    pageTokens: createPageTokens({ ...tokens, skipTokens: createSkipTokens(signing, now) }),
    setTokens: createPageTokens({ ...tokens, skipTokens: createSetTokens(signing, now) }),
  };
  const keyFor = async (set: string): Promise<string> => {
    const { key, text } = newApiKey({ name: 'Partner', tenants: set, scopes: ['records.read'] }, now());
    await keys.create(key);
    return text;
  };
  /** @param address with its query, absolute or after the name of a route */
  const ask = async (name: keyof typeof handlers, address: string, key: string) => {
    const options = served(deps, handlers[name]);
    const url = address.startsWith('http') ? address : `${root}/${options.route}${address}`;
    const query = Object.fromEntries(new URL(url).searchParams);
    const request = new HttpRequest({ method: 'GET', url, headers: { 'x-api-key': key }, query });
    const answer = await options.handler(request, new InvocationContext({ logHandler: () => undefined }));
    await expectDescribedInit(request, answer);
    return z
      .object({ status: z.number().default(200), jsonBody: z.unknown() })
      .transform(({ status, jsonBody }) => ({
        status,
        body: JSON.parse(JSON.stringify(jsonBody)) as unknown,
      }))
      .parse(answer);
  };
  const page = async (...asked: Parameters<typeof ask>): Promise<Page> =>
    pageSchema.parse((await ask(...asked)).body);
  /** @param between called after each page that has a next one */
  const pages = async (
    name: keyof typeof handlers,
    query: string,
    key: string,
    between?: (page: number) => Promise<void> | void,
  ): Promise<readonly Page[]> => {
    const all: Page[] = [];
    for (let address: string | undefined = query; address !== undefined;) {
      const one = await page(name, address, key);
      all.push(one);
      address = one.nextLink;
      if (address !== undefined) await between?.(all.length);
      if (all.length > 200) throw new Error('There are pages without an end.');
    }
    return all;
  };
  /** Tenants that the access log names since the last call. */
  let logged = 0;
  const loggedTenants = () => {
    const { entries } = http.accessLog;
    const added = entries.slice(logged).map(({ tenantId }) => tenantId);
    logged = entries.length;
    return added;
  };
  return { clock, ledger, store, counts, roleHolders, postures, keyFor, ask, page, pages, loggedTenants };
}
