/** Controlling the simulator from another process. */

import axios from 'axios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adatum, fabrikam, feedPath, startClient, type SimulatorClient } from './simulator-client.ts';

let client: SimulatorClient;

beforeAll(async () => {
  client = await startClient();
});

afterAll(() => client.stop());

const control = async (
  method: string,
  path: string,
  data?: unknown,
): Promise<{ status: number; data: unknown }> => {
  const url = client.simulator.controlUrl + path;
  const { status, data: answer } = await axios.request<unknown>({
    ...{ method, url, data },
    proxy: false,
    validateStatus: () => true,
  });
  return { status, data: answer };
};

describe('the control port', () => {
  it('adds faults, lists them with their hits, and removes them', async () => {
    const fault = { match: { operation: 'list' }, times: 1, effect: { kind: 'throttled' } };
    const added = await control('POST', '/faults', fault);
    expect(added).toMatchObject({ status: 200, data: { id: expect.any(String) as string } });
    expect((await client.get(feedPath('subscriptions/list'))).status).toBe(403);
    expect((await control('GET', '/faults')).data).toMatchObject([{ ...fault, hits: 1 }]);
    await control('DELETE', '/faults');
    expect((await control('GET', '/faults')).data).toEqual([]);
  });

  it('refuses invalid requests with the reason', async () => {
    expect(await control('POST', '/faults', { effect: { kind: 'flood' } })).toMatchObject({ status: 400 });
    expect(await control('GET', '/tenants/unknown/delivered')).toEqual({
      status: 400,
      data: { error: 'Tenant unknown does not exist.' },
    });
    expect(await control('GET', '/nothing')).toMatchObject({ status: 404 });
  });

  it('changes the given settings and keeps the others', async () => {
    const { data } = await control('PATCH', '/settings', { pageSize: 3 });
    expect(data).toMatchObject({ pageSize: 3, graphPageSize: 2 });
  });

  it('adds content, lists it, and counts it', async () => {
    const content = {
      kind: 'records',
      contentType: 'Audit.General',
      texts: ['{"a":1,"b":2}', '{"b":2,"a":1}'],
    };
    const { data } = await control('POST', `/tenants/${fabrikam}/content`, content);
    const [published] = client.simulator.published(fabrikam);
    expect(data).toEqual({ contentIds: [published?.contentId] });
    expect((await control('GET', `/tenants/${fabrikam}/content`)).data).toEqual([published]);
    expect((await control('GET', `/tenants/${fabrikam}/delivered`)).data).toEqual({
      ...{ contentBlobs: 1, records: 2, distinctRecords: 1 },
    });
  });

  it('adds arbitrary bytes as content', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x7b]);
    const content = { kind: 'raw', contentType: 'Audit.General', body: { base64: bytes.toString('base64') } };
    expect(await control('POST', `/tenants/${adatum}/content`, content)).toMatchObject({ status: 200 });
    const [published] = client.simulator.published(adatum);
    const token = await client.token(adatum);
    const { data } = await axios.get<Buffer>(
      client.simulator.baseUrl + feedPath(`audit/${published?.contentId ?? ''}`, adatum),
      {
        headers: { Authorization: `Bearer ${token}` },
        ...{ httpsAgent: client.agent, proxy: false, responseType: 'arraybuffer' },
      },
    );
    expect(Buffer.from(data)).toEqual(bytes);
  });

  it('adds a tenant, switches its auditing, and moves the clock', async () => {
    const tenantId = '0a0b0c0d-1111-4222-8333-abcdefabcdef';
    const tenant = {
      ...{ tenantId, domain: 'new.example', auditingEnabled: false },
      records: [{ contentType: 'Audit.General', text: '{}', availableAt: '2100-01-01T00:00:00Z' }],
    };
    expect(await control('POST', '/tenants', tenant)).toMatchObject({ status: 200 });
    expect((await client.subscribe('Audit.General', tenantId)).status).toBe(400);
    await control('PATCH', `/tenants/${tenantId}`, { auditingEnabled: true });
    expect((await client.subscribe('Audit.General', tenantId)).status).toBe(200);
    expect(client.simulator.published(tenantId)).toEqual([]);
    await control('PUT', '/clock', { offsetMs: Date.parse('2100-01-02') - Date.now() });
    expect(client.simulator.published(tenantId)).toHaveLength(1);
    await control('PUT', '/clock', { offsetMs: 0 });
  });

  it('reports and resets the counters', async () => {
    await control('DELETE', '/counters');
    await client.get(feedPath('subscriptions/list'), { token: '' });
    expect((await control('GET', '/counters')).data).toMatchObject({
      requests: { list: 1 },
      missingPublisherIdentifier: 1,
      maxConcurrentRequests: 1,
    });
  });

  it('issues tokens for callers of other APIs', async () => {
    const { data } = await control('POST', '/tokens', { tenantId: fabrikam, audience: 'api://auditkeep' });
    expect(data).toMatchObject({ token: expect.stringMatching(/^ey[^.]+\.[^.]+\.[^.]+$/) as string });
  });
});
