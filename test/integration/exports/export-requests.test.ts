/** An export from its request to its file, and records streamed, over HTTP handlers and real storage. */
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { tenantNamed } from '../../support/tenants.ts';
import { contentOf, oddFeed, recordOf } from '../pipeline/invented-records.ts';
import { startExportingApp, type Answered, type ExportingApp } from './exporting-app.ts';

let app: ExportingApp;
let tenantId: string;
let otherTenant: string;

/** The records of Ada, newest first. */
const wanted = Array.from({ length: 1200 }, (_, at) =>
  recordOf(`export ${at}`, {
    CreationTime: new Date(Date.UTC(2026, 2, 20) - at * 3_600_000).toISOString(),
    UserId: at % 3 === 0 ? 'ada@contoso.example' : 'bo@contoso.example',
    ObjectId: at === 0 ? '=1+1' : `https://contoso.example/${at}`,
  }),
);
const adas = wanted.filter(({ UserId }) => UserId === 'ada@contoso.example');
const linesOf = (records: readonly object[]) => records.map((one) => `${JSON.stringify(one)}\n`).join('');

beforeAll(async () => {
  app = await startExportingApp();
  tenantId = await app.pipeline.addTenant('Contoso');
  otherTenant = await app.pipeline.addTenant('Fabrikam');
  const landedAt = new Date('2026-03-21T00:00:00Z');
  await app.pipeline.deliver(tenantId, [contentOf('export', '2026-03-20T00:00:00Z', wanted)], landedAt);
  await app.pipeline.deliver(otherTenant, oddFeed(), landedAt);
}, 240_000);

afterAll(() => app.pipeline.stop());

const startedSchema = z.object({ id: z.string(), status: z.string() });
const parsed = ({ text }: Answered): unknown => JSON.parse(text);

async function start(body: object): Promise<string> {
  const answered = await app.ask(`tenants/${tenantId}/exports`, { method: 'POST', body });
  expect([answered.status, answered.text]).toEqual([202, expect.any(String)]);
  return startedSchema.parse(parsed(answered)).id;
}

async function exported(body: object): Promise<string> {
  const id = await start(body);
  await app.runAll();
  return `tenants/${tenantId}/exports/${id}`;
}

describe('an export', () => {
  it('is not started for a tenant that is being removed', async () => {
    const going = await app.pipeline.addTenant('Adatum');
    await app.pipeline.tenants.update(going, { state: 'Removing' });
    const refused = await app.ask(`tenants/${going}/exports`, { method: 'POST', body: { format: 'csv' } });
    expect(refused.status).toBe(409);
    expect(parsed(refused)).toMatchObject({ error: { code: 'TenantBeingRemoved' } });
  });

  it('is accepted, returns its address, and ends with a file that its manifest describes', async () => {
    const body = { format: 'ndjson', users: 'Ada@contoso.example', from: '2026-01-01' };
    const begun = await app.ask(`tenants/${tenantId}/exports`, { method: 'POST', body });
    const { id } = startedSchema.parse(parsed(begun));
    const path = `https://auditkeep.example/api/tenants/${tenantId}/exports/${id}`;
    expect(begun.headers.get('location')?.split('?t=')).toEqual([`${path}/result`, expect.any(String)]);
    expect(begun.headers.get('operation-location')).toBe(path);
    expect(begun.headers.get('retry-after')).toBe('10');
    expect((await app.ask(`${path}/result`)).status).toBe(202);
    expect((await app.ask(`${path}/content`)).status).toBe(409);
    await app.runAll();
    const content = await app.ask(`${path}/content`);
    expect(content.text).toBe(linesOf(adas));
    const sha256 = createHash('sha256').update(content.text).digest('hex');
    expect(content.headers.get('etag')).toBe(`"${sha256}"`);
    expect(content.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-.*\.ndjson"$/);
    const done = { status: 'Succeeded', recordCount: 400, sha256, bytes: Buffer.byteLength(content.text) };
    expect(parsed(await app.ask(path))).toMatchObject(done);
    expect(parsed(await app.ask(`${path}/result`))).toMatchObject({ ...done, contentUrl: `${path}/content` });
    expect(parsed(await app.ask(`${path}/manifest`))).toMatchObject({
      ...{ exportId: id, recordCount: 400, file: { sha256 }, alterations: [] },
      filters: { users: ['Ada@contoso.example'], from: ['2026-01-01'] },
      timeRange: { from: '2026-01-01T00:00:00.000Z' },
      completeness: { isPartial: true, isPending: true, hasGaps: false },
    });
  });

  it('of what is complete ends there, and its manifest says where', async () => {
    const own = await app.pipeline.addTenant('Complete');
    const landedAt = new Date('2026-03-21T00:00:00Z');
    const content = contentOf('complete', '2026-03-20T00:00:00Z', wanted.slice(0, 10));
    await app.pipeline.deliver(own, [content], landedAt);
    const end = '2026-03-19T20:00:00.000Z';
    for (const contentType of tenantNamed('').contentTypes)
      await app.pipeline.ledger.advance(own, { contentType, listedThrough: new Date(end) });
    const body = { format: 'ndjson', to: 'complete' };
    const begun = await app.ask(`tenants/${own}/exports`, { method: 'POST', body });
    const path = `tenants/${own}/exports/${startedSchema.parse(parsed(begun)).id}`;
    await app.runAll();
    expect((await app.ask(`${path}/content`)).text).toBe(linesOf(wanted.slice(5, 10)));
    const whole = { isPartial: false, isPending: false, hasGaps: false };
    expect(parsed(await app.ask(path))).toMatchObject({ completeThrough: end, ...whole });
    expect(parsed(await app.ask(`${path}/manifest`))).toMatchObject({
      filters: { to: ['complete'] },
      timeRange: { to: end },
      completeness: { completeThrough: end, ...whole },
    });
    const streamed = await app.ask(`tenants/${own}/records-stream?to=complete`);
    expect(streamed.text).toBe(linesOf(wanted.slice(5, 10)));
    expect(streamed.headers.get('x-auditkeep-is-pending')).toBe('false');
  });

  it('of everything, across months, contains each record once, as CSV with the delivered JSON', async () => {
    const content = await app.ask(`${await exported({ format: 'csv', bom: true })}/content`);
    const rows: readonly string[][] = parse(content.text, { bom: true });
    expect(rows.slice(1).map((row) => row[5])).toEqual(wanted.map((one) => JSON.stringify(one)));
  });

  it('as flat CSV contains no formula', async () => {
    const content = await app.ask(`${await exported({ format: 'csvFlat' })}/content`);
    const rows: readonly string[][] = parse(content.text);
    const at = rows[0]?.indexOf('objectId') ?? -1;
    expect(rows[1]?.[at]).toBe("'=1+1");
  });

  it('is sent in parts, and only to a client that does not have it', async () => {
    const path = `${await exported({ format: 'ndjson', to: '2026-03-01' })}/content`;
    const whole = await app.ask(path);
    const etag = whole.headers.get('etag') ?? '';
    const part = await app.ask(path, { headers: { range: 'bytes=5-14', 'if-range': etag } });
    expect([part.status, part.text]).toEqual([206, whole.text.slice(5, 15)]);
    expect(part.headers.get('content-range')).toBe(`bytes 5-14/${whole.text.length}`);
    const stale = await app.ask(path, { headers: { range: 'bytes=5-14', 'if-range': '"other"' } });
    expect([stale.status, stale.text.length]).toEqual([200, whole.text.length]);
    expect((await app.ask(path, { headers: { range: 'bytes=99999999-' } })).status).toBe(416);
    expect((await app.ask(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('answers HEAD with everything but the file', async () => {
    const path = `${await exported({ format: 'ndjson', to: '2026-03-01' })}/content`;
    const whole = await app.ask(path);
    const head = await app.ask(path, { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(String(whole.text.length));
    for (const name of ['etag', 'accept-ranges', 'content-disposition', 'content-type'])
      expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
  });

  it('that matches nothing is an empty file', async () => {
    const path = await exported({ format: 'ndjson', users: 'unknown@contoso.example' });
    expect(await app.ask(`${path}/content`)).toMatchObject({ status: 200, text: '' });
  });

  it('can be canceled, and then has neither file nor result', async () => {
    const path = `tenants/${tenantId}/exports/${await start({ format: 'csv' })}`;
    expect((await app.ask(`${path}/cancel`, { method: 'POST' })).status).toBe(202);
    await app.runAll();
    expect(parsed(await app.ask(path))).toMatchObject({ status: 'Canceled' });
    expect((await app.ask(`${path}/result`)).status).toBe(422);
    expect((await app.ask(`${path}/content`)).status).toBe(409);
  });

  it.each([
    [{}, 'format'],
    [{ format: 'pdf' }, 'format'],
    [{ format: 'csv', usr: 'x' }, 'usr'],
    [{ format: 'csv', from: 'yesterday' }, 'from'],
    [{ format: 'csv', users: 7 }, 'users'],
    [{ format: 'csvFlat', select: ['nothing'] }, 'select'],
    [{ format: 'csv', select: ['id'] }, 'select'],
    [{ format: 'csv', from: '2026-03-02', to: '2026-03-01' }, 'to'],
  ])('requested with %j is refused, naming %s', async (body, target) => {
    const refused = await app.ask(`tenants/${tenantId}/exports`, { method: 'POST', body });
    expect([refused.status, parsed(refused)]).toMatchObject([400, { error: { target } }]);
  });

  it('of another tenant looks like one that does not exist', async () => {
    const id = (await exported({ format: 'ndjson' })).split('/').at(-1) ?? '';
    const key = await app.pipeline.createKey(otherTenant);
    for (const end of ['', '/result', '/content', '/manifest']) {
      const foreign = await app.ask(`tenants/${otherTenant}/exports/${id}${end}`, { key });
      const missing = await app.ask(`tenants/${otherTenant}/exports/${tenantId}${end}`, { key });
      expect([foreign.status, foreign.text]).toEqual([404, missing.text]);
      expect((await app.ask(`tenants/${tenantId}/exports/${id}${end}`, { key })).status).toBe(404);
    }
  });
});

describe('records in one response', () => {
  const path = (query = '') => `tenants/${tenantId}/records-stream${query}`;

  it('come as delivered, as a file that nothing reads as text', async () => {
    const answered = await app.ask(path('?users=ada@contoso.example'));
    expect(answered.text).toBe(linesOf(adas));
    expect(answered.headers.get('content-type')).toBe('application/octet-stream');
    expect(answered.headers.get('content-disposition')).toContain(`audit-${tenantId}.ndjson`);
    expect(answered.headers.get('x-auditkeep-is-partial')).toMatch(/^(true|false)$/);
  });

  it('come as CSV where the format says so', async () => {
    const answered = await app.ask(path('?format=csv&from=2026-03-19'));
    const rows: readonly string[][] = parse(answered.text);
    expect(rows).toHaveLength(wanted.filter((_, at) => at <= 24).length + 1);
  });

  it.each(['format=xml', 'top=5', 'skiptoken=x'])('do not take %s', async (query) => {
    const [target] = query.split('=');
    const answered = await app.ask(path(`?${query}`));
    expect([answered.status, parsed(answered)]).toMatchObject([400, { error: { target } }]);
  });
});

describe('records requested with an Accept header', () => {
  const path = (query = '') => `tenants/${tenantId}/records${query}`;

  it('as NDJSON come all at once, as delivered', async () => {
    const accept = 'application/x-ndjson';
    const answered = await app.ask(path('?users=ada@contoso.example'), { headers: { accept } });
    expect(answered.text).toBe(linesOf(adas));
    expect(answered.headers.get('content-type')).toContain(accept);
  });

  it('as CSV come with the header of the portal', async () => {
    const answered = await app.ask(path('?from=2026-03-19'), { headers: { accept: 'text/csv' } });
    const rows: readonly string[][] = parse(answered.text);
    expect(rows).toHaveLength(wanted.filter((_, at) => at <= 24).length + 1);
  });

  it('cannot be paged', async () => {
    const answered = await app.ask(path('?top=5'), { headers: { accept: 'text/csv' } });
    expect([answered.status, parsed(answered)]).toMatchObject([400, { error: { target: 'top' } }]);
  });

  it('are refused in other forms, with those that there are', async () => {
    const answered = await app.ask(path(), { headers: { accept: 'application/xml' } });
    expect(answered.status).toBe(406);
    expect(answered.text).toContain('application/json, application/x-ndjson, text/csv');
  });

  it.each(['application/json', '*/*', 'application/json, text/csv;q=0.1'])(
    'of %s are a list',
    async (accept) => {
      expect((await app.ask(path(), { headers: { accept } })).text).toMatch(/^{"value":\[/);
    },
  );
});
