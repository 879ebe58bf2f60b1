/** The deployed app, configured for Partner Center, onboards a customer without a link over HTTP. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inventedRefreshToken } from '../../simulator/partner/relationships.ts';
import { inventedIdentity } from '../../simulator/simulator.ts';
import { startDeployedApp, type DeployedApp } from '../deployed/deployed-app.ts';

let app: DeployedApp;
const tenantId = randomUUID();
const domain = 'fabrikam.example';

beforeAll(async () => {
  const env = {
    AUDITKEEP_PUBLISHER_ID: inventedIdentity.homeTenantId,
    AUDITKEEP_PARTNER_REFRESH_TOKEN: inventedRefreshToken,
  };
  app = await startDeployedApp({ startMs: 0, env });
  app.simulator.addTenant({
    ...{ tenantId, domain, displayName: 'Fabrikam', auditingEnabled: true, consented: false, records: [] },
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
  });
  app.simulator.partner.relate(tenantId);
}, 180_000);

afterAll(() => app.stop());

const json = async (address: string, body?: unknown): Promise<unknown> => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return await (await app.ask(address, init)).json();
};

describe('the deployed app of a partner', () => {
  it('lists a customer, registers it, consents by the relationship, and collects', async () => {
    expect(await json('customers')).toEqual({
      value: [{ tenantId, displayName: 'Fabrikam', domain, registered: false }],
    });
    expect(await json('tenants', { tenantId })).toMatchObject({ state: 'PendingConsent' });
    const consent = await json(`tenants/${tenantId}/consents`, {});
    expect(consent).toMatchObject({ tenant: { tenantId, state: 'Active' } });
    expect(JSON.stringify(consent)).not.toContain(inventedRefreshToken);
    expect(await json('customers')).toMatchObject({ value: [{ registered: true, state: 'Active' }] });
    const { consent: links = 0, start = 0 } =
      app.simulator.counters.snapshot().requestsByTenant[tenantId] ?? {};
    expect({ links, isSubscribed: start > 0 }).toEqual({ links: 0, isSubscribed: true });
  });
});
