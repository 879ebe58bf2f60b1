/** Several sources are scanned as if all their rows were in one. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { IndexRow } from '../../../../shared/index/record-index.ts';
import { mergedScan, type RowSource } from '../../../../shared/index/segments/merged-scan.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const keyOf = (at: number) => String(at).padStart(3, '0');
const rowOf = (at: number, source: string): IndexRow => {
  return { rowKey: keyOf(at), match: {}, summary: Buffer.from(source) };
};

/** Pages of these sizes, in turn, some of them empty, as storage returns them. */
function sourceOf(name: string, places: readonly number[], sizes: readonly number[]): RowSource {
  const all = [...places].sort((a, b) => a - b).map((at) => rowOf(at, name));
  let turn = 0;
  return {
    name,
    scan: async ({ after, before, pageSize, token }) => {
      const from = token ?? after;
      const rows = all.filter(({ rowKey }) => rowKey > from && rowKey < before);
      const size = Math.min(pageSize, sizes[turn++ % sizes.length] ?? 1);
      const page = rows.slice(0, size);
      if (page.length === rows.length && size > 0) return await Promise.resolve({ rows: page });
      // An empty page gets somewhere: storage has examined rows that do not match.
      return { rows: page, token: page.at(-1)?.rowKey ?? from };
    },
  };
}

it('each key once, in order, from the first source that has it', async () => {
  console.info(`merged-scan: SEED=${seed}`);
  const places = fc.uniqueArray(fc.nat(60), { maxLength: 40 });
  // At least one page in three has rows, so that every scan ends.
  const sizes = fc.tuple(fc.nat(3), fc.nat(3), fc.integer({ min: 1, max: 9 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(places, sizes), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 12 }),
      async (made, pageSize) => {
        const sources = made.map(([some, pages], at) => sourceOf(`s${at}`, some, pages));
        const wanted = [...new Set(made.flatMap(([some]) => some))]
          .sort((a, b) => a - b)
          .map((at) => [keyOf(at), `s${made.findIndex(([some]) => some.includes(at))}`]);
        const found: string[][] = [];
        let token: string | undefined;
        do {
          const scan = { dimension: 'time', after: '', before: '~', where: [], withTexts: false } as const;
          const page = await mergedScan(sources, { ...scan, pageSize, token });
          expect(page.rows.length).toBeLessThanOrEqual(pageSize);
          found.push(...page.rows.map(({ rowKey, summary }) => [rowKey, Buffer.from(summary).toString()]));
          token = page.token;
        } while (token !== undefined);
        expect(found).toEqual(wanted);
      },
    ),
    { seed, numRuns: 300 },
  );
});
