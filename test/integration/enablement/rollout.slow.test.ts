/** A rollout through the deployed app: each tenant is enabled once, though the host is killed. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { minuteMs } from '../../support/clock.ts';
import { askJson, askPages } from '../deployed/asking.ts';
import { startDeployedApp, type DeployedApp } from '../deployed/deployed-app.ts';

const limitMs = 1.5 * minuteMs;
const patience = { timeout: limitMs, interval: 250 };
const count = 4;

let app: DeployedApp;
let tenantIds: readonly string[];

/** Exchange refuses everything in the last one of the tag. */
function addTenant(at: number): string {
  const tenantId = randomUUID();
  app.simulator.addTenant({
    ...{ tenantId, displayName: `Tenant ${at}`, domain: `tenant${at}.example`, records: [] },
    auditingEnabled: true,
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
    exchange: {
      generate: { counts: { UserMailbox: 40 }, unaudited: 1 },
    },
  });
  const effect = { kind: 'error', status: 400, code: 'BadRequest', message: 'Refused.' } as const;
  if (at === count) app.simulator.faults.add({ match: { operation: 'exchange', tenantId }, effect });
  return tenantId;
}

beforeAll(async () => {
  app = await startDeployedApp({ startMs: 0 });
  tenantIds = Array.from({ length: count }, (_, at) => addTenant(at + 1));
  for (const [at, tenantId] of tenantIds.entries())
    await askJson(app, z.looseObject({}), [
      'tenants',
      { tenantId, displayName: `Tenant ${at + 1}`, tags: ['gold'] },
    ]);
  await askJson(app, z.looseObject({}), ['tenants', { tenantId: addTenant(count + 1) }]);
}, limitMs);

afterAll(() => app.stop());

const rolloutSchema = z.looseObject({ id: z.string(), status: z.string(), percentComplete: z.int() });
const row = z.object({
  ...{ tenantId: z.string(), tenantDisplayName: z.string(), status: z.string() },
  ...{ enablementId: z.string(), errorCode: z.string().optional(), errorMessage: z.string().optional() },
});
const tableSchema = z.object({ value: z.array(row), nextLink: z.string().optional() });

it(
  'turns auditing on in each tenant of a tag once, and says where it could not',
  async () => {
    const started = await askJson(app, rolloutSchema, [
      'enablements',
      { tenants: 'tag:gold', workloads: ['mailboxes'] },
    ]);
    await vi.waitFor(async () => {
      const { runningCount, succeededCount, failedCount } = await askJson(app, rolloutSchema, [
        `enablements/${started.id}`,
      ]);
      expect([runningCount, succeededCount, failedCount]).not.toEqual([0, 0, 0]);
    }, patience);
    await app.halt('kill');
    await app.start();
    const result = await vi.waitFor(async () => {
      const answer = await app.ask(`enablements/${started.id}/result`);
      expect(answer.status).toBe(200);
      return rolloutSchema.parse(await answer.json());
    }, patience);
    expect(result).toMatchObject({
      ...{ status: 'PartiallySucceeded', percentComplete: 100, tenantCount: count },
      ...{ succeededCount: count - 1, failedCount: 1 },
    });
    const pages = await askPages(app, tableSchema, `enablements/${started.id}/tenants?top=3`);
    const rows = pages.flatMap(({ value }) => value);
    expect(rows.map(({ tenantId }) => tenantId).sort()).toEqual(tenantIds.toSorted());
    expect(rows.map(({ status }) => status)).toEqual([
      'Failed',
      ...Array<string>(count - 1).fill('Succeeded'),
    ]);
    expect(rows[0]).toMatchObject({ tenantDisplayName: `Tenant ${count}` });
    for (const { tenantId, enablementId } of rows)
      await askJson(app, z.looseObject({ steps: z.array(z.looseObject({})) }), [
        `tenants/${tenantId}/enablements/${enablementId}`,
      ]);
  },
  limitMs,
);
