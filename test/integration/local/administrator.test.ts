/** How a local run makes its customers' administrators consent. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consentAsAdministrator } from '../../local/administrator.ts';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { fabrikam, tenantOf } from '../simulator/simulator-client.ts';

let folder: string;
let simulator: Simulator;
let callback: Server;
let callbackUrl: string;
const visits: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'administrator-test-'));
  const tenants = [tenantOf(fabrikam, { consented: false })];
  simulator = await startSimulator({ tenants, caFile: join(folder, 'ca.pem') });
  callback = createServer((request, response) => {
    visits.push(request.url ?? '');
    const isGood = request.url?.includes('state=good') === true;
    response.writeHead(isGood ? 200 : 400, { 'content-type': 'text/html' });
    response.end('<title>x</title><h1>Consent</h1>\n<p>This link was used before.</p>');
  });
  callbackUrl = `http://127.0.0.1:${await listenLocally(callback)}/api/consent/callback`;
});

afterAll(async () => {
  await simulator.stop();
  await closeServer(callback);
  await rm(folder, { recursive: true });
});

function link(state: string, clientId = simulator.clientId): string {
  const query = new URLSearchParams({ client_id: clientId, redirect_uri: callbackUrl, state });
  return `${simulator.baseUrl}/${fabrikam}/v2.0/adminconsent?${query.toString()}`;
}

describe('the administrator', () => {
  test('consents and follows the redirect', async () => {
    expect(simulator.changePolicy(fabrikam, {}).consented).toBe(false);
    await consentAsAdministrator(link('good'), simulator.caPem);
    expect(simulator.changePolicy(fabrikam, {}).consented).toBe(true);
    const address = new URL(visits.at(-1) ?? '', callbackUrl);
    expect(Object.fromEntries(address.searchParams)).toEqual({
      admin_consent: 'True',
      tenant: fabrikam,
      state: 'good',
    });
  });

  test('reports the text of the final page when it refuses', async () => {
    await expect(consentAsAdministrator(link('used'), simulator.caPem)).rejects.toThrow(
      new Error('The consent callback returned 400: Consent This link was used before.'),
    );
  });

  test('reports a consent page that does not redirect', async () => {
    await expect(consentAsAdministrator(link('good', 'another'), simulator.caPem)).rejects.toThrow(
      'The consent page returned 400',
    );
  });
});
