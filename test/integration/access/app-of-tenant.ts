/** The whole app with one tenant, which is not polled meanwhile, and two keys for it. */
import type { Scope } from '../../../shared/access/api-keys.ts';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { issueKey } from './credentials.ts';
import { startWholeApp } from './whole-app.ts';

/** @param scopes of the second key; the first has all */
export async function startAppOfTenant(scopes: readonly Scope[]) {
  const app = await startWholeApp();
  const tables = createTables({ kind: 'connectionString', connectionString: app.connectionString });
  const notYet = { nextPollAt: new Date(Date.now() + 24 * 60 * 60_000), quietPolls: 0 };
  const tenant = tenantNamed('Contoso', { poll: notYet });
  await createTenantStore(tables).create(tenant);
  const { tenantId } = tenant;
  const keys = createApiKeyStore(tables);
  const key = await issueKey({ keys }, tenantId);
  const readKey = await issueKey({ keys }, tenantId, { scopes });
  return { app, tables, tenantId, key, readKey };
}
