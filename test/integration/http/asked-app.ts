/** The whole app with tenants, asked with the keys of a partner and of a customer. */
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { parseJson } from '../../../shared/json.ts';
import { dayMs } from '../../support/clock.ts';
import { expectDescribedResponse } from '../../support/described.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { issueKey } from '../access/credentials.ts';
import { startWholeApp } from '../access/whole-app.ts';

export type AskedApp = Awaited<ReturnType<typeof startAskedApp>>;

export interface Asking {
  /** @default GET, or POST with a body */
  readonly method?: string;
  readonly body?: object;
  /** @default that of {@link AskedApp.keys} for everything */
  readonly key?: string | undefined;
}

/** @param count of tenants, none of which is polled meanwhile */
export async function startAskedApp(count: number) {
  const app = await startWholeApp();
  const tables = createTables({ kind: 'connectionString', connectionString: app.connectionString });
  const poll = { nextPollAt: new Date(Date.now() + dayMs), quietPolls: 0 };
  const tenants = Array.from({ length: count }, (_, at) => tenantNamed(`Customer ${at + 1}`, { poll }));
  const [store, keys] = [createTenantStore(tables), createApiKeyStore(tables)];
  for (const tenant of tenants) await store.create(tenant);
  const tenantIds = tenants.map(({ tenantId }) => tenantId);
  const everything = await issueKey({ keys }, '*');
  const respond = async (path: string, { key = everything, body, ...asking }: Asking = {}) => {
    const method = asking.method ?? (body === undefined ? 'GET' : 'POST');
    const content = body && { body: JSON.stringify(body) };
    const headers = { 'x-api-key': key, ...(body && { 'content-type': 'application/json' }) };
    const response = await fetch(new URL(path, `${app.baseUrl}/`), { method, headers, ...content });
    await expectDescribedResponse(method, response);
    return response;
  };
  return {
    ...{ tables, tenantIds, stop: app.stop },
    keys: {
      everything,
      reading: await issueKey({ keys }, '*', { scopes: ['records.read'] }),
      managing: await issueKey({ keys }, '*', { scopes: ['tenants.manage'] }),
      /** Of the first tenant, with all scopes. */
      customer: await issueKey({ keys }, tenantIds[0] ?? ''),
      none: await issueKey({ keys }, '*', { scopes: [] }),
    },
    /** @param tenants a set of them */
    issueKey: (set: string) => issueKey({ keys }, set),
    ask: async (path: string, asking?: Asking) => {
      const response = await respond(path, asking);
      const { status, headers } = response;
      return { status, headers, body: parseJson(await response.text()) };
    },
    /** For what imports and other helpers ask, with everything. */
    fetch: (path: string, { method, body }: RequestInit = {}) =>
      fetch(new URL(path, `${app.baseUrl}/`), {
        headers: {
          'x-api-key': everything,
          ...(typeof body === 'string' && { 'content-type': 'application/json' }),
        },
        ...(method !== undefined && { method }),
        ...(body !== undefined && body !== null && { body }),
      }),
  };
}

/** What a refusal is: its status, its code, and what it is about. */
export function refusal(status: number, code: string, target?: string): object {
  return { status, body: { error: { code, ...(target !== undefined && { target }) } } };
}
