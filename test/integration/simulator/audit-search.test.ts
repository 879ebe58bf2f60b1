/** The search of the audit log in the simulated Graph: what it finds, how long it takes, and how it fails. */

import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { SimulatorOptions } from '../../simulator/simulator.ts';
import {
  fabrikam,
  graphScope,
  json,
  refusalOf,
  startClient,
  tenantOf,
  type SimulatorClient,
} from './simulator-client.ts';

const querySchema = z.looseObject({ id: z.string(), status: z.string() });
const pageSchema = z.object({
  '@odata.nextLink': z.string().optional(),
  value: z.array(z.looseObject({ id: z.string() })),
});
const hourMs = 3_600_000;
const start = new Date('2026-01-01T00:00:00.000Z');

const textOf = (at: number): string =>
  JSON.stringify({
    Id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    CreationTime: new Date(start.getTime() + at * hourMs).toISOString().slice(0, 19),
    ...{ Operation: 'FileAccessed', UserId: 'ada@fabrikam.example', OrganizationId: fabrikam },
    Parameters: [{ Name: 'a', Value: String(at) }],
  });

let client: SimulatorClient;
let now = new Date('2026-06-01T00:00:00Z');

afterEach(() => client.stop());

const begin = async (settings: Partial<SimulatorOptions> = {}, count = 20): Promise<void> => {
  now = new Date('2026-06-01T00:00:00Z');
  const texts = Array.from({ length: count }, (_, at) => textOf(at));
  const [ofFeed, searchOnly] = [texts.slice(0, count / 2), texts.slice(count / 4)];
  const records = ofFeed.map((text) => ({
    contentType: 'Audit.SharePoint' as const,
    text,
    availableAt: now,
  }));
  const tenants = [tenantOf(fabrikam, { records, searchOnly })];
  client = await startClient({ tenants, now: () => now, ...settings });
};

const create = (from = 0, to = 1000) =>
  client.post('/v1.0/security/auditLog/queries', {
    scope: graphScope,
    body: {
      displayName: `${from}-${to}`,
      filterStartDateTime: new Date(start.getTime() + from * hourMs).toISOString(),
      filterEndDateTime: new Date(start.getTime() + to * hourMs).toISOString(),
    },
  });
const created = async (from?: number, to?: number) => querySchema.parse(json(await create(from, to)));
const ask = (path: string) => client.get(path, { scope: graphScope });
const status = async (id: string) =>
  querySchema.parse(json(await ask(`/v1.0/security/auditLog/queries/${id}`)));

const readAll = async (id: string, top = 999) => {
  const found: z.output<typeof pageSchema>['value'] = [];
  let next: string | undefined = `/v1.0/security/auditLog/queries/${id}/records?$top=${top}`;
  while (next !== undefined) {
    const answer = await ask(next);
    if (answer.status !== 200) return { found, end: refusalOf(answer) };
    const page = pageSchema.parse(json(answer));
    found.push(...page.value);
    next = page['@odata.nextLink'];
  }
  return { found, end: 'whole' };
};

describe('a query of the audit log', () => {
  it('finds what happened in its half-open range, each record once, those of the feed and others', async () => {
    await begin();
    const { id } = await created(3, 17);
    const { found, end } = await readAll(id, 4);
    expect(end).toBe('whole');
    expect(found.map((record) => Number(record.id.slice(-12)))).toEqual(
      Array.from({ length: 14 }, (_, at) => at + 3),
    );
  });

  it('spells records in its own way', async () => {
    await begin();
    const { found } = await readAll((await created()).id);
    expect(found[0]).toMatchObject({
      '@odata.type': '#microsoft.graph.security.auditLogRecord',
      userPrincipalName: 'ada@fabrikam.example',
      auditData: {
        '@odata.type': '#microsoft.graph.security.defaultAuditData',
        'Parameters@odata.type': expect.any(String) as string,
        Id: '00000000-0000-4000-8000-000000000000',
        AssociatedAdminUnits: [],
      },
    });
  });

  it('is queued, runs, and succeeds, and has records only then', async () => {
    await begin({ auditSearchMs: 10 * 60_000 });
    const { id, status: first } = await created();
    expect(first).toBe('notStarted');
    expect((await readAll(id)).end).toBe('400 BadRequest');
    now = new Date(now.getTime() + 5 * 60_000);
    expect((await status(id)).status).toBe('running');
    now = new Date(now.getTime() + 5 * 60_000);
    expect(await status(id)).toMatchObject({
      ...{ status: 'succeeded', approximateReturnedRecordCount: 20, isRecordCountLimitExceeded: false },
    });
    expect(pageSchema.parse(json(await ask('/v1.0/security/auditLog/queries'))).value).toMatchObject([
      { id, displayName: '0-1000' },
    ]);
  });

  it('is cut short at its limit, and says so', async () => {
    await begin({ auditSearchLimit: 5 });
    const { id } = await created();
    expect(await status(id)).toMatchObject({ isRecordCountLimitExceeded: true });
    expect((await readAll(id)).found).toHaveLength(5);
  });

  it('answers 500 after so many records', async () => {
    await begin({ auditSearchFailsAfter: 8 });
    const { found, end } = await readAll((await created()).id, 4);
    expect([found.length, end]).toEqual([8, '500 UnknownError']);
    expect((await readAll((await created(0, 8)).id, 4)).end).toBe('whole');
  });

  it('fails, or leaves out records in its first readings, when it is set to', async () => {
    await begin({ auditSearchFailures: 1, auditSearchUnsteadyReads: 1 });
    expect(await created()).toMatchObject({ status: 'failed' });
    const { id } = await created();
    const counts = [(await readAll(id)).found.length, (await readAll(id)).found.length];
    expect(counts).toEqual([18, 20]);
  });

  it('is refused with 429 beyond those that run at once, and beyond those of a day', async () => {
    await begin({ auditSearchMs: 60_000, auditSearchConcurrency: 2, auditSearchSubmissions: 3 });
    await create();
    await create();
    const busy = await create();
    expect([busy.status, busy.headers['retry-after']]).toEqual([429, '60']);
    now = new Date(now.getTime() + 60_000);
    expect((await create()).status).toBe(201);
    expect((await create()).status).toBe(429);
  });

  it('needs its permission, and auditing', async () => {
    await begin();
    client.simulator.changePolicy(fabrikam, { auditingEnabled: false });
    const refused = await create();
    expect([refused.status, refused.data.includes('AuditingDisabledTenant')]).toEqual([400, true]);
    client.simulator.changePolicy(fabrikam, { grantedRoles: ['Directory.Read.All'] });
    expect(refusalOf(await create())).toBe('403 Authorization_RequestDenied');
  });
});
