/** Retention over real storage, as callers see it over HTTP. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { createRawNames } from '../../../shared/adapters/blobs/raw-names.ts';
import { createRawRemoval } from '../../../shared/adapters/blobs/raw-removal.ts';
import { createFindingStore } from '../../../shared/adapters/tables/finding-store.ts';
import { createOldClaims } from '../../../shared/adapters/tables/old-claims.ts';
import { applyRetention } from '../../../shared/retention/apply-retention.ts';
import { createClock, dayMs, minuteMs } from '../../support/clock.ts';
import { contentOf, guidOf, recordOf } from './invented-records.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await startPipeline();
});
afterAll(() => pipeline.stop());

const months = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'];
const pageSchema = z.object({ value: z.array(z.object({ id: z.string() })), hasGaps: z.boolean() });

async function storeHalfYear(): Promise<string> {
  const tenantId = await pipeline.addTenant('Kept');
  for (const contentType of ['Audit.Exchange', 'Audit.SharePoint'] as const) {
    const [collectedFrom, listedThrough] = [new Date('2026-01-01'), new Date('2026-06-10')];
    await pipeline.ledger.advance(tenantId, { contentType, collectedFrom, listedThrough });
  }
  for (const month of months) {
    const record = recordOf(month, { CreationTime: `${month}-03T09:00:00` });
    const content = contentOf(month, `${month}-03T10:00:00Z`, [record]);
    await pipeline.deliver(tenantId, [content], new Date(`${month}-03T11:00:00Z`));
  }
  return tenantId;
}

async function listFrom(tenantId: string, from: string) {
  const { body } = await pipeline.get(`tenants/${tenantId}/records?from=${from}&to=2026-07-01`);
  const { value, hasGaps } = pageSchema.parse(JSON.parse(body.toString()));
  return { found: months.filter((month) => value.some(({ id }) => id === guidOf(month))), hasGaps };
}

it('answers admit what is missing before it is deleted, and keep everything else', async () => {
  const tenantId = await storeHalfYear();
  const storage = { kind: 'connectionString', connectionString: pipeline.connectionString } as const;
  const rawNames = createRawNames(storage);
  const clock = createClock('2026-06-10T01:53:00Z');
  const run = () =>
    applyRetention(
      {
        ...{ ...pipeline, rawNames, rawRemoval: createRawRemoval(storage), now: clock.now, retention: {} },
        findings: createFindingStore(pipeline.tables),
        oldClaims: createOldClaims(pipeline.tables),
      },
      clock.startBudget(4 * minuteMs),
    );
  await pipeline.tenants.update(tenantId, { retention: { indexMonths: 3, rawDays: 130 } });
  await run();
  expect(await listFrom(tenantId, '2026-01-01')).toEqual({ found: months, hasGaps: true });
  expect(await listFrom(tenantId, '2026-03-01')).toEqual({ found: months.slice(2), hasGaps: false });
  const shown = { retainedFromDateTime: '2026-03-01T00:00:00.000Z' };
  for (const path of [`tenants/${tenantId}`, `tenants/${tenantId}/ingestion`])
    expect(JSON.parse((await pipeline.get(path)).body.toString())).toMatchObject(shown);
  clock.advance(dayMs);
  await run();
  expect(await listFrom(tenantId, '2026-01-01')).toEqual({ found: months.slice(2), hasGaps: true });
  expect((await pipeline.get(`tenants/${tenantId}/records/${guidOf('2026-02')}`)).status).toBe(404);
  expect((await pipeline.get(`tenants/${tenantId}/records/${guidOf('2026-03')}`)).status).toBe(200);
  expect(await rawNames.days(tenantId)).toEqual(months.slice(1).map((month) => `${month}-03`));
});
