/** The public metadata of a tenant at the simulated sign-in service. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fabrikam, json, startClient, type HttpResponse, type SimulatorClient } from './simulator-client.ts';

const unknownId = '00000000-1111-4222-8333-444444444444';

let client: SimulatorClient;

beforeAll(async () => {
  client = await startClient();
});

afterAll(() => client.stop());

const ask = (idOrDomain: string): Promise<HttpResponse> =>
  client.get(`/${idOrDomain}/v2.0/.well-known/openid-configuration`, { token: '' });

describe('the metadata of a tenant', () => {
  it.each([fabrikam, fabrikam.toUpperCase(), 'a3c5.fabrikam.example', 'A3C5.Fabrikam.Example'])(
    'name the tenant for %s, without a token',
    async (idOrDomain) => {
      const answer = await ask(idOrDomain);
      const root = `${client.simulator.baseUrl}/${fabrikam}`;
      expect([answer.status, json(answer)]).toMatchObject([
        200,
        {
          issuer: `${root}/v2.0`,
          authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
          token_endpoint: `${root}/oauth2/v2.0/token`,
          jwks_uri: `${root}/discovery/v2.0/keys`,
          tenant_region_scope: 'EU',
        },
      ]);
    },
  );

  it.each([unknownId, 'unknown.example'])('are refused for %s', async (idOrDomain) => {
    const answer = await ask(idOrDomain);
    expect([answer.status, json(answer)]).toMatchObject([
      400,
      {
        error: 'invalid_tenant',
        error_description: expect.stringMatching(/^AADSTS90002: /) as string,
        error_codes: [90002],
      },
    ]);
  });

  it('exist before consent', async () => {
    client.simulator.changePolicy(fabrikam, { consented: false });
    expect((await ask(fabrikam)).status).toBe(200);
  });
});
