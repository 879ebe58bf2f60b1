/** Signing in to the simulator, with the real library and by hand. */

import { execFile } from 'node:child_process';
import { randomUUID, X509Certificate } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ClientCertificateCredential, ClientSecretCredential } from '@azure/identity';
import axios from 'axios';
import { createRemoteJWKSet, customFetch, decodeJwt, importPKCS8, jwtVerify, SignJWT } from 'jose';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bundleScript } from '../../support/run/bundle.ts';
import {
  activityScope,
  fabrikam,
  graphScope,
  json,
  startClient,
  type SimulatorClient,
} from './simulator-client.ts';

const unknownId = '00000000-1111-4222-8333-444444444444';

let client: SimulatorClient;
let keys: { readonly cert: string; readonly private: string };

beforeAll(async () => {
  keys = await generate([{ name: 'commonName', value: 'auditkeep.example' }], { algorithm: 'sha256' });
  client = await startClient({ certificatePem: keys.cert, expiredClientSecrets: ['last year'] });
});

afterAll(() => client.stop());

const libraryOptions = () => ({
  authorityHost: client.simulator.baseUrl,
  disableInstanceDiscovery: true,
  tlsOptions: { ca: client.simulator.caPem },
});

const errorOf = async (tenantId: string, changes: Readonly<Record<string, string>>): Promise<string> => {
  const { clientId, clientSecret } = client.simulator;
  const form = {
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: 'client_credentials',
    scope: activityScope,
    ...changes,
  };
  const response = await client.requestToken(tenantId, form);
  const schema = z.object({
    error: z.string(),
    error_codes: z.tuple([z.int()]),
    error_description: z.string(),
  });
  const { error, error_codes: codes, error_description: description } = schema.parse(json(response));
  expect(description).toContain(`AADSTS${codes[0]}: `);
  return `${response.status} ${error} ${codes[0]}`;
};

describe('signing in with @azure/identity', () => {
  it('issues a token for a client secret, with only the roles of the resource', async () => {
    const { clientId, clientSecret } = client.simulator;
    const credential = new ClientSecretCredential(fabrikam, clientId, clientSecret, libraryOptions());
    const { token } = await credential.getToken(activityScope);
    expect(decodeJwt(token)).toMatchObject({
      aud: 'https://manage.office.com',
      iss: `https://sts.windows.net/${fabrikam}/`,
      tid: fabrikam,
      appid: clientId,
      roles: ['ActivityFeed.Read', 'ActivityFeed.ReadDlp'],
    });
  });

  it('issues a token for an assertion signed with the registered certificate', async () => {
    const certificate = { certificate: `${keys.private}\n${keys.cert}` };
    const { clientId } = client.simulator;
    const credential = new ClientCertificateCredential(fabrikam, clientId, certificate, libraryOptions());
    const { token } = await credential.getToken(graphScope);
    expect(decodeJwt(token)).toMatchObject({ aud: 'https://graph.microsoft.com', tid: fabrikam });
  });

  it('refuses an assertion signed with another certificate', async () => {
    const other = await generate([{ name: 'commonName', value: 'other.example' }], { algorithm: 'sha256' });
    const certificate = { certificate: `${other.private}\n${other.cert}` };
    const { clientId } = client.simulator;
    const credential = new ClientCertificateCredential(fabrikam, clientId, certificate, libraryOptions());
    await expect(credential.getToken(activityScope)).rejects.toThrow(/700027/);
  });

  it('refuses an assertion that names the certificate but was signed with another key', async () => {
    const other = await generate([{ name: 'commonName', value: 'other.example' }], { algorithm: 'sha256' });
    const certificate = { certificate: `${other.private}\n${keys.cert}` };
    const { clientId } = client.simulator;
    const credential = new ClientCertificateCredential(fabrikam, clientId, certificate, libraryOptions());
    await expect(credential.getToken(activityScope)).rejects.toThrow(/700027/);
  });

  it("issues a token for the managed identity's token, in a process that trusts the authority", async () => {
    const { simulator } = client;
    const script = fileURLToPath(new URL('federated-sign-in.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [await bundleScript(script)], {
      env: {
        PATH: process.env['PATH'],
        NODE_EXTRA_CA_CERTS: simulator.caFile,
        IDENTITY_ENDPOINT: simulator.identityEndpoint,
        IDENTITY_HEADER: simulator.identityHeader,
        AUTHORITY_HOST: simulator.baseUrl,
        IDENTITY_CLIENT_ID: simulator.managedIdentity.clientId,
        APP_CLIENT_ID: simulator.clientId,
        TENANT_ID: fabrikam,
      },
    });
    expect(decodeJwt(stdout.trim())).toMatchObject({ tid: fabrikam, appid: simulator.clientId });
  });
});

describe('a signed assertion', () => {
  const assertion = async (tenantId: string, header: Readonly<Record<string, string>>): Promise<string> =>
    new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'RS256', ...header })
      .setIssuer(client.simulator.clientId)
      .setSubject(client.simulator.clientId)
      .setAudience(`${client.simulator.baseUrl}/${tenantId}/oauth2/v2.0/token`)
      .setExpirationTime('5m')
      .sign(await importPKCS8(keys.private, 'RS256'));

  const signIn = async (text: string): Promise<number> => {
    const response = await client.requestToken(fabrikam, {
      client_id: client.simulator.clientId,
      grant_type: 'client_credentials',
      scope: activityScope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: text,
    });
    return response.status;
  };

  const thumbprint = (): string =>
    Buffer.from(new X509Certificate(keys.cert).fingerprint.replaceAll(':', ''), 'hex').toString('base64url');

  it('may use RS256 and the SHA-1 thumbprint', async () => {
    expect(await signIn(await assertion(fabrikam, { x5t: thumbprint() }))).toBe(200);
  });

  it('is refused without a thumbprint, for another tenant, and if it is malformed', async () => {
    expect(await signIn(await assertion(fabrikam, {}))).toBe(401);
    expect(await signIn(await assertion(unknownId, { x5t: thumbprint() }))).toBe(401);
    expect(await signIn('nonsense')).toBe(401);
  });

  it('is refused if it is a token of the managed identity for another purpose', async () => {
    const { data } = await axios.get<unknown>(client.simulator.identityEndpoint, {
      headers: { 'x-identity-header': client.simulator.identityHeader },
      params: {
        'api-version': '2019-08-01',
        resource: 'https://storage.azure.com/',
        client_id: client.simulator.managedIdentity.clientId,
      },
      proxy: false,
    });
    const other = z.object({ access_token: z.string() }).parse(data);
    expect(await errorOf(fabrikam, federated(other.access_token))).toBe('401 invalid_client 700213');
  });

  const federated = (text: string): Readonly<Record<string, string>> => ({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: text,
  });
});

describe('the managed identity endpoint', () => {
  const ask = (header: string, clientId: string) =>
    axios.get(client.simulator.identityEndpoint, {
      headers: { 'x-identity-header': header },
      params: { 'api-version': '2019-08-01', resource: 'api://AzureADTokenExchange', client_id: clientId },
      validateStatus: () => true,
      proxy: false,
    });

  it('refuses a wrong identity header', async () => {
    const { status } = await ask('guessed', client.simulator.managedIdentity.clientId);
    expect(status).toBe(401);
  });

  it('refuses an identity that is not assigned', async () => {
    const { status } = await ask(client.simulator.identityHeader, unknownId);
    expect(status).toBe(400);
  });
});

describe('tokens', () => {
  it('verify against the published keys', async () => {
    const { baseUrl, caPem } = client.simulator;
    expect(caPem).toContain('BEGIN CERTIFICATE');
    const fetchKeys = async (address: string): Promise<Response> =>
      new Response((await client.get(address, { token: '' })).data);
    const keySet = createRemoteJWKSet(new URL(`${baseUrl}/${fabrikam}/discovery/v2.0/keys`), {
      [customFetch]: fetchKeys,
    });
    const token = await client.simulator.mintToken({
      tenantId: fabrikam,
      audience: 'api://auditkeep',
      roles: ['a'],
    });
    const { payload } = await jwtVerify(token, keySet, {
      issuer: `${baseUrl}/${fabrikam}/v2.0`,
      audience: 'api://auditkeep',
    });
    expect(payload).toMatchObject({ tid: fabrikam, roles: ['a'] });
  });

  it('keep the roles at the time of issue', async () => {
    const early = await client.token(fabrikam);
    client.simulator.changePolicy(fabrikam, { grantedRoles: [] });
    const late = await client.token(fabrikam);
    client.simulator.changePolicy(fabrikam, { grantedRoles: ['ActivityFeed.Read'] });
    expect(decodeJwt(early)['roles']).toContain('ActivityFeed.Read');
    expect(decodeJwt(late)['roles']).toBeUndefined();
  });
});

describe('refusals', () => {
  it.each([
    ['an unknown tenant', unknownId, {}, '400 invalid_request 90002'],
    ['an unknown application', fabrikam, { client_id: unknownId }, '400 unauthorized_client 700016'],
    ['a wrong secret', fabrikam, { client_secret: 'guessed' }, '401 invalid_client 7000215'],
    ['an expired secret', fabrikam, { client_secret: 'last year' }, '401 invalid_client 7000222'],
    [
      'a scope that is not .default',
      fabrikam,
      { scope: 'https://manage.office.com/x' },
      '400 invalid_scope 70011',
    ],
    [
      'an unknown resource',
      fabrikam,
      { scope: 'https://no.example/.default' },
      '400 invalid_resource 500011',
    ],
  ])('report the reason for %s', async (_case, tenantId, changes, expected) => {
    expect(await errorOf(tenantId, changes)).toBe(expected);
  });

  it('report a missing consent', async () => {
    client.simulator.changePolicy(fabrikam, { consented: false });
    expect(await errorOf(fabrikam, {})).toBe('400 unauthorized_client 7000229');
    client.simulator.changePolicy(fabrikam, { consented: true });
  });

  it('can be requested by AADSTS number', async () => {
    const effect = { kind: 'sign-in-error', aadsts: 53003 } as const;
    client.simulator.faults.add({ match: { operation: 'token' }, times: 1, effect });
    expect(await errorOf(fabrikam, {})).toBe('400 access_denied 53003');
    expect(await client.token(fabrikam)).not.toBe('');
  });
});
