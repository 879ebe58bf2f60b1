/** A file that a customer exported from the Purview portal years ago, imported through the deployed app. */
import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { expectDescribedResponse } from '../../support/described.ts';
import { startAppOfTenant } from '../access/app-of-tenant.ts';
import type { WholeApp } from '../access/whole-app.ts';

let app: WholeApp;
let key: string;
let readKey: string;
let tenantId: string;

beforeAll(async () => {
  ({ app, key, readKey, tenantId } = await startAppOfTenant(['records.read', 'tenants.manage']));
}, 240_000);

afterAll(() => app.stop());

/** As the portal writes it: quoted JSON among other columns. */
function portalCsv(records: readonly object[]): string {
  const rows = records.map(
    (record) => `r,9/20/2021 4:05 AM,6,x,x,"${JSON.stringify(record).replaceAll('"', '""')}",,`,
  );
  const titles =
    'RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits,AssociatedAdminUnitsNames';
  return `\uFEFF${[titles, ...rows].join('\r\n')}\r\n`;
}

function recordOf(at: number, changes: object = {}) {
  return {
    ...{
      Id: randomUUID(),
      CreationTime: new Date(Date.UTC(2021, 8, 1) + at * 3_600_000).toISOString().slice(0, 19),
    },
    ...{
      Operation: 'FileDownloaded',
      RecordType: 6,
      Workload: 'SharePoint',
      UserId: `user${at % 7}@contoso.example`,
    },
    ...{ OrganizationId: tenantId, ObjectId: `https://contoso.example/${at}, "quoted"\n` },
    ...changes,
  };
}

async function ask(path: string, init: RequestInit = {}, as = key) {
  const headers = { 'x-api-key': as, ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(`${app.baseUrl}/tenants/${tenantId}/${path}`, { ...init, headers });
  await expectDescribedResponse(init.method ?? 'GET', response);
  const text = await response.text();
  return { status: response.status, text, json: (): unknown => JSON.parse(text), headers: response.headers };
}

async function upload(file: Buffer, partBytes: number): Promise<{ uploadId: string; parts: number }> {
  const uploadId = randomUUID();
  const parts = Math.ceil(file.length / partBytes);
  for (let part = 1; part <= parts; part++) {
    const body = Uint8Array.from(file.subarray((part - 1) * partBytes, part * partBytes));
    const kept = await ask(`uploads/${uploadId}/parts/${part}`, { method: 'PUT', body });
    expect(kept.status).toBe(200);
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(kept.json()).toEqual({ uploadId, part, bytes: body.length, sha256 });
  }
  return { uploadId, parts };
}

const json = { 'content-type': 'application/json' };
const start = (body: object) => ask('imports', { method: 'POST', headers: json, body: JSON.stringify(body) });
const started = z.object({ id: z.string() });

async function resultOf(id: string) {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await ask(`imports/${id}/result`);
    if (answer.status !== 202) return answer;
    if (Date.now() > deadline) throw new Error(answer.text);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const listed = z.object({
  value: z.array(z.object({ id: z.string(), source: z.string(), contentType: z.string() })),
});

describe('the portal export of another year', () => {
  it('is imported, found, exact, and marked, and is not in the feed', async () => {
    const records = Array.from({ length: 500 }, (_, at) => recordOf(at));
    const stranger = recordOf(1, { OrganizationId: randomUUID() });
    const file = gzipSync(portalCsv([...records, ...records.slice(0, 5), stranger]));
    const answer = await start({ ...(await upload(file, 10_000)), fileName: 'contoso-2021.csv.gz' });
    expect([answer.status, answer.text]).toEqual([202, expect.stringContaining('"NotStarted"')]);
    const { id } = started.parse(answer.json());
    expect(answer.headers.get('location')).toContain(`/imports/${id}/result`);
    const result = await resultOf(id);
    expect(result.status).toBe(200);
    expect(result.json()).toMatchObject({
      ...{ status: 'Succeeded', fileName: 'contoso-2021.csv.gz' },
      ...{ readCount: 506, importedCount: 500, duplicateCount: 5, refusedCount: 1 },
      refused: [{ reason: 'otherTenant', count: 1 }],
    });
    const year = 'from=2021-01-01&to=2022-01-01';
    const found = listed.parse((await ask(`records?${year}&top=1000`)).json()).value;
    expect(found.map((record) => record.id).sort()).toEqual(records.map(({ Id }) => Id).sort());
    expect(new Set(found.map(({ source, contentType }) => `${source} ${contentType}`))).toEqual(
      new Set(['import Audit.SharePoint']),
    );
    const ofFeed = await ask(`records?${year}&filter=${encodeURIComponent("source eq 'feed'")}`);
    expect(listed.parse(ofFeed.json()).value).toEqual([]);
    expect((await ask(`records/summary?${year}&groupBy=source`)).json()).toMatchObject({
      value: [{ source: 'import', count: 500 }],
    });
    const [first] = records;
    expect((await ask(`records/${first?.Id ?? ''}/auditData`)).text).toBe(JSON.stringify(first));
    expect((await ask('records-feed?start=beginning')).status).toBe(202);
    expect((await ask('ingestion')).json()).toMatchObject({ recordsLanded: 0, unindexedLandings: 0 });
    expect((await ask('imports')).json()).toMatchObject({ value: [{ id, status: 'Succeeded' }] });
  }, 180_000);

  it('as a workbook fails, and says why', async () => {
    const answer = await start(await upload(Buffer.from('PK\u0003\u0004 a workbook'), 1_000));
    const result = await resultOf(started.parse(answer.json()).id);
    expect(result.status).toBe(422);
    expect(result.json()).toMatchObject({ error: { code: 'ImportFailed' } });
    expect(result.text).toContain('The file is a ZIP archive or a workbook: unpack the archive');
  }, 180_000);
});

describe('an upload', () => {
  it('takes the same part twice, and never another one', async () => {
    const path = `uploads/${randomUUID()}/parts/1`;
    const put = (body: string) => ask(path, { method: 'PUT', body });
    expect([(await put('one')).status, (await put('one')).status]).toEqual([200, 200]);
    const other = await put('other');
    expect(other.status).toBe(409);
    expect(other.json()).toMatchObject({ error: { code: 'PartExists' } });
  });

  it.each([
    ['uploads/not-a-guid/parts/1', 'uploadId'],
    ['uploads/0f0e0d0c-0b0a-4908-8706-050403020100/parts/0', 'part'],
    ['uploads/0f0e0d0c-0b0a-4908-8706-050403020100/parts/1025', 'part'],
    ['uploads/0f0e0d0c-0b0a-4908-8706-050403020100/parts/..%2f..%2fraw', 'part'],
  ])('is refused at %s, naming %s', async (path, target) => {
    const refused = await ask(path, { method: 'PUT', body: 'x' });
    expect(refused.status).toBe(400);
    expect(refused.json()).toMatchObject({ error: { target } });
  });

  it('of a part over 4 MiB is refused, and the next request is answered', async () => {
    const path = `uploads/${randomUUID()}/parts/1`;
    const large = await ask(path, { method: 'PUT', body: Buffer.alloc(4 * 1024 * 1024 + 1) });
    expect(large.status).toBe(413);
    expect((await ask(path, { method: 'PUT', body: Buffer.alloc(4 * 1024 * 1024) })).status).toBe(200);
  });

  it('that lacks a part is not imported', async () => {
    const uploadId = randomUUID();
    await ask(`uploads/${uploadId}/parts/2`, { method: 'PUT', body: 'x' });
    const refused = await start({ uploadId, parts: 2 });
    expect(refused.status).toBe(409);
    expect(refused.json()).toMatchObject({ error: { code: 'UploadIncomplete', target: 'parts' } });
    expect(refused.text).toContain('Part 1 of 2');
  });

  it('needs the scope records.import, which no other scope includes', async () => {
    const tries = [
      ask(`uploads/${randomUUID()}/parts/1`, { method: 'PUT', body: 'x' }, readKey),
      ask(
        'imports',
        { method: 'POST', headers: json, body: JSON.stringify({ uploadId: randomUUID(), parts: 1 }) },
        readKey,
      ),
    ];
    for (const { status } of await Promise.all(tries)) expect(status).toBe(403);
  });
});
