/** A verification through the deployed app: started, followed, and read over HTTP. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { expectDescribedResponse } from '../../support/described.ts';
import { startAppOfTenant } from '../access/app-of-tenant.ts';
import type { WholeApp } from '../access/whole-app.ts';

let app: WholeApp;
let key: string;
let readKey: string;
let tenantId: string;

beforeAll(async () => {
  const { tables, ...made } = await startAppOfTenant(['records.read']);
  ({ app, key, readKey, tenantId } = made);
  // The ledger says that something landed, and nothing did.
  await tables.upsertAll('Ledger', [
    {
      ...{
        partitionKey: `${tenantId}_Audit.Exchange_20260301`,
        rowKey: '20260301100000000_0123456789abcdef',
      },
      ...{ contentType: 'Audit.Exchange', contentId: 'lost$audit', contentUri: 'https://x.example/' },
      ...{ contentCreated: '2026-03-01T10:00:00.000Z', contentExpiration: '2026-03-08T10:00:00.000Z' },
      ...{ state: 'landed', attempts: 1, landingId: '20260301T100500000-0123456789abcdef' },
      ...{ records: 1, bytes: 2, sha256: 'ab'.repeat(32) },
    },
  ]);
}, 240_000);

afterAll(() => app.stop());

async function ask(path: string, init: RequestInit = {}, as = key) {
  const headers = { 'x-api-key': as, 'content-type': 'application/json' };
  const response = await fetch(`${app.baseUrl}/tenants/${tenantId}/${path}`, { ...init, headers });
  await expectDescribedResponse(init.method ?? 'GET', response);
  return response;
}

const start = (body: object, as?: string) =>
  ask('ingestion/verifications', { method: 'POST', body: JSON.stringify(body) }, as);
const started = z.object({ id: z.string() });

async function resultOf(id: string, deadline = Date.now() + 120_000): Promise<unknown> {
  const answer = await ask(`ingestion/verifications/${id}/result`, {}, readKey);
  if (answer.status === 200) return await answer.json();
  if (answer.status !== 202 || Date.now() > deadline) throw new Error(await answer.text());
  await new Promise((resolve) => setTimeout(resolve, 500));
  return await resultOf(id, deadline);
}

it('is started by who manages the tenant, read by readers, and names what differs', async () => {
  expect((await start({}, readKey)).status).toBe(403);
  expect((await start({ from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' })).status).toBe(400);
  const answer = await start({ from: '2026-03-01T00:00:00Z' });
  expect(answer.status).toBe(202);
  const { id } = started.parse(await answer.json());
  expect(await resultOf(id)).toMatchObject({
    ...{ id, status: 'Succeeded', landingCount: 0, differenceCount: 1 },
    differenceKinds: [{ kind: 'landingMissing', count: 1 }],
    differences: [{ kind: 'landingMissing', contentId: 'lost$audit' }],
  });
  const list = await ask('ingestion/verifications', {}, readKey);
  expect(await list.json()).toMatchObject({ value: [{ id, status: 'Succeeded' }] });
  expect((await ask(`ingestion/verifications/${randomUUID()}`)).status).toBe(404);
}, 180_000);
