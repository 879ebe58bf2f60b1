/** Doing anything twice changes nothing: the index tables are compared row for row, column for column. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tablePrefix } from '../../../shared/index/keys.ts';
import type { IndexRequest } from '../../../shared/landing/work-queues.ts';
import { contentOf, oddFeed, recordOf } from './invented-records.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';

const landedAt = new Date('2026-03-02T10:00:00Z');
const laterLanding = new Date('2026-03-07T10:00:00Z');

let pipeline: Pipeline;
let tenantId: string;

beforeAll(async () => {
  pipeline = await startPipeline();
});

afterAll(() => pipeline.stop());

beforeEach(async () => {
  tenantId = await pipeline.addTenant('Twice');
});

/** All rows of all index tables of a tenant, with the tenant's own name left out. */
async function indexRows(tenant: string): Promise<readonly string[]> {
  const prefix = tablePrefix(tenant);
  const names = await pipeline.tables.names(prefix, `${prefix}zzzz`);
  const rows: string[] = [];
  for (const name of names) {
    for (const entity of await pipeline.tables.all(name, { filter: '' })) {
      const columns = Object.entries(entity).filter(
        ([column]) => column !== 'etag' && column !== 'timestamp',
      );
      const plain = columns.map(([column, value]) => [column, printable(value)]);
      rows.push(
        `${name.slice(prefix.length)} ${JSON.stringify(plain.sort())}`.replaceAll(tenant, '{tenant}'),
      );
    }
  }
  return rows.sort();
}

function printable(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}

async function onlyRequest(tenant: string): Promise<IndexRequest> {
  const [request, ...more] = await pipeline.land(tenant, oddFeed(), landedAt);
  if (request === undefined || more.length > 0) throw new Error('The feed fills one landing.');
  return request;
}

/** Rows after the feed was indexed once, without anything going wrong. */
async function rowsOfOneRun(): Promise<readonly string[]> {
  const tenant = await pipeline.addTenant('Once');
  await pipeline.indexOne(await onlyRequest(tenant));
  return await indexRows(tenant);
}

describe('the index is the same', () => {
  it('when the same content blobs are delivered again days later, in other landings', async () => {
    await pipeline.deliver(tenantId, oddFeed(), landedAt);
    const rows = await indexRows(tenantId);
    // 12 plain, a shared Id, one undated, two without id and time or one of them, one that is not JSON, one mailbox.
    expect(rows.filter((row) => row.includes('["partitionKey","time"]'))).toHaveLength(18);
    for (const [at, content] of oddFeed().entries()) {
      await pipeline.deliver(tenantId, [content], new Date(laterLanding.getTime() + at * 1000));
    }
    await pipeline.deliver(tenantId, oddFeed().toReversed(), new Date(laterLanding.getTime() + 60_000));
    const again = (await indexRows(tenantId)).filter((row) => !rows.includes(row));
    expect(again).toEqual([]);
    expect(await indexRows(tenantId)).toEqual(rows);
  });

  it('when its records are delivered again with their members in another order', async () => {
    const records = [1, 2, 3].map((at) => ({
      ...recordOf(`r${at}`),
      Nested: { a: [1, { b: 2, c: 3 }], d: at },
    }));
    await pipeline.deliver(tenantId, [contentOf('one', '2026-03-01T10:00:00Z', records)], landedAt);
    const rows = await indexRows(tenantId);
    const turned = records.map(({ Nested: { d }, ...rest }) => {
      const members = Object.entries(rest).map(([name, value]) => `"${name}" : ${JSON.stringify(value)}`);
      return `{"Nested":{"d":${d},"a":[1,{"c":3,"b":2}]},${members.toReversed().join(' ,')}}`;
    });
    await pipeline.deliver(tenantId, [contentOf('two', '2026-03-05T10:00:00Z', turned)], laterLanding);
    expect(await indexRows(tenantId)).toEqual(rows);
  });

  it('when records that share an Id are delivered again in another order', async () => {
    const [one, other] = ['first', 'second'].map((n) => recordOf('shared', { n }));
    const inOrder = [one ?? {}, other ?? {}];
    await pipeline.deliver(tenantId, [contentOf('one', '2026-03-01T10:00:00Z', inOrder)], landedAt);
    const rows = await indexRows(tenantId);
    const turned = contentOf('two', '2026-03-05T10:00:00Z', inOrder.toReversed());
    await pipeline.deliver(tenantId, [turned], laterLanding);
    expect(await indexRows(tenantId)).toEqual(rows);
  });

  it('when the same message is delivered twice', async () => {
    const request = await onlyRequest(tenantId);
    const first = await pipeline.indexOne(request);
    const rows = await indexRows(tenantId);
    expect(await pipeline.indexOne(request)).toEqual(first);
    expect(await indexRows(tenantId)).toEqual(rows);
    expect(rows).toEqual(await rowsOfOneRun());
  });

  it('when the same message is handled twice concurrently', async () => {
    const request = await onlyRequest(tenantId);
    await Promise.all([pipeline.indexOne(request), pipeline.indexOne(request), pipeline.indexOne(request)]);
    expect(await indexRows(tenantId)).toEqual(await rowsOfOneRun());
  });

  it('when two landings with the same records are indexed concurrently', async () => {
    const records = Array.from({ length: 30 }, (_, at) => recordOf(`r${at}`));
    const [one, other] = await Promise.all(
      [landedAt, laterLanding].map((moment) =>
        pipeline.land(tenantId, [contentOf('one', '2026-03-01T10:00:00Z', records)], moment),
      ),
    );
    const counts = await Promise.all(
      [...(one ?? []), ...(other ?? [])].map((request) => pipeline.indexOne(request)),
    );
    expect(counts.reduce((sum, { indexed }) => sum + indexed, 0)).toBe(30);
    const rows = await indexRows(tenantId);
    expect(rows.filter((row) => row.includes('["partitionKey","time"]'))).toHaveLength(30);
    expect(rows).toHaveLength(30 * 7);
  });

  it.each(['before', 'after'] as const)(
    'when the indexer dies %s any step of storage and the message comes again',
    async (moment) => {
      const wanted = await rowsOfOneRun();
      let steps = 0;
      for (let died = true; died; steps++) {
        const tenant = await pipeline.addTenant(`Dies at ${steps}`);
        const request = await onlyRequest(tenant);
        const { index, landings } = dyingAt(steps, moment);
        died = await pipeline.indexOne(request, { index, landings }).then(
          () => false,
          (error: unknown) => String(error).includes('the process died'),
        );
        await pipeline.indexOne(request);
        expect([steps, await indexRows(tenant)]).toEqual([steps, wanted]);
      }
      expect(steps).toBeGreaterThan(10);
    },
    300_000,
  );
});

/** The index and the landings as they are for a process that dies at a step, counted from 0; nothing works after it. */
function dyingAt(step: number, moment: 'before' | 'after'): Pick<Pipeline, 'index' | 'landings'> {
  let steps = 0;
  const dying =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const at = steps++;
      if (at > step || (at === step && moment === 'before')) throw new Error('the process died');
      const result = await work(...args);
      if (at === step) throw new Error('the process died');
      return result;
    };
  const { index, landings } = pipeline;
  return {
    index: {
      ...index,
      createClaims: dying((...args: Parameters<typeof index.createClaims>) => index.createClaims(...args)),
      readClaims: dying((...args: Parameters<typeof index.readClaims>) => index.readClaims(...args)),
      writeRows: dying((...args: Parameters<typeof index.writeRows>) => index.writeRows(...args)),
    },
    landings: {
      ...landings,
      close: dying((...args: Parameters<typeof landings.close>) => landings.close(...args)),
    },
  };
}
