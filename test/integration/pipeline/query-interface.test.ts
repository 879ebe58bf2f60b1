/** What the query interface promises in addition to its filters: dialects, members, ids, several tenants, stable pages. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { askPages, followPages, idsOf } from './asking.ts';
import { contentOf, guidOf, recordOf } from './invented-records.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';
import { readParameters } from '../../../shared/http/parameters.ts';
import { answerRecords } from '../../../shared/query/answer-page.ts';
import { listParameters, toRecordQuery } from '../../../shared/query/record-query.ts';
import { forgetTenant, tenantNamed } from '../../support/tenants.ts';

const created = '2026-03-01T10:00:00Z';
const landedAt = new Date('2026-03-02T10:00:00Z');

let pipeline: Pipeline;
let tenantId: string;

/** Records `name 0` to `name n-1`, a minute apart, the last one newest. */
function series(name: string, count: number) {
  return Array.from({ length: count }, (_, at) =>
    recordOf(`${name} ${at}`, {
      CreationTime: new Date(Date.parse('2026-03-01T09:00:00Z') + at * 60_000).toISOString(),
      UserId: at % 2 === 0 ? 'ada@contoso.example' : 'Ada@Contoso.example',
      Operation: at % 3 === 0 ? 'FileDeleted' : 'FileAccessed',
    }),
  );
}

beforeAll(async () => {
  pipeline = await startPipeline();
  tenantId = await pipeline.addTenant('Interface');
  await pipeline.deliver(tenantId, [contentOf('series', created, series('r', 10))], landedAt);
});

afterAll(() => pipeline.stop());

const anyObject = z.looseObject({});
const pendingOnly = { isPartial: true, isPending: true, hasGaps: false };

async function bodyOf(path: string, status = 200): Promise<Readonly<Record<string, unknown>>> {
  const answer = await pipeline.get(path);
  expect([answer.status, answer.body.toString()]).toEqual([status, expect.any(String)]);
  return anyObject.parse(JSON.parse(answer.body.toString()));
}

const errorSchema = z.object({
  error: z.object({ code: z.string(), target: z.string(), message: z.string() }),
});

async function refusalOf(path: string) {
  const { status, body } = await pipeline.get(path);
  const { error } = errorSchema.parse(JSON.parse(body.toString()));
  return { status, target: error.target, message: error.message };
}

describe('a tenant that was removed without a purge', () => {
  it('has its records back as soon as it is registered again, without consent', async () => {
    const removed = await pipeline.addTenant('Came back');
    await pipeline.deliver(removed, [contentOf('kept', created, series('kept', 3))], landedAt);
    await forgetTenant(pipeline.tenants, removed);
    expect((await pipeline.get(`tenants/${removed}/records`)).status).toBe(404);
    const again = tenantNamed('Again', { tenantId: removed, state: 'PendingConsent' });
    await pipeline.tenants.create(again);
    const pages = await askPages(pipeline, { tenantId: removed, query: {} });
    expect(pages.flatMap(({ value }) => value)).toHaveLength(3);
    await forgetTenant(pipeline.tenants, removed);
  });
});

describe('a tenant named by a domain', () => {
  it('is the same as by its ID, in every form of the domain, page by page', async () => {
    await pipeline.tenants.update(tenantId, { domain: 'xn--bcher-kva.example' });
    const byId = await askPages(pipeline, { tenantId, query: { top: '4' } });
    for (const name of ['bücher.example', 'XN--BCHER-KVA.example'].map(encodeURIComponent)) {
      const pages = await followPages(pipeline, `tenants/${name}/records?top=4`);
      expect(idsOf(pages)).toEqual(idsOf(byId));
      const { nextLink } = await bodyOf(`tenants/${name}/records?top=4&users=ada@contoso.example`);
      expect(nextLink).toContain(`/tenants/${tenantId}/records?top=4&users=ada@contoso.example&skiptoken=`);
      const { value } = await bodyOf(`records?tenants=${name},${tenantId}`);
      expect(z.array(z.object({ tenantId: z.literal(tenantId) })).parse(value)).toHaveLength(10);
    }
    const absent = await pipeline.get('tenants/absent.example/records');
    const unknown = await pipeline.get(`tenants/${guidOf('absent')}/records`);
    expect([absent.status, absent.body.toString()]).toEqual([404, unknown.body.toString()]);
  });
});

describe('a caller who accepts only CSV', () => {
  it.each(['records?tenants=*', 'tenants/{id}/records/summary?groupBy=operation', 'tenants/{id}', 'tenants'])(
    'is refused where there is only JSON: %s',
    async (route) => {
      const path = route.replace('{id}', tenantId);
      const { status, body } = await pipeline.get(path, { headers: { accept: 'text/csv' } });
      const { error } = errorSchema.parse(JSON.parse(body.toString()));
      expect([status, error.code, error.target]).toEqual([406, 'NotAcceptable', 'Accept']);
      expect(error.message).toMatch(/It answers with application\/json\.$/);
      const wide = await pipeline.get(path, { headers: { accept: 'text/csv, */*;q=0.1' } });
      expect([wide.status, wide.headers['content-type']]).toEqual([200, 'application/json']);
    },
  );
});

describe('a range up to what is complete', () => {
  const complete = '2026-03-01T09:05:30.000Z';
  const listed = async (id: string, at: string) => {
    for (const contentType of tenantNamed('').contentTypes)
      await pipeline.ledger.advance(id, { contentType, listedThrough: new Date(at) });
  };
  let tenants: readonly string[];

  beforeAll(async () => {
    tenants = [await pipeline.addTenant('Complete'), await pipeline.addTenant('Later')];
    for (const [at, id] of tenants.entries())
      await pipeline.deliver(id, [contentOf(`complete ${at}`, created, series(`c${at}`, 10))], landedAt);
    await listed(tenants[0] ?? '', complete);
    await listed(tenants[1] ?? '', '2026-03-02T09:00:00Z');
  });

  it.each(['desc', 'asc'])('has nothing after it, on later pages neither, %s', async (order) => {
    const tenant = await pipeline.tenants.get(tenants[0] ?? '');
    if (tenant === undefined) throw new Error('The tenant was added.');
    const known = await pipeline.completeness(tenant);
    let completeThrough = new Date(complete);
    const deps = { ...pipeline, completeness: () => Promise.resolve({ ...known, completeThrough }) };
    const [ids, facts]: [string[], unknown[]] = [[], []];
    const asked = `https://auditkeep.example/api/records?to=complete&top=4&orderby=createdDateTime%20${order}`;
    for (let url: string | undefined = asked; url !== undefined;) {
      const { parameters, dialect } = readParameters(listParameters, new URL(url).searchParams);
      const query = toRecordQuery(parameters, dialect);
      const { body } = await answerRecords(deps, { tenant, query, url });
      if (body === undefined) throw new Error('Only expanded lists are serialized.');
      ids.push(...body.value.map(({ id }) => String(id)));
      facts.push([body.isPartial, body.isPending, body.hasGaps]);
      url = body.nextLink;
      // What becomes complete meanwhile does not move the end.
      completeThrough = new Date('2026-03-01T09:08:00Z');
    }
    const wanted = [0, 1, 2, 3, 4, 5].map((at) => guidOf(`c0 ${at}`));
    expect(ids).toEqual(order === 'asc' ? wanted : wanted.toReversed());
    expect(facts).toEqual([
      [false, false, false],
      [false, false, false],
    ]);
  });

  it('ends at the earliest of several tenants', async () => {
    const body = await bodyOf(`records?tenants=${tenants.join(',')}&to=complete`);
    expect(body).toMatchObject({ value: { length: 12 }, completeThrough: complete, isPending: false });
    expect(body['tenants']).toMatchObject([{ isPending: false }, { isPending: false }]);
    const open = await bodyOf(`records?tenants=${tenants.join(',')}`);
    expect(open).toMatchObject({ value: { length: 20 }, isPartial: true, isPending: true, hasGaps: false });
  });

  it('is what a summary covers', async () => {
    const body = await bodyOf(`tenants/${tenants[0]}/records/summary?groupBy=operation&to=complete`);
    expect(body).toMatchObject({ total: 6, covers: { to: complete }, isPending: false });
  });

  it('is empty, and pending, if nothing of it is complete', async () => {
    for (const query of ['to=complete', 'to=complete&from=2026-01-01', 'to=complete&orderby=createdDateTime'])
      expect(await bodyOf(`tenants/${tenantId}/records?${query}`)).toMatchObject({
        value: [],
        isPending: true,
      });
    const after = await bodyOf(`tenants/${tenants[0]}/records?to=complete&from=2026-03-01T09:06:00Z`);
    expect(after).toMatchObject({ value: [], completeThrough: complete, isPending: true });
  });

  it('says what is wrong with another word', async () => {
    const { status, target, message } = await refusalOf(`tenants/${tenantId}/records?to=completed`);
    expect([status, target]).toEqual([400, 'to']);
    expect(message).toContain('ISO 8601');
  });
});

describe('a caller who writes names like OData', () => {
  it('gets @odata.nextLink, which continues in the same dialect, and all records', async () => {
    const first = `tenants/${tenantId}/records?$top=4&$orderby=createdDateTime%20desc&users=ada@contoso.example`;
    const ids: unknown[] = [];
    let next: string | undefined = first;
    for (let page = 0; next !== undefined; page++) {
      const body = await bodyOf(next);
      expect(body).not.toHaveProperty('nextLink');
      ids.push(
        ...z
          .array(z.looseObject({ id: z.string() }))
          .parse(body['value'])
          .map(({ id }) => id),
      );
      next = z.string().optional().parse(body['@odata.nextLink']);
      if (next !== undefined) expect(new URL(next).searchParams.getAll('$top')).toEqual(['4']);
    }
    expect(ids).toEqual(Array.from({ length: 10 }, (_, at) => guidOf(`r ${9 - at}`)));
  });

  it.each([
    ['$count=true', '$count'],
    ['$expand=x', '$expand'],
    ['$filter=nothing%20eq%201', '$filter'],
    ['filter=userId%20eq', 'filter'],
    ['$users=a', '$users'],
  ])('gets an error that names the invalid parameter: %s', async (query, target) => {
    expect(await refusalOf(`tenants/${tenantId}/records?${query}`)).toMatchObject({ status: 400, target });
  });
});

describe('select', () => {
  it('returns these members and no others', async () => {
    const { value } = await bodyOf(`tenants/${tenantId}/records?select=operation,id&top=1`);
    expect(value).toEqual([{ operation: 'FileDeleted', id: guidOf('r 9') }]);
  });
});

describe('records requested by id', () => {
  it('are found, each once, newest first, page by page, whatever else is among the ids', async () => {
    const ids = [3, 7, 1, 7]
      .map((at) => guidOf(`r ${at}`))
      .concat('nothing', guidOf('unknown'))
      .join();
    for (const top of ['1', '100']) {
      expect(idsOf(await askPages(pipeline, { tenantId, query: { ids, top } }))).toEqual(
        [7, 3, 1].map((at) => guidOf(`r ${at}`)),
      );
    }
    const asc = { ids: ids.toUpperCase(), orderby: 'createdDateTime asc', top: '2' };
    expect(idsOf(await askPages(pipeline, { tenantId, query: asc }))).toEqual(
      [1, 3, 7].map((at) => guidOf(`r ${at}`)),
    );
  });

  it('are filtered like all others', async () => {
    const query = {
      ids: [3, 4].map((at) => guidOf(`r ${at}`)).join(),
      operations: 'FileDeleted',
      text: 'r 3',
    };
    expect(idsOf(await askPages(pipeline, { tenantId, query }))).toEqual([guidOf('r 3')]);
  });
});

describe('one record', () => {
  it('shows auditData parsed', async () => {
    const body = await bodyOf(`tenants/${tenantId}/records/${guidOf('r 3')}`);
    expect(body).toMatchObject({ id: guidOf('r 3'), auditData: series('r', 10)[3] });
  });
});

describe('pages while records arrive', () => {
  it.each(['desc', 'asc'])('hold what was there at the first one: %s', async (by) => {
    const tenant = await pipeline.addTenant(`Arriving ${by}`);
    await pipeline.deliver(tenant, [contentOf('one', created, series('old', 6))], landedAt);
    const query = { top: '2', orderby: `createdDateTime ${by}` };
    const [first] = await askPages(pipeline, { tenantId: tenant, query, maxPages: 1 });
    // They lie among the others, in time.
    await pipeline.deliver(tenant, [contentOf('two', created, series('new', 6))], new Date());
    const rest = await followPages(pipeline, first?.nextLink ?? '');
    const wanted = Array.from({ length: 6 }, (_, at) => guidOf(`old ${by === 'asc' ? at : 5 - at}`));
    expect([...idsOf(first === undefined ? [] : [first]), ...idsOf(rest)]).toEqual(wanted);
    expect(idsOf(await askPages(pipeline, { tenantId: tenant, query }))).toHaveLength(12);
  });

  it('have the completeness of the first one', async () => {
    const tenant = await pipeline.addTenant('Completing');
    await pipeline.deliver(tenant, [contentOf('one', created, series('c', 4))], landedAt);
    const advance = async (time: string) => {
      for (const contentType of ['Audit.Exchange', 'Audit.SharePoint', 'Audit.General'] as const)
        await pipeline.ledger.advance(tenant, { contentType, listedThrough: new Date(time) });
    };
    await advance('2026-03-02T00:00:00Z');
    const query = { top: '2', to: '2026-03-03' };
    const [first] = await askPages(pipeline, { tenantId: tenant, query, maxPages: 1 });
    const [second] = await followPages(pipeline, first?.nextLink ?? '');
    expect(second?.completeThrough).toBe(first?.completeThrough);
    expect([first?.isPartial, second?.isPartial]).toEqual([true, true]);
  });
});

describe('a next link', () => {
  /** Every page's link can be followed and is little longer than the first address. @returns the ids found */
  async function read(path: string): Promise<readonly unknown[]> {
    const ids: unknown[] = [];
    const longest = new URL(path, pipeline.baseUrl).href.length + 400;
    for (let next: string | undefined = path; next !== undefined;) {
      const body = await bodyOf(next);
      ids.push(
        ...z
          .array(z.object({ id: z.string() }))
          .parse(body['value'])
          .map(({ id }) => id),
      );
      next = z.string().optional().parse(body['nextLink']);
      expect((next ?? '').length).toBeLessThanOrEqual(longest);
    }
    return ids;
  }

  const all = Array.from({ length: 10 }, (_, at) => guidOf(`r ${9 - at}`));

  it.each([
    ['quotes', `filter=userId%20ne%20%27${'%27%27'.repeat(900)}%27`],
    ['quotes as they are', `filter=userId%20ne%20'${"''".repeat(900)}'`],
    ['parentheses', `filter=${'('.repeat(19)}userId%20ne%20'x'${')'.repeat(19)}&text=r%20`],
    [
      'many values',
      `users=${Array.from({ length: 99 }, (_, at) => `user${at}@contoso.example`).join()},ada@contoso.example`,
    ],
    ['oldest first', 'orderby=createdDateTime%20asc'],
  ])('is at most 400 characters longer than the address that asked: %s', async (_, query) => {
    const ids = await read(`tenants/${tenantId}/records?${query}&top=3`);
    expect(ids.toSorted()).toEqual(all.toSorted());
  });

  it('of many tenants and users is no longer, although it does not hold their positions', async () => {
    const tenants = await Promise.all(
      Array.from({ length: 20 }, (_, at) => pipeline.addTenant(`Many ${at}`)),
    );
    for (const [at, tenant] of tenants.entries())
      await pipeline.deliver(tenant, [contentOf(`m${at}`, created, series(`m${at}`, 3))], landedAt);
    const users = 'ada@contoso.example,eve@contoso.example,bob@contoso.example';
    expect(await read(`records?tenants=${tenants.join()}&users=${users}&top=7`)).toHaveLength(60);
  });

  it('of a saved search stays at its address, however long its filters are, until it is changed', async () => {
    const longFilter = `userId ne '${'x'.repeat(7900)}'`;
    const save = (filter: string) =>
      pipeline.searches.put(
        { owner: tenantId, name: 'long', filters: { filter }, lastModifiedDateTime: new Date() },
        { kind: 'absent' },
      );
    await save(longFilter);
    const path = `tenants/${tenantId}/searches/long/records?top=4`;
    expect(await read(path)).toEqual(all);
    const next = z.string().parse((await bodyOf(path))['nextLink']);
    await pipeline.searches.remove(tenantId, 'long');
    await save(`userId ne 'y'`);
    expect(await refusalOf(next)).toMatchObject({ status: 400, target: 'skiptoken' });
  });

  it('is refused before anything is read when it could not be followed', async () => {
    const question = `tenants/${tenantId}/records?filter=${encodeURIComponent(`userId ne '${'x'.repeat(7600)}'`)}`;
    const { status, body, headers } = await pipeline.get(question);
    expect([status, headers['x-ms-error-code']]).toEqual([414, 'AddressTooLong']);
    expect(body.toString()).toContain('PUT …/searches/{name}');
  });
});

describe('records of several tenants', () => {
  let tenants: readonly string[];

  beforeAll(async () => {
    tenants = [await pipeline.addTenant('First'), await pipeline.addTenant('Second')];
    for (const [at, tenant] of tenants.entries()) {
      // The same ids in both: one tenant's records must not hide the other's.
      await pipeline.deliver(tenant, [contentOf(`t${at}`, created, series('shared', 5 + at))], landedAt);
    }
  });

  const seen = z.array(z.object({ tenantId: z.string(), id: z.string(), createdDateTime: z.string() }));
  const anyPage = z.object({ value: z.array(z.unknown()) });

  it.each([
    [1, 'desc'],
    [3, 'asc'],
    [100, 'desc'],
  ])('are merged by time, in pages of %i, %s', async (top, by) => {
    const orderby = `createdDateTime ${by}`;
    const search = new URLSearchParams({ tenants: tenants.join(), top: String(top), orderby }).toString();
    const pages = await followPages(pipeline, `records?${search}`);
    const records = seen.parse(pages.flatMap(({ value }) => value));
    const times = records.map(({ createdDateTime }) => createdDateTime);
    expect(times).toEqual(by === 'asc' ? times.toSorted() : times.toSorted().reverse());
    expect(new Set(records.map((record) => `${record.tenantId} ${record.id}`)).size).toBe(11);
    expect(records).toHaveLength(11);
    expect(pages.every((page) => page.value.length <= top && page.isPartial)).toBe(true);
  });

  it('include all visible tenants, each with its completeness', async () => {
    const key = await pipeline.createKey(tenants[0] ?? '');
    const own = await pipeline.get('records?tenants=*&select=id', { key });
    const body = z
      .object({
        value: z.array(z.object({ tenantId: z.string(), id: z.string() })),
        tenants: z.array(anyObject),
      })
      .parse(JSON.parse(own.body.toString()));
    expect(body.value).toHaveLength(5);
    expect(body.tenants).toEqual([{ tenantId: tenants[0], displayName: 'First', ...pendingOnly }]);
    const { value } = await bodyOf('records?tenants=*&top=1000&operations=FileAccessed');
    expect(new Set(seen.parse(value).map((record) => record.tenantId)).size).toBeGreaterThan(2);
  });

  it('are refused as not found if one of them is not visible to the caller', async () => {
    const key = await pipeline.createKey(tenants[0] ?? '');
    const foreign = await pipeline.get(`records?tenants=${tenants.join()}`, { key });
    const unknown = await pipeline.get(`records?tenants=${tenants[0] ?? ''},${guidOf('none')}`, { key });
    expect([foreign.status, foreign.body.toString()]).toEqual([404, unknown.body.toString()]);
  });

  it('cannot continue with a next link of other tenants', async () => {
    const [page] = await followPages(pipeline, `records?tenants=${tenants.join()}&top=1`, 1);
    const other = new URL(page?.nextLink ?? '');
    other.searchParams.set('tenants', tenants[0] ?? '');
    expect((await pipeline.get(other.href)).headers['x-ms-error-code']).toBe('InvalidSkipToken');
  });

  it('can continue in another order, with the tenants of the first page', async () => {
    const named = new URL(
      (await followPages(pipeline, `records?tenants=${tenants.join()}&top=1`, 1))[0]?.nextLink ?? '',
    );
    named.searchParams.set('tenants', tenants.toReversed().join());
    expect((await pipeline.get(named.href)).status).toBe(200);
    const [, page] = await followPages(pipeline, 'records?tenants=*&top=1', 2);
    const next = page?.nextLink ?? '';
    expect((await pipeline.get(next)).status).toBe(200);
    const before = await pipeline.get(next);
    const added = await pipeline.addTenant('Came between two pages');
    await pipeline.deliver(added, [contentOf('added', created, series('added', 3))], landedAt);
    const after = await pipeline.get(next);
    const shown = ({ body }: typeof after) => seen.parse(anyPage.parse(JSON.parse(body.toString())).value);
    expect(shown(after)).toEqual(shown(before));
    expect(after.body.toString()).not.toContain(added);
    await forgetTenant(pipeline.tenants, added);
  });
});

describe('counts', () => {
  const path = (query: string) => `tenants/${tenantId}/records/summary?${query}`;

  it.each<[string, object]>([
    [
      'groupBy=operation',
      {
        value: [
          { operation: 'FileAccessed', count: 6 },
          { operation: 'FileDeleted', count: 4 },
        ],
      },
    ],
    ['groupBy=user', { value: [{ user: 'Ada@Contoso.example', count: 10 }], total: 10 }],
    ['groupBy=day', { value: [{ day: '2026-03-01', count: 10 }] }],
    ['groupBy=hour&users=ada@contoso.example', { value: [{ hour: '2026-03-01T09:00:00Z', count: 10 }] }],
    ['groupBy=recordType', { value: [{ recordType: 'SharePointFileOperation', count: 10 }] }],
    ['groupBy=mailbox', { value: [{ mailbox: null, count: 10 }] }],
    [
      'groupBy=service,operation&text=r 9',
      { value: [{ service: 'SharePoint', operation: 'FileDeleted', count: 1 }] },
    ],
    [
      'groupBy=operation&top=1',
      { value: [{ operation: 'FileAccessed', count: 6 }], other: { groups: 1, count: 4 } },
    ],
    ['groupBy=clientIp&operations=Nothing', { value: [], total: 0 }],
  ])('by %s', async (query, wanted) => {
    expect(await bodyOf(path(query))).toMatchObject(wanted);
  });

  it.each(['', 'groupBy=', 'groupBy=nothing', 'groupBy=day,user,service', 'groupBy=__proto__'])(
    'are refused without something to count by: %j',
    async (query) => {
      expect(await refusalOf(path(query))).toMatchObject({ status: 400, target: 'groupBy' });
    },
  );

  it('cannot continue as a list', async () => {
    const [page] = await askPages(pipeline, { tenantId, query: { top: '1' }, maxPages: 1 });
    const token = new URL(page?.nextLink ?? '').searchParams.get('skiptoken') ?? '';
    expect(await refusalOf(path(`groupBy=day&skiptoken=${token}`))).toMatchObject({ target: 'skiptoken' });
  });
});
