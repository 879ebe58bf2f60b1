/** A simulated tenant that starts without consent, and the effect of consent. */

import axios from 'axios';
import { decodeJwt } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { SimulatedTenant } from '../../simulator/tenant.ts';
import { anchorOf, commandOf, diagnosticsOf, exchangeScope } from './exchange-client.ts';
import {
  activityScope,
  adatum,
  fabrikam,
  graphScope,
  json,
  startClient,
  tenantOf,
  type HttpResponse,
  type SimulatorClient,
} from './simulator-client.ts';

const exchangeAdministrator = '29232cdf-9323-42fd-ade2-1d097af3e4de';
const collectionSchema = z.object({ value: z.array(z.record(z.string(), z.unknown())) });
const signInErrorSchema = z.object({ error_codes: z.tuple([z.int()]) });

let client: SimulatorClient;

afterEach(() => client.stop());

const start = async (changes: Partial<SimulatedTenant> = {}): Promise<void> => {
  client = await startClient({ tenants: [tenantOf(fabrikam, { consented: false, ...changes })] });
};

const consent = async (tenantId = fabrikam): Promise<void> => {
  const { baseUrl, clientId } = client.simulator;
  const query = new URLSearchParams({ client_id: clientId, redirect_uri: 'https://auditkeep.example/' });
  const { status } = await axios.get(`${baseUrl}/${tenantId}/v2.0/adminconsent?${query.toString()}`, {
    ...{ httpsAgent: client.agent, proxy: false, maxRedirects: 0, validateStatus: () => true },
  });
  if (status !== 302) throw new Error(`The answer is ${status}.`);
};

/** The AADSTS number with which sign-in is refused. */
const askForToken = async (tenantId = fabrikam): Promise<number> => {
  const form = {
    client_id: client.simulator.clientId,
    client_secret: client.simulator.clientSecret,
    grant_type: 'client_credentials',
    scope: activityScope,
  };
  return signInErrorSchema.parse(json(await client.requestToken(tenantId, form))).error_codes[0];
};

const rolesAt = async (scope: string): Promise<unknown> =>
  decodeJwt(await client.token(fabrikam, scope))['roles'];

const readOrganization = async (): Promise<HttpResponse> =>
  axios.post<string>(
    `${client.simulator.baseUrl}/adminapi/beta/${fabrikam}/InvokeCommand`,
    commandOf('Get-OrganizationConfig', {}),
    {
      headers: {
        Authorization: `Bearer ${await client.token(fabrikam, exchangeScope)}`,
        'X-AnchorMailbox': anchorOf(fabrikam),
      },
      ...{ httpsAgent: client.agent, proxy: false, responseType: 'text', validateStatus: () => true },
      transformResponse: (data: unknown) => data,
    },
  );

const askGraph = async (path: string, token: string) =>
  collectionSchema.parse(json(await client.get(`/v1.0/${path}`, { token }))).value;

const ourPrincipal = (token: string) =>
  askGraph(`servicePrincipals?$filter=appId eq '${client.simulator.clientId}'`, token);

const rolesOf = async (principalId: unknown, token: string) => {
  const filter = `principalId eq '${String(principalId)}'`;
  const assignments = await askGraph(`roleManagement/directory/roleAssignments?$filter=${filter}`, token);
  return assignments.map(({ roleDefinitionId }) => roleDefinitionId);
};

describe('a tenant without consent', () => {
  it('refuses sign-in, because there is no service principal', async () => {
    await start();
    expect(await askForToken()).toBe(7000229);
    const roles = ['Directory.Read.All'];
    const audience = 'https://graph.microsoft.com';
    const token = await client.simulator.mintToken({ tenantId: fabrikam, audience, roles });
    expect(await ourPrincipal(token)).toEqual([]);
  });

  it('can be added through the control port', async () => {
    await start();
    const tenant = { tenantId: adatum, domain: 'adatum.example', consented: false };
    await axios.post(`${client.simulator.controlUrl}/tenants`, tenant, { proxy: false });
    expect(await askForToken(adatum)).toBe(7000229);
  });
});

describe('consent', () => {
  it('grants every application role, and the Exchange role with it', async () => {
    await start();
    await consent();
    expect(await rolesAt(activityScope)).toEqual(['ActivityFeed.Read', 'ActivityFeed.ReadDlp']);
    expect(await rolesAt(graphScope)).toEqual([
      'RoleManagement.Read.Directory',
      'Directory.Read.All',
      'AuditLogsQuery.Read.All',
    ]);
    expect((await readOrganization()).status).toBe(200);
    const token = await client.token(fabrikam, graphScope);
    const [ours] = await ourPrincipal(token);
    expect(await rolesOf(ours?.['id'], token)).toEqual([exchangeAdministrator]);
  });

  it('alone gives no access to Exchange if the administrator assigns the role later', async () => {
    await start({ exchange: { directoryRoles: [] } });
    await consent();
    expect(diagnosticsOf(await readOrganization())).toContain('no directory role');
    const token = await client.token(fabrikam, graphScope);
    const [ours] = await ourPrincipal(token);
    expect(await rolesOf(ours?.['id'], token)).toEqual([]);
    client.simulator.changePolicy(fabrikam, { directoryRoles: [exchangeAdministrator] });
    expect((await readOrganization()).status).toBe(200);
    expect(await rolesOf(ours?.['id'], token)).toEqual([exchangeAdministrator]);
  });

  it('takes effect gradually: first sign-in, then the roles in tokens, then Exchange', async () => {
    await start();
    const delays = { consentDelayMs: 60_000, appRoleDelayMs: 120_000, directoryRoleDelayMs: 180_000 };
    client.simulator.changeSettings(delays);
    await consent();
    expect(await askForToken()).toBe(7000229);
    client.simulator.moveClock(61_000);
    expect(await rolesAt(exchangeScope)).toBeUndefined();
    expect((await readOrganization()).status).toBe(401);
    client.simulator.moveClock(121_000);
    expect(await rolesAt(exchangeScope)).toEqual(['Exchange.ManageAsApp']);
    expect((await readOrganization()).status).toBe(403);
    client.simulator.moveClock(181_000);
    expect((await readOrganization()).status).toBe(200);
  });

  it('repeated, keeps the Exchange role that the administrator has set since', async () => {
    await start({ consented: true });
    client.simulator.changePolicy(fabrikam, { directoryRoles: [] });
    await consent();
    expect((await readOrganization()).status).toBe(403);
  });
});
