/** Twelve months of a tenant, before and after they are compacted: the same answers, a few requests a page. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSegmentFiles } from '../../../shared/adapters/blobs/segment-files.ts';
import { createMonthLayoutStore } from '../../../shared/adapters/tables/month-layout-store.ts';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import type { StorageSettings } from '../../../shared/config.ts';
import type { Tables } from '../../../shared/adapters/tables/tables.ts';
import { createSegmentedIndex } from '../../../shared/index/segments/segmented-index.ts';
import { compactAll, nowOf, type Compacted } from '../../support/compacted-index.ts';
import { createFaults } from '../../support/faults.ts';
import { sized } from '../../support/sizes.ts';
import { askPages, idsOf, listOf, type Query } from './asking.ts';
import { anyFilter } from './filter-questions.ts';
import { contentOf } from './invented-records.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';
import { toQuery } from './plain-loop.ts';
import { askable, variedRecord } from './varied-records.ts';

const records = 480;
/** 60 new ones in every run; half of them typed filters, half in the filter language. */
const questions = sized(60, 200);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const clock = { ms: 0 };

let pipeline: Pipeline;
let tenantId: string;
let world: Compacted;
/** Requests to storage for the index, as they are sent. */
const counted = createFaults();

function openIndex(tables: Tables, storage: StorageSettings) {
  world = {
    tables: createRecordIndex(tables),
    layouts: createMonthLayoutStore(tables),
    files: createSegmentFiles(storage),
    clock,
  };
  const counting = {
    tables: counted.inject('tables', world.tables),
    layouts: counted.inject('layouts', world.layouts),
    files: counted.inject('files', world.files),
  };
  return createSegmentedIndex({ ...counting, now: () => nowOf(world) });
}

beforeAll(async () => {
  console.info(`compacted-months: SEED=${seed}`);
  pipeline = await startPipeline(openIndex);
  tenantId = await pipeline.addTenant('Year');
  const start = Date.UTC(2025, 3, 2);
  const made = Array.from({ length: records }, (_, at) => ({
    ...variedRecord(at),
    CreationTime: new Date(start + at * 18 * 3_600_000 + (at % 3) * 1000).toISOString(),
  }));
  const delivered = contentOf('year', '2026-04-01T00:00:00Z', made);
  await pipeline.deliver(tenantId, [delivered], new Date('2026-04-01T01:00:00Z'));
}, 240_000);

afterAll(() => pipeline.stop());

interface Asked {
  readonly query: Query;
  readonly ids: readonly string[];
}

const day = fc.integer({ min: 0, max: 11 }).map((at) => new Date(Date.UTC(2025, 3 + at, 1)).toISOString());

function anyQuery(): fc.Arbitrary<Query> {
  const typed = fc
    .record({
      name: fc.constantFrom(...Object.keys(askable)),
      picks: fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 3 }),
    })
    .map(({ name, picks }) => {
      const known = askable[name] ?? [];
      const some = [...new Set(picks.map((at) => known[at % known.length] ?? ''))];
      return toQuery({ [name]: name === 'text' ? some.slice(0, 1) : some }, listOf);
    });
  const filtered = anyFilter.filter(({ text }) => text.length < 3000).map(({ text }) => ({ filter: text }));
  const order = fc.constantFrom('desc', 'asc');
  return fc
    .tuple(fc.oneof(typed, filtered), order, fc.constantFrom('7', '100'), fc.option(day))
    .map(([query, by, top, from]) => {
      const month =
        from === null ? {} : { from, to: new Date(Date.parse(from) + 27 * 86_400_000).toISOString() };
      return { ...query, ...month, top, orderby: `createdDateTime ${by}` };
    });
}

/** Reads of blobs and of layouts that each page took. */
const readsOfPages: number[] = [];

async function ask(query: Query): Promise<readonly string[]> {
  const counting: Pipeline = {
    ...pipeline,
    async get(...asked) {
      const before = counted.steps.length;
      const answer = await pipeline.get(...asked);
      const steps = counted.steps.slice(before);
      readsOfPages.push(steps.filter((step) => !step.startsWith('tables.')).length);
      return answer;
    },
  };
  return idsOf(await askPages(counting, { tenantId, query, maxPages: 12 }));
}

it('every question has the same answer', async () => {
  const queries = fc.sample(anyQuery(), { seed, numRuns: questions });
  const before: Asked[] = [];
  for (const query of queries) before.push({ query, ids: await ask(query) });
  expect(before.filter(({ ids }) => ids.length > 0).length).toBeGreaterThan(questions / 4);
  const steps = await compactAll(world, tenantId);
  expect(steps.filter((step) => step === 'cleaned')).toHaveLength(12);
  expect(await world.tables.months(tenantId)).toEqual([]);
  readsOfPages.length = 0;
  const ofOneMonth: number[] = [];
  for (const { query, ids } of before) {
    expect([query, await ask(query)]).toEqual([query, ids]);
    if ('from' in query) ofOneMonth.push(...readsOfPages);
    readsOfPages.length = 0;
  }
  console.info(`at most ${Math.max(...ofOneMonth)} reads of blobs and layouts a page of one month`);
  expect(Math.max(...ofOneMonth)).toBeLessThanOrEqual(6);
}, 900_000);

it('a page of one user in an old month takes at most 6 requests', async () => {
  const query = { users: 'bo@contoso.example', from: '2025-06-01', to: '2025-07-01', top: '100' };
  const fresh = createSegmentedIndex({
    tables: counted.inject('tables', world.tables),
    layouts: counted.inject('layouts', world.layouts),
    files: counted.inject('files', world.files),
    now: () => nowOf(world),
  });
  const before = counted.steps.length;
  const page = await fresh.scan(tenantId, {
    ...{
      month: '202506',
      dimension: 'user',
      after: '',
      before: '~',
      where: [],
      pageSize: 100,
      withTexts: false,
    },
  });
  expect(page.rows.length).toBeGreaterThan(10);
  expect(counted.steps.length - before).toBeLessThanOrEqual(6);
  expect((await ask(query)).length).toBeGreaterThan(0);
});
