/** Every filter, alone and with others, returns what a plain loop over the records returns, in both orders of time. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../shared/query/reading/budget.ts';
import { sized } from '../../support/sizes.ts';
import { askPages, idsOf, listOf } from './asking.ts';
import { anyFilter } from './filter-questions.ts';
import { contentOf } from './invented-records.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';
import { isPicked, readPlainly, toQuery, type PlainRecord } from './plain-loop.ts';
import { askable, variedRecord } from './varied-records.ts';

const records = 240;
/** Of each kind. 50 new ones in every run still meet all filters, orders and page sizes; each filter alone is tested below. */
const questions = sized(50, 150);
const created = '2026-04-01T00:00:00Z';
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

interface Expected {
  readonly id: string;
  readonly record: ReturnType<typeof variedRecord>;
  readonly plain: PlainRecord;
}

let pipeline: Pipeline;
let tenantId: string;
let all: readonly Expected[];

beforeAll(async () => {
  console.info(`every-filter: SEED=${seed}`);
  pipeline = await startPipeline();
  tenantId = await pipeline.addTenant('Varied');
  const made = Array.from({ length: records }, (_, at) => variedRecord(at));
  // Some of them too long for a row: their text is in the raw blob.
  const texts = made.map((record, at) =>
    Buffer.from(JSON.stringify(at % 60 === 7 ? { ...record, Data: noise(at, 150_000) } : record)),
  );
  await pipeline.deliver(tenantId, [contentOf('varied', created, texts)], new Date('2026-04-01T01:00:00Z'));
  all = made
    .map((record, at) => ({
      ...{ id: record.Id, record },
      plain: readPlainly(texts[at] ?? Buffer.alloc(0), new Date(created)),
    }))
    .sort((a, b) => b.plain.time - a.plain.time || (a.id < b.id ? -1 : 1));
}, 240_000);

afterAll(() => pipeline.stop());

/** Digits that do not compress well, and contain no word of the filters. */
function noise(start: number, length: number): string {
  let state = start + 1;
  const digits = Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state >> 16) % 100;
  });
  return digits.join('');
}

const order = fc.constantFrom('desc', 'asc');
/** Few pages of one record: each costs the emulator a search of the whole table. */
const paging = fc.constantFrom([1, 12] as const, [7, 100] as const, [1000, 100] as const);

async function check(
  query: Readonly<Record<string, string | readonly string[]>>,
  { wanted, by, top, maxPages }: { wanted: readonly string[]; by: string; top: number; maxPages: number },
): Promise<void> {
  const asked = { ...query, top: String(top), orderby: `createdDateTime ${by}` };
  const pages = await askPages(pipeline, { tenantId, query: asked, maxPages });
  const ids = idsOf(pages);
  const inOrder = by === 'asc' ? wanted.toReversed() : wanted;
  expect(ids).toEqual(pages.at(-1)?.nextLink === undefined ? inOrder : inOrder.slice(0, ids.length));
  // A short page that continues has spent its requests, or its time: a loaded machine is slow.
  for (const { nextLink, value, requests, duration } of pages) {
    const isWhole = nextLink === undefined || value.length === top;
    expect(isWhole || requests >= defaultLimits.scans || duration >= defaultLimits.ms).toBe(true);
  }
}

describe('all kinds of queries find what a plain loop finds', () => {
  it('with typed filters, alone and together', async () => {
    const names = fc.uniqueArray(fc.constantFrom(...Object.keys(askable)), { minLength: 1, maxLength: 2 });
    const values = fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 4 });
    const day = fc.constantFrom('2026-02-01', '2026-03-01T09:00:00Z', '2026-03-01T09:00:01Z');
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({ names, values, from: fc.option(day) }),
        order,
        paging,
        async ({ names: parameters, values: picks, from }, by, [top, maxPages]) => {
          const asked: Record<string, readonly string[]> = from === null ? {} : { from: [from] };
          for (const name of parameters) {
            const known = askable[name] ?? [];
            const some = picks.map((at) => known[at % known.length] ?? '');
            asked[name] = name === 'text' ? some.slice(0, 1) : [...new Set(some)];
          }
          const wanted = all.filter(({ plain }) => isPicked(plain, asked)).map(({ id }) => id);
          hits += Number(wanted.length > 0);
          await check(toQuery(asked, listOf), { wanted, by, top, maxPages });
        },
      ),
      { seed, numRuns: questions },
    );
    expect(hits).toBeGreaterThan(questions / 4);
  }, 600_000);

  it('with filters in the filter language', async () => {
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(anyFilter, order, paging, async (filter, by, [top, maxPages]) => {
        fc.pre(filter.text.length < 4000);
        const wanted = all
          .filter(({ record, plain }) => filter.holds(record, plain.time))
          .map(({ id }) => id);
        hits += Number(wanted.length > 0);
        await check({ filter: filter.text }, { wanted, by, top, maxPages });
      }),
      { seed, numRuns: questions },
    );
    expect(hits).toBeGreaterThan(questions / 4);
  }, 600_000);

  it.each(Object.entries(askable).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
    'with %s=%s alone',
    async (name, value) => {
      const asked = { [name]: [value] };
      const wanted = all.filter(({ plain }) => isPicked(plain, asked)).map(({ id }) => id);
      await check(toQuery(asked, listOf), { wanted, by: 'desc', top: 1000, maxPages: 10 });
    },
  );
});
