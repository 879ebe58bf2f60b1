/** Records are evidence: auditData returns the bytes that Microsoft delivered, whatever they are. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askPages } from './asking.ts';
import { contentOf, guidOf } from './invented-records.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';

const landedAt = new Date('2026-03-02T10:00:00Z');
const mebibyte = 1024 * 1024;

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await startPipeline();
});

afterAll(() => pipeline.stop());

/** Delivers one record and returns its row in lists, and the answer of auditData. */
async function deliver(record: Buffer) {
  const tenantId = await pipeline.addTenant('Exact');
  await pipeline.deliver(tenantId, [contentOf('one', '2026-03-02T09:30:00Z', [record])], landedAt);
  const pages = await askPages(pipeline, { tenantId, query: {} });
  const rows = pages.flatMap(({ value }) => value);
  expect(rows).toHaveLength(1);
  const [row] = rows;
  const answer = await pipeline.get(`tenants/${tenantId}/records/${row?.id ?? ''}/auditData`);
  return { tenantId, row, answer };
}

const named = `"Id":"${guidOf('exact')}","CreationTime":"2026-03-02T09:14:07"`;

function bytesOf(...parts: readonly (string | number)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))),
  );
}

describe('the text of a record is returned as delivered', () => {
  it.each<[string, Buffer, object]>([
    ['numbers beyond 2^53', bytesOf(`{${named},"n":12345678901234567890,"m":1.0e+2,"z":-0}`), {}],
    ['duplicate keys', bytesOf(`{${named},"UserId":"ada","UserId":"bo","a":1,"a":2}`), { userId: 'bo' }],
    [
      'escapes',
      bytesOf(`{${named},"UserId":"\\u0061da","ObjectId":"\\/a\\u002fb"}`),
      { userId: 'ada', objectId: '/a/b' },
    ],
    ['surrogate pairs', bytesOf(`{${named},"UserId":"👩‍💻\\ud83d\\ude00"}`), { userId: '👩‍💻😀' }],
    ['half a surrogate pair', bytesOf(`{${named},"UserId":"\\ud83d"}`), {}],
    ['right-to-left text', bytesOf(`{${named},"ObjectId":"/שלום/مرحبا"}`), { objectId: '/שלום/مرحبا' }],
    [
      'bytes that are not UTF-8',
      bytesOf(`{${named},"Operation":"Send","x":"`, 0xff, 0xc3, `"}`),
      { operation: 'Send' },
    ],
    ['blanks and member order', bytesOf(`{  ${named} ,\t"b" : [ 1 , 2 ] , "a":null }`), {}],
    ['a text that ends in CR LF', bytesOf(`{${named},"OriginatingServer":"server\\r\\n"}`), {}],
  ])('%s', async (_, record, shown) => {
    const { row, answer } = await deliver(record);
    expect(row).toMatchObject({ id: guidOf('exact'), createdDateTime: '2026-03-02T09:14:07.000Z', ...shown });
    expect(answer.body.equals(record)).toBe(true);
    expect(answer.headers['etag']).toBe(`"${createHash('sha256').update(record).digest('hex')}"`);
  });

  it('with raw control characters, under a made-up id and the time of landing, as it is not JSON', async () => {
    const record = bytesOf(`{${named},"x":"`, 0x01, 0x09, 0x00, `"}`);
    const { row, answer } = await deliver(record);
    expect(row).toMatchObject({ createdDateTime: landedAt.toISOString(), createdDateTimeSource: 'ingested' });
    expect(row?.id).toMatch(/^x-/);
    expect(answer.body.equals(record)).toBe(true);
  });

  it.each([
    ['that packs small', 'x'.repeat(mebibyte)],
    ['that does not pack', randomBytes(mebibyte / 2).toString('hex')],
  ])('1 MiB %s', async (_, data) => {
    const record = bytesOf(`{${named},"UserId":"ada","Data":"${data}"}`);
    const { tenantId, row, answer } = await deliver(record);
    expect(row).toMatchObject({ id: guidOf('exact'), userId: 'ada' });
    expect(answer.body.equals(record)).toBe(true);
    const whole = await pipeline.get(`tenants/${tenantId}/records/${guidOf('exact')}`);
    expect(whole.body.includes(record)).toBe(true);
  });

  it.each([
    ['that packs small', 'x'.repeat(20 * mebibyte)],
    ['that does not pack', randomBytes(10 * mebibyte).toString('hex')],
  ])('20 MiB %s', async (_, data) => {
    const record = bytesOf(`{${named},"UserId":"ada","Data":"${data}"}`);
    const { row, answer } = await deliver(record);
    expect(row).toMatchObject({ id: guidOf('exact'), userId: 'ada' });
    expect([answer.status, answer.body.length]).toEqual([200, record.length]);
    expect(answer.body.equals(record)).toBe(true);
  });

  it('or 304 when the client already has the current text', async () => {
    const { tenantId, row, answer } = await deliver(bytesOf(`{${named}}`));
    const headers = { 'if-none-match': answer.headers['etag'] ?? '' };
    const again = await pipeline.get(`tenants/${tenantId}/records/${row?.id ?? ''}/auditData`, { headers });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });
});

describe('every record has a unique id', () => {
  it.each([
    ['the same month', '2026-03-01T09:00:00'],
    ['another month', '2026-01-01T09:00:00'],
    ['no time', 'unknown'],
  ])('even when it has that of another record, of %s', async (_, CreationTime) => {
    const tenantId = await pipeline.addTenant('Shared');
    const Id = guidOf('shared');
    const records = [
      { Id, CreationTime: '2026-03-02T09:00:00', n: 'one' },
      { Id, CreationTime, n: 'other' },
    ];
    await pipeline.deliver(tenantId, [contentOf('one', '2026-03-02T09:30:00Z', records)], landedAt);
    const pages = await askPages(pipeline, { tenantId, query: {} });
    const ids = pages.flatMap(({ value }) => value.map(({ id }) => id));
    expect(new Set(ids).size).toBe(2);
    const texts: string[] = [];
    for (const id of ids)
      texts.push((await pipeline.get(`tenants/${tenantId}/records/${id}/auditData`)).body.toString());
    expect(texts.toSorted()).toEqual(records.map((record) => JSON.stringify(record)).sort());
  });

  it('when it only differs in a number beyond 2^53', async () => {
    const tenantId = await pipeline.addTenant('Numbers');
    const texts = ['{"n":9007199254740992}', '{"n":9007199254740993}'];
    await pipeline.deliver(tenantId, [contentOf('one', '2026-03-02T09:30:00Z', texts)], landedAt);
    const pages = await askPages(pipeline, { tenantId, query: {} });
    expect(pages.flatMap(({ value }) => value)).toHaveLength(2);
  });
});

describe('a record that Table Storage could not hold in a row', () => {
  it('does not stop the others of its landing from being indexed', async () => {
    const tenantId = await pipeline.addTenant('Long');
    const ObjectId = randomBytes(mebibyte).toString('hex');
    const records = [
      { Id: guidOf('long'), CreationTime: '2026-03-02T09:00:00', ObjectId },
      { Id: guidOf('short') },
    ];
    await pipeline.deliver(tenantId, [contentOf('one', '2026-03-02T09:30:00Z', records)], landedAt);
    const pages = await askPages(pipeline, { tenantId, query: {} });
    const ids = pages.flatMap(({ value }) => value.map(({ id }) => id));
    expect(ids.toSorted()).toEqual([guidOf('long'), guidOf('short')].sort());
    const text = await pipeline.get(`tenants/${tenantId}/records/${guidOf('long')}/auditData`);
    expect(text.body.equals(Buffer.from(JSON.stringify(records[0])))).toBe(true);
  });
});
