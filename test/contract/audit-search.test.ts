/** The promises about Microsoft's search of the audit log, kept in memory and by the adapter with the simulator. */
import { afterEach, describe, expect, it } from 'vitest';
import type { AuditSearch, FoundRow, Reading } from '../../shared/backfills/audit-search.ts';
import { startBudget } from '../../shared/budget.ts';
import { createClock, dayMs, hourMs, minuteMs } from '../support/clock.ts';
import { createFakeAuditSearch } from '../support/fakes/audit-search.ts';
import { serveAuditSearch } from '../support/served-audit-search.ts';
import { fabrikamId } from '../support/tenants.ts';

const tenant = { tenantId: fabrikamId, cloud: 'enterprise' } as const;
const start = new Date('2026-01-05T00:00:00.000Z');
const window = { start, end: new Date(start.getTime() + dayMs) };
/** More than a page of either. */
const count = 600;
const guidAt = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;

function textAt(at: number): string {
  const CreationTime = new Date(start.getTime() + (at * dayMs) / count).toISOString().slice(0, 19);
  const said = { Operation: 'FileAccessed', UserId: 'ada@fabrikam.example', OrganizationId: fabrikamId };
  return JSON.stringify({ Id: guidAt(at), CreationTime, ...said, Items: [{ Name: 'a', Value: at }] });
}

const texts = Array.from({ length: count }, (_, at) => textAt(at));

interface Rules {
  readonly runsMs?: number;
  readonly limit?: number;
  readonly failsAfter?: number;
  readonly atOnce?: number;
  readonly failures?: number;
}

interface World {
  readonly search: AuditSearch;
  readonly advance: (ms: number) => void;
  readonly stop?: () => Promise<void>;
}

const worlds: World[] = [];
afterEach(async () => {
  for (const { stop } of worlds.splice(0)) await stop?.();
});

function openFake(rules: Rules): Promise<World> {
  const clock = createClock('2026-03-10T12:00:00.000Z');
  const search = createFakeAuditSearch(clock.now);
  search.log(texts);
  Object.assign(search.rules, { pageSize: 250, ...rules });
  return Promise.resolve({
    search,
    advance: (ms: number) => {
      clock.advance(ms);
    },
  });
}

async function openReal(rules: Rules): Promise<World> {
  const clock = createClock('2026-03-10T12:00:00.000Z');
  const served = await serveAuditSearch({
    tenant: {
      ...{ tenantId: fabrikamId, displayName: 'Fabrikam', domain: 'fabrikam.example', auditingEnabled: true },
      ...{ records: [], searchOnly: texts },
      directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
    },
    now: clock.now,
    settings: {
      auditSearchMs: rules.runsMs,
      auditSearchLimit: rules.limit,
      auditSearchFailsAfter: rules.failsAfter,
      auditSearchConcurrency: rules.atOnce,
      auditSearchFailures: rules.failures,
    },
  });
  return {
    search: served.search,
    advance: (ms: number) => {
      clock.advance(ms);
    },
    stop: served.stop,
  };
}

const budget = startBudget(5 * minuteMs);

describe.each([
  ['in memory', openFake],
  ['in Microsoft Graph', openReal],
])('a search of the audit log %s', (_where, open) => {
  const begin = async (rules: Rules = {}) => {
    const world = await open(rules);
    worlds.push(world);
    const create = (name = 'one', range = window) =>
      world.search.create(tenant, { name, window: range }, budget);
    const rows = async (reading: Reading) => {
      const found: FoundRow[] = [];
      for await (const page of world.search.pages(tenant, reading, budget)) found.push(...page.rows);
      return found;
    };
    return { ...world, create, rows, status: (id: string) => world.search.status(tenant, id, budget) };
  };

  it('finds what happened in a half-open window, as the record without annotations', async () => {
    const { create, rows, status } = await begin();
    const part = { start: new Date(start.getTime() + hourMs), end: new Date(start.getTime() + 2 * hourMs) };
    const id = await create('part', part);
    expect(await status(id)).toEqual({ state: 'succeeded', records: 25, isCutShort: false });
    const found = await rows({ queryId: id });
    expect(found.map((row) => row.id)).toEqual(Array.from({ length: 25 }, (_, at) => guidAt(at + 25)));
    const { Id, Items } = found[0]?.fields ?? {};
    expect([Id, Items]).toEqual([guidAt(25), [{ Name: 'a', Value: 25 }]]);
    expect(JSON.stringify(found)).not.toContain('@odata');
  });

  it('is read page by page, and from any page on', async () => {
    const { search, create, rows } = await begin();
    const queryId = await create();
    const first = [];
    for await (const page of search.pages(tenant, { queryId }, budget)) {
      first.push(page);
      break;
    }
    const [{ rows: begun, next } = { rows: [], next: undefined }] = first;
    expect(next).toBeDefined();
    const rest = await rows({ queryId, from: next });
    expect([...begun, ...rest].map(({ id }) => id)).toEqual(texts.map((_, at) => guidAt(at)));
  });

  it('gives IDs alone when no more is needed', async () => {
    const { create, rows } = await begin();
    const found = await rows({ queryId: await create(), idsOnly: true });
    expect(found.map(({ id }) => id)).toEqual(texts.map((_, at) => guidAt(at)));
  });

  it('waits until a query has ended', async () => {
    const { create, status, advance } = await begin({ runsMs: 10 * minuteMs });
    const id = await create();
    expect(await status(id)).toMatchObject({ state: 'waiting' });
    advance(10 * minuteMs);
    expect(await status(id)).toMatchObject({ state: 'succeeded' });
  });

  it('says that a query failed, was cut short, or does not exist', async () => {
    const { create, status } = await begin({ failures: 1, limit: 10 });
    expect(await status(await create())).toMatchObject({ state: 'failed' });
    expect(await status(await create())).toMatchObject({ state: 'succeeded', records: 10, isCutShort: true });
    expect(await status('c2a7f9d4-1e6b-4d0f-b6a3-94e8d5270f43')).toMatchObject({ state: 'gone' });
  });

  it('finds a query by its name', async () => {
    const { search, create } = await begin();
    await create('one');
    const id = await create('other');
    expect(await search.find(tenant, 'other', budget)).toBe(id);
    expect(await search.find(tenant, 'third', budget)).toBeUndefined();
  });

  it('fails after so many rows, and gives those before', async () => {
    const { search, create } = await begin({ failsAfter: 500 });
    let read = 0;
    const reading = async () => {
      const queryId = await create();
      for await (const { rows } of search.pages(tenant, { queryId }, budget)) read += rows.length;
    };
    await expect(reading()).rejects.toMatchObject({ action: 'retry' });
    expect(read).toBe(500);
  });

  it('asks for a pause when too many queries run', async () => {
    const { create } = await begin({ runsMs: minuteMs, atOnce: 1 });
    await create();
    await expect(create()).rejects.toMatchObject({ action: 'pause', retryAfterMs: minuteMs });
  });
});

describe('Microsoft Graph', () => {
  const open = async (roles?: readonly string[]) => {
    const served = await serveAuditSearch({
      tenant: {
        ...{ tenantId: fabrikamId, displayName: 'Fabrikam', domain: 'fabrikam.example' },
        ...{ auditingEnabled: false, records: [] },
        directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
      },
      now: () => new Date(),
      ...(roles && { roles }),
    });
    worlds.push({ search: served.search, advance: () => undefined, stop: served.stop });
    return served.search;
  };

  it('without the permission names the permission and what to do', async () => {
    const refused = expect((await open(['Directory.Read.All'])).ensureAllowed(tenant, budget)).rejects;
    await refused.toMatchObject({
      ...{ action: 'fail', code: 'Authorization_RequestDenied' },
      cure: expect.stringContaining('AuditLogsQuery.Read.All') as string,
    });
  });

  it('refuses a permission for some workloads only, whose searches leave out the others without saying so', async () => {
    const search = await open(['AuditLogsQuery-Exchange.Read.All', 'AuditLogsQuery-SharePoint.Read.All']);
    await expect(search.ensureAllowed(tenant, budget)).rejects.toMatchObject({
      ...{ action: 'fail', code: 'AuditLogsQueryPartial' },
      cure: expect.stringContaining('AuditLogsQuery.Read.All') as string,
    });
  });

  it('with auditing off says so, and what to do', async () => {
    const search = await open();
    await search.ensureAllowed(tenant, budget);
    await expect(search.create(tenant, { name: 'one', window }, budget)).rejects.toMatchObject({
      ...{ action: 'fail', code: 'AuditingDisabledTenant' },
      cure: expect.stringContaining('start an enablement') as string,
    });
  });

  it('is not asked in clouds without the search', async () => {
    const search = await open();
    await expect(search.ensureAllowed({ ...tenant, cloud: 'dod' }, budget)).rejects.toMatchObject({
      ...{ action: 'fail', code: 'SearchNotOffered' },
    });
  });
});
