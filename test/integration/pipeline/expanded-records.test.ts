/** Lists with the whole of each record, exactly as delivered and as far as a page has room. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { searchOf } from './asking.ts';
import { contentOf, guidOf, recordOf } from './invented-records.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';

const count = 12;
const largeBytes = 900_000;
/** Does not compress, so that the texts of some are in raw blobs and fewer than ten of them fit into a page. */
const noise = (seed: number) =>
  Array.from({ length: largeBytes / 10 }, (_, at) => ((seed + 1) * (at + 7919) * 2_654_435_761) % 1e10).join(
    '',
  );
const exactNumber = '12345678901234567890';

let pipeline: Pipeline;
let tenantId: string;

beforeAll(async () => {
  pipeline = await startPipeline();
  tenantId = await pipeline.addTenant('Expanded');
  const small = Array.from({ length: count }, (_, at) => recordOf(`small${at}`, { Operation: 'Small' }));
  const large = Array.from({ length: count }, (_, at) =>
    recordOf(`large${at}`, { Operation: 'Large', Data: noise(at) }),
  );
  const exact = Buffer.from(
    JSON.stringify(recordOf('exact', { Operation: 'Exact' })).replace(/}$/, `,"Exact":${exactNumber}}`),
  );
  const tooLarge = recordOf('tooLarge', { Operation: 'TooLarge', Data: 'x'.repeat(5 * 1024 * 1024) });
  const content = contentOf('expanded', '2026-03-01T10:00:00Z', [...small, ...large, exact, tooLarge]);
  await pipeline.deliver(tenantId, [content], new Date('2026-03-01T11:00:00Z'));
}, 120_000);

afterAll(() => pipeline.stop());

const pageSchema = z.looseObject({
  value: z.array(z.looseObject({ id: z.string().optional(), auditData: z.unknown().optional() })),
  nextLink: z.string().optional(),
});

async function pagesOf(path: string, query: Readonly<Record<string, string>>) {
  const pages = [];
  let next: string | undefined = `${path}?${searchOf({ expand: 'auditData', ...query })}`;
  while (next !== undefined) {
    const { status, body } = await pipeline.get(next.replace(/^.*\/api\//, ''));
    expect([status, body.toString().slice(0, 200)]).toEqual([200, expect.any(String)]);
    const page = pageSchema.parse(JSON.parse(body.toString()));
    pages.push({ ...page, bytes: body.length });
    next = page.nextLink;
  }
  return pages;
}

const idsIn = (pages: readonly { readonly value: readonly { readonly id?: string | undefined }[] }[]) =>
  pages.flatMap(({ value }) => value.map(({ id = '' }) => id)).sort();
const guidsOf = (name: string) => Array.from({ length: count }, (_, at) => guidOf(`${name}${at}`)).sort();

it.each(['createdDateTime desc', 'createdDateTime asc'])(
  'have auditData, %s, page by page',
  async (orderby) => {
    const pages = await pagesOf(`tenants/${tenantId}/records`, { operations: 'Small', orderby, top: '5' });
    expect(pages.map(({ value }) => value.length)).toEqual([5, 5, 2]);
    expect(idsIn(pages)).toEqual(guidsOf('small'));
    for (const { id, auditData } of pages.flatMap(({ value }) => value))
      expect(auditData).toMatchObject({ Id: id, Operation: 'Small' });
  },
);

it.each(['createdDateTime desc', 'createdDateTime asc'])(
  'have fewer records where texts are large, and lose none, %s',
  async (orderby) => {
    const pages = await pagesOf(`tenants/${tenantId}/records`, { operations: 'Large', orderby });
    expect(pages.length).toBeGreaterThan(2);
    expect(idsIn(pages)).toEqual(guidsOf('large'));
    for (const { bytes, value } of pages) {
      expect(bytes).toBeLessThan(5 * 1024 * 1024);
      for (const { auditData } of value) expect(auditData).toMatchObject({ Operation: 'Large' });
    }
  },
  60_000,
);

it('keep numbers that JavaScript would round, and go with select and several tenants', async () => {
  const query = searchOf({ expand: 'auditData', operations: 'Exact', select: 'id' });
  const { body } = await pipeline.get(`tenants/${tenantId}/records?${query}`);
  expect(body.toString()).toContain(`"Exact":${exactNumber}`);
  const all = await pagesOf('records', { tenants: tenantId, operations: 'Small' });
  expect(all[0]?.value[0]).toMatchObject({ tenantId, auditData: { Operation: 'Small' } });
});

it('show a record that is too large for a page without its data', async () => {
  const [page] = await pagesOf(`tenants/${tenantId}/records`, { operations: 'TooLarge' });
  expect(page?.value).toHaveLength(1);
  expect(page?.value[0]).not.toHaveProperty('auditData');
});

it('are as before without expand, and refuse anything else to expand', async () => {
  const plain = await pipeline.get(`tenants/${tenantId}/records?${searchOf({ operations: 'Small' })}`);
  expect(plain.body.toString()).not.toContain('auditData');
  const { status, body } = await pipeline.get(`tenants/${tenantId}/records?expand=all`);
  expect([status, body.toString()]).toEqual([400, expect.stringContaining('auditData')]);
});
