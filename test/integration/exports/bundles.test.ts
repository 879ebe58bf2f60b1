/** Exports of several tenants from the request to the files, over HTTP handlers and real storage. */
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { contentOf, recordOf } from '../pipeline/invented-records.ts';
import { startExportingApp, type Answered, type ExportingApp } from './exporting-app.ts';

let app: ExportingApp;
let tenants: readonly { readonly tenantId: string; readonly displayName: string }[];

const recordsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) =>
    recordOf(`bundle ${name} ${at}`, {
      CreationTime: new Date(Date.UTC(2026, 2, 20) - at * 3_600_000).toISOString(),
      UserId: at % 2 === 0 ? 'ada@contoso.example' : 'bo@contoso.example',
    }),
  );
const records = { Contoso: recordsOf('Contoso', 700), Fabrikam: recordsOf('Fabrikam', 11) };
type Name = keyof typeof records;
const nameOf = ({ displayName }: { readonly displayName: string }): Name =>
  displayName === 'Contoso' ? 'Contoso' : 'Fabrikam';

beforeAll(async () => {
  app = await startExportingApp();
  const landedAt = new Date('2026-03-21T00:00:00Z');
  const added = [];
  for (const displayName of Object.keys(records) as Name[]) {
    const tenantId = await app.pipeline.addTenant(displayName);
    await app.pipeline.tenants.update(tenantId, { tags: ['gold'] });
    await app.pipeline.deliver(
      tenantId,
      [contentOf(displayName, '2026-03-20T00:00:00Z', records[displayName])],
      landedAt,
    );
    added.push({ tenantId, displayName });
  }
  await app.pipeline.addTenant('Adatum');
  // In order of ID, as a set has them.
  tenants = added.toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
}, 240_000);

afterAll(() => app.pipeline.stop());

const parsed = ({ text }: Answered): unknown => JSON.parse(text);
const idIn = (answered: Answered) => z.object({ id: z.string() }).parse(parsed(answered)).id;

async function bundled(body: object, key?: string): Promise<string> {
  const sent = { tenants: 'tag:gold', format: 'ndjson', layout: 'oneFile', ...body };
  const answered = await app.ask('exports', {
    method: 'POST',
    body: sent,
    ...(key === undefined ? {} : { key }),
  });
  expect([answered.status, answered.text]).toEqual([202, expect.any(String)]);
  await app.runAll();
  return `exports/${idIn(answered)}`;
}

const expectedLines = (isWanted: (record: { readonly UserId?: unknown }) => boolean) =>
  tenants.flatMap((tenant) =>
    records[nameOf(tenant)]
      .filter(isWanted)
      .map(
        (record) =>
          `{"tenantId":"${tenant.tenantId}","tenantDisplayName":"${tenant.displayName}","record":${JSON.stringify(record)}}`,
      ),
  );

describe('an export of several tenants to one file', () => {
  it('has each record exactly as delivered, and says whose it is', async () => {
    const address = await bundled({ users: 'ada@contoso.example' });
    const { text, headers } = await app.ask(`${address}/content`);
    const lines = expectedLines(({ UserId }) => UserId === 'ada@contoso.example');
    expect(text).toBe(lines.map((line) => `${line}\n`).join(''));
    const sha256 = createHash('sha256').update(text).digest('hex');
    expect(headers.get('etag')).toBe(`"${sha256}"`);
    const result = await app.ask(`${address}/result`);
    expect(parsed(result)).toMatchObject({
      ...{ status: 'Succeeded', layout: 'oneFile', tenants: 'tag:gold', percentComplete: 100 },
      ...{ recordCount: lines.length, sha256, succeededCount: 2 },
      contentUrl: `https://auditkeep.example/api/${address}/content`,
    });
    const part = await app.ask(`${address}/content`, { headers: { range: 'bytes=0-9' } });
    expect([part.status, part.text]).toEqual([206, text.slice(0, 10)]);
  });

  it('has two columns more as CSV, and a manifest that says of each tenant how complete it is', async () => {
    const address = await bundled({ format: 'csvFlat' });
    const rows: unknown = parse((await app.ask(`${address}/content`)).text, { columns: true });
    const seen = z.array(z.looseObject({ tenantId: z.string(), tenantDisplayName: z.string() })).parse(rows);
    expect(seen.map(({ tenantId }) => tenantId)).toEqual(
      tenants.flatMap((tenant) => records[nameOf(tenant)].map(() => tenant.tenantId)),
    );
    const manifest = await app.ask(`${address}/manifest`);
    expect(parsed(manifest)).toMatchObject({
      ...{ recordCount: 711, leftOut: [], format: 'csvFlat' },
      tenants: tenants.map((tenant) => ({
        ...{ tenantId: tenant.tenantId, recordCount: records[nameOf(tenant)].length },
        completeness: { hasGaps: expect.any(Boolean) as unknown, isPending: expect.any(Boolean) as unknown },
      })),
    });
  });

  it('has the selected columns after those of the tenant, and its manifest names them', async () => {
    const address = await bundled({ format: 'csvFlat', select: ['operation', 'id'] });
    const [head]: readonly string[][] = parse((await app.ask(`${address}/content`)).text);
    expect(head).toEqual(['tenantId', 'tenantDisplayName', 'operation', 'id']);
    expect(parsed(await app.ask(`${address}/manifest`))).toMatchObject({ select: ['operation', 'id'] });
  });

  it('is for callers who read the same set, as long as they have access to every tenant in it', async () => {
    const [maker, same, all] = [
      await app.pipeline.createKey('tag:gold'),
      await app.pipeline.createKey('tag:gold'),
      await app.pipeline.createKey('*'),
    ];
    const address = await bundled({ tenants: '*' }, maker);
    expect((await app.ask(`${address}/content`, { key: same })).text.split('\n')).toHaveLength(712);
    expect((await app.ask(`${address}/content`, { key: all })).status).toBe(404);
    const id = address.split('/').at(-1) ?? address;
    const listed = async (key: string) => (await app.ask('exports', { key })).text.includes(id);
    expect([await listed(same), await listed(all)]).toEqual([true, false]);
    const [lost] = tenants;
    if (lost === undefined) throw new Error('There are two tenants.');
    await app.pipeline.tenants.update(lost.tenantId, { tags: ['silver'] });
    for (const what of ['content', 'manifest']) {
      const refused = await app.ask(`${address}/${what}`, { key: same });
      expect([refused.status, refused.text.includes(lost.displayName)]).toEqual([403, false]);
    }
    const list = await app.ask(`${address}/tenants`, { key: same });
    expect(list.text).not.toContain(lost.tenantId);
    await app.pipeline.tenants.update(lost.tenantId, { tags: ['gold'] });
  });

  it('names its tenants once in the access log, with the first call for any part of it, and each further call once', async () => {
    const address = await bundled({});
    const { accessLog } = app.pipeline;
    const ask = (range: string) => app.ask(`${address}/content`, { headers: { range } });
    for (const range of ['bytes=999999999-', 'bytes=1-', ...Array<string>(20).fill('bytes=0-9')]) {
      const answered = await ask(range);
      expect([range, answered.status]).toEqual([range, range === 'bytes=999999999-' ? 416 : 206]);
    }
    const own = accessLog.entries.slice(-23).map(({ tenantId, outcome }) => [tenantId, outcome]);
    expect(own[0]).toEqual([undefined, 'refused']);
    const named = own.slice(1, 3).map(([tenantId]) => tenantId);
    expect(named.toSorted()).toEqual(tenants.map(({ tenantId }) => tenantId));
    expect(own.slice(3)).toEqual(Array(20).fill([undefined, 'accepted']));
    await app.ask(`${address}/manifest`);
    expect(accessLog.entries.slice(-2).map(({ tenantId }) => tenantId)).not.toContain(undefined);
  });

  it('names its mistakes', async () => {
    const body = { tenants: 'tag:gold', layout: 'oneFile', format: 'csv' };
    for (const [change, status] of [
      [{ layout: 'zip' }, 400],
      [{ tenants: [] }, 400],
      [{ tenants: 'tag:none' }, 404],
      [{ unknown: 'x' }, 400],
      [{ from: 'yesterday' }, 400],
    ] as const) {
      const answered = await app.ask('exports', { method: 'POST', body: { ...body, ...change } });
      expect([change, answered.status]).toEqual([change, status]);
    }
  });
});

describe('an export of several tenants to a file for each', () => {
  it('is an export of each, which the table names', async () => {
    const address = await bundled({ layout: 'filePerTenant' });
    const result = parsed(await app.ask(`${address}/result`));
    expect(result).toMatchObject({ status: 'Succeeded', layout: 'filePerTenant', succeededCount: 2 });
    expect(result).not.toHaveProperty('contentUrl');
    expect((await app.ask(`${address}/content`)).status).toBe(409);
    const table = z
      .object({
        value: z.array(z.looseObject({ tenantId: z.string(), exportId: z.string(), recordCount: z.int() })),
      })
      .parse(parsed(await app.ask(`${address}/tenants`)));
    expect(table.value).toHaveLength(2);
    for (const { tenantId, exportId, recordCount } of table.value) {
      const { text } = await app.ask(`tenants/${tenantId}/exports/${exportId}/content`);
      const tenant = tenants.find((one) => one.tenantId === tenantId);
      const own = tenant === undefined ? [] : records[nameOf(tenant)];
      expect(text).toBe(own.map((record) => `${JSON.stringify(record)}\n`).join(''));
      expect(recordCount).toBe(own.length);
    }
  });
});
