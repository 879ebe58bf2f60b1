/** Consent in the simulator: the consent page, and its propagation. */

import axios from 'axios';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  fabrikam,
  graphScope,
  json,
  refusalOf,
  startClient,
  type SimulatorClient,
} from './simulator-client.ts';
import { exchangeScope } from './exchange-client.ts';

const exchangeAdministrator = '29232cdf-9323-42fd-ade2-1d097af3e4de';
const callback = 'https://auditkeep.example/api/consent/callback';
const minuteMs = 60_000;
const collectionSchema = z.object({ value: z.array(z.record(z.string(), z.unknown())) });

let client: SimulatorClient;

beforeEach(async () => {
  client = await startClient({ redirectUris: [callback] });
});

afterEach(() => client.stop());

/** Where the administrator is redirected to, or the status if there is no redirect. */
const consent = async (tenant: string, changes: Readonly<Record<string, string>> = {}): Promise<URL> => {
  const query = new URLSearchParams({
    client_id: client.simulator.clientId,
    scope: graphScope,
    redirect_uri: callback,
    state: 'opaque & single',
    ...changes,
  });
  const url = `${client.simulator.baseUrl}/${tenant}/v2.0/adminconsent?${query.toString()}`;
  const { status, headers } = await axios.get<string>(url, {
    ...{ httpsAgent: client.agent, proxy: false, maxRedirects: 0 },
    validateStatus: () => true,
  });
  if (status !== 302) throw new Error(`The answer is ${status}.`);
  return new URL(z.string().parse(headers['location']));
};

const queryOf = (url: URL): unknown => Object.fromEntries(url.searchParams);

const askForToken = async (): Promise<number> =>
  (
    await client.requestToken(fabrikam, {
      client_id: client.simulator.clientId,
      client_secret: client.simulator.clientSecret,
      grant_type: 'client_credentials',
      scope: exchangeScope,
    })
  ).status;

describe('the consent page', () => {
  it.each([fabrikam, 'a3c5.fabrikam.example', 'organizations'])(
    'of %s sends the administrator back with tenant and state',
    async (tenant) => {
      client.simulator.changePolicy(fabrikam, { consented: false });
      const url = await consent(tenant);
      expect(url.origin + url.pathname).toBe(callback);
      expect(queryOf(url)).toEqual({
        ...{ admin_consent: 'True', tenant: fabrikam, scope: graphScope, state: 'opaque & single' },
      });
      expect(await askForToken()).toBe(200);
    },
  );

  it('sends back an error when the administrator declines', async () => {
    client.simulator.changePolicy(fabrikam, { consented: false, declinesConsent: true });
    expect(queryOf(await consent(fabrikam))).toEqual({
      admin_consent: 'True',
      error: 'consent_required',
      error_description: expect.stringMatching(/^AADSTS65004: /) as string,
      state: 'opaque & single',
    });
    expect(await askForToken()).toBe(400);
  });

  it.each([
    ['an unknown application', fabrikam, { client_id: 'another' }],
    ['an address that is not registered', fabrikam, { redirect_uri: 'https://elsewhere.example/' }],
    ['an unknown tenant', 'unknown.example', {}],
  ])('does not redirect for %s', async (_what, tenant, changes) => {
    await expect(consent(tenant, changes)).rejects.toThrow('The answer is 400.');
  });
});

describe('after consent', () => {
  it('the application is known in the tenant only after a delay', async () => {
    client.simulator.changePolicy(fabrikam, { consented: false });
    client.simulator.changeSettings({ consentDelayMs: 2 * minuteMs });
    await consent(fabrikam);
    expect(await askForToken()).toBe(400);
    client.simulator.moveClock(3 * minuteMs);
    expect(await askForToken()).toBe(200);
  });

  it('roles appear after a delay, and then only in new tokens', async () => {
    const rolesOf = (token: string): unknown => decodeJwt(token)['roles'];
    client.simulator.changePolicy(fabrikam, { grantedRoles: [] });
    client.simulator.changeSettings({ appRoleDelayMs: 5 * minuteMs });
    await consent(fabrikam);
    const early = await client.token(fabrikam, exchangeScope);
    client.simulator.moveClock(6 * minuteMs);
    expect([rolesOf(early), rolesOf(await client.token(fabrikam, exchangeScope))]).toEqual([
      undefined,
      ['Exchange.ManageAsApp'],
    ]);
  });
});

describe('the service principal of the application', () => {
  const ask = async (path: string) =>
    collectionSchema.parse(json(await client.get(path, { scope: graphScope }))).value;
  const find = () => ask(`/v1.0/servicePrincipals?$filter=appId eq '${client.simulator.clientId}'`);
  const rolesOf = async (id: unknown) =>
    (await ask(`/v1.0/roleManagement/directory/roleAssignments?$filter=principalId eq '${String(id)}'`)).map(
      ({ roleDefinitionId }) => roleDefinitionId,
    );

  it('is found by the application ID and is the subject of its tokens', async () => {
    const [found, ...others] = await find();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ appId: client.simulator.clientId });
    expect(decodeJwt(await client.token(fabrikam, graphScope))).toMatchObject({ oid: found?.['id'] });
  });

  it('immediately has the directory roles that an administrator assigned', async () => {
    const id = (await find())[0]?.['id'];
    expect(await rolesOf(id)).toEqual([exchangeAdministrator]);
    client.simulator.changeSettings({ directoryRoleDelayMs: minuteMs });
    client.simulator.changePolicy(fabrikam, { directoryRoles: [] });
    expect(await rolesOf(id)).toEqual([]);
  });

  it('is hidden from callers without permission to read the directory', async () => {
    client.simulator.changePolicy(fabrikam, { grantedRoles: ['RoleManagement.Read.Directory'] });
    const refused = await client.get('/v1.0/servicePrincipals', { scope: graphScope });
    expect(refusalOf(refused)).toBe('403 Authorization_RequestDenied');
  });

  it('is not found by a filter that the simulator does not support', async () => {
    const refused = await client.get("/v1.0/servicePrincipals?$filter=startswith(appId,'a')", {
      scope: graphScope,
    });
    expect(refusalOf(refused)).toBe('400 Request_UnsupportedQuery');
  });
});
