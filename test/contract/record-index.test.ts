/** The index's promises, kept in memory and on Table Storage. */
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRecordIndex } from '../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { dimensions } from '../../shared/index/keys.ts';
import type { MatchTerm } from '../../shared/index/match-columns.ts';
import type { Claim, IndexRow, RecordIndex, Scan } from '../../shared/index/record-index.ts';
import { createCompactedIndex } from '../support/compacted-index.ts';
import { createFakeMonthLayouts } from '../support/fakes/month-layouts.ts';
import { createFakeSegmentFiles } from '../support/fakes/segment-files.ts';
import { createFakeRecordIndex } from '../support/fakes/record-index.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const azurite = useStorage('azurite');
const month = '202603';
const claimOf = (id: string, changes: Partial<Claim> = {}): Claim => ({
  ...{ id, inverted: '8226780000000', landing: -1n, line: 3, content: 2n ** 62n },
  ...changes,
});
const keyOf = (at: number) => `822678000${String(at).padStart(4, '0')}_id-${at}`;
const rowOf = (at: number, changes: Partial<IndexRow> = {}): IndexRow => ({
  ...{ rowKey: keyOf(at), match: {}, summary: Buffer.from(`summary ${at}`) },
  ...changes,
});
const scanOf = (changes: Partial<Scan> = {}): Scan => ({
  ...{ month, dimension: 'time', after: '', before: '~', where: [], pageSize: 1000, withTexts: true },
  ...changes,
});

/** All pages of a scan. */
async function scanAll(index: RecordIndex, tenantId: string, scan: Scan) {
  const pages: (readonly IndexRow[])[] = [];
  let token: string | undefined;
  do {
    const page = await index.scan(tenantId, { ...scan, token });
    pages.push(page.rows);
    token = page.token;
  } while (token !== undefined);
  return { pages, keys: pages.flat().map(({ rowKey }) => rowKey) };
}

const bytesOf = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes));

describe.each([
  { where: 'in memory', open: createFakeRecordIndex },
  { where: 'on Table Storage', open: () => createRecordIndex(createTables(storage())) },
  { where: 'on Azurite', open: () => createRecordIndex(createTables(azurite())) },
  {
    where: 'that was compacted',
    open: () =>
      createCompactedIndex({
        tables: createFakeRecordIndex(),
        layouts: createFakeMonthLayouts(),
        files: createFakeSegmentFiles(),
        clock: { ms: 0 },
      }),
  },
])('an index $where', ({ open }) => {
  it('of a tenant without records has nothing', async () => {
    const [index, tenantId] = [open(), randomUUID()];
    expect(await index.months(tenantId)).toEqual([]);
    expect(await index.scan(tenantId, scanOf())).toEqual({ rows: [] });
    expect(await index.readClaims(tenantId, ['any'])).toEqual(new Map());
    expect(await index.getRow(tenantId, month, 'time', keyOf(1))).toBeUndefined();
  });

  describe('claims', () => {
    it('are all written or, if any id is taken, none', async () => {
      const [index, tenantId] = [open(), randomUUID()];
      const claims = Array.from({ length: 100 }, (_, at) => claimOf(`id-${at}`, { line: at }));
      expect(await index.createClaims(tenantId, claims)).toBe(true);
      const others = [claimOf('new-1'), claimOf('id-50', { line: 9 }), claimOf('new-2')];
      expect(await index.createClaims(tenantId, others)).toBe(false);
      const found = await index.readClaims(tenantId, ['new-1', 'id-50', 'new-2', 'id-99']);
      expect(found).toEqual(
        new Map([
          ['id-50', claims[50]],
          ['id-99', claims[99]],
        ]),
      );
    });

    it('are read in the order of their IDs, in pages of a range', async () => {
      const [index, tenantId] = [open(), randomUUID()];
      const claims = ['1b', '3d', '2c', '0a'].map((id) => claimOf(id));
      await index.createClaims(tenantId, claims);
      const read = async (from: string, before: string, limit = 10) =>
        (await index.claims(tenantId, { from, before, limit })).map(({ id }) => id);
      expect(await read('', '~')).toEqual(['0a', '1b', '2c', '3d']);
      expect(await read('1b', '3d')).toEqual(['1b', '2c']);
      expect(await read('1b!', '~', 1)).toEqual(['2c']);
      expect(await index.claims(tenantId, { from: '', before: '1', limit: 1 })).toEqual([claimOf('0a')]);
      expect(await index.claims(randomUUID(), { from: '', before: '~', limit: 10 })).toEqual([]);
    });

    it('are returned exactly, up to the limits of 64 bits', async () => {
      const [index, tenantId] = [open(), randomUUID()];
      const claims = [
        claimOf('least', { landing: -(2n ** 63n), content: 0n, line: 0, inverted: '0000000000001' }),
        claimOf('most', {
          landing: 2n ** 63n - 1n,
          content: -1n,
          line: 2_000_000,
          inverted: '9999999999999',
        }),
      ];
      await index.createClaims(tenantId, claims);
      const found = await index.readClaims(tenantId, ['least', 'most']);
      expect([...found.values()]).toEqual(claims);
    });

    it('belong to one tenant, and are not months', async () => {
      const [index, tenantId] = [open(), randomUUID()];
      expect(await index.createClaims(tenantId, [claimOf('same')])).toBe(true);
      expect(await index.createClaims(tenantId, [claimOf('same')])).toBe(false);
      expect(await index.createClaims(randomUUID(), [claimOf('same')])).toBe(true);
      expect(await index.months(tenantId)).toEqual([]);
    });

    it('of one id have one winner when created concurrently', async () => {
      const [index, tenantId] = [open(), randomUUID()];
      await index.createClaims(tenantId, [claimOf('other')]);
      const racers = Array.from({ length: 5 }, (_, line) => [claimOf('same', { line })]);
      const won = await Promise.all(racers.map((claims) => index.createClaims(tenantId, claims)));
      expect(won.filter(Boolean)).toHaveLength(1);
      const found = await index.readClaims(tenantId, ['same']);
      expect(found.get('same')?.line).toBe(won.indexOf(true));
    });
  });

  it('lists its months, newest first, for one tenant', async () => {
    const [index, tenantId] = [open(), randomUUID()];
    for (const each of ['202512', '202603', '202601']) {
      await index.writeRows(tenantId, each, 'time', [rowOf(1)]);
    }
    await index.writeRows(randomUUID(), '202604', 'time', [rowOf(1)]);
    expect(await index.months(tenantId)).toEqual(['202603', '202601', '202512']);
  });

  describe('rows', () => {
    it('are returned completely, including 60 KiB of text', async () => {
      const [index, tenantId] = [open(), randomUUID()];
      const text = randomBytes(60 * 1024);
      const pointer = { blobName: `tenant=${tenantId}/date=2026-03-10/a:b.ndjson.gz`, line: 17 };
      const summary = randomBytes(2000);
      await index.writeRows(tenantId, month, 'time', [rowOf(1, { text, summary })]);
      await index.writeRows(tenantId, month, 'time', [
        rowOf(2, { textAt: pointer, match: { u: -5n, t: 6 } }),
      ]);
      const [first, second] = [
        await index.getRow(tenantId, month, 'time', keyOf(1)),
        await index.getRow(tenantId, month, 'time', keyOf(2)),
      ];
      expect(bytesOf(first?.text)?.equals(text)).toBe(true);
      expect(bytesOf(first?.summary)?.equals(summary)).toBe(true);
      expect(first?.textAt).toBeUndefined();
      expect(second?.textAt).toEqual(pointer);
      expect(second?.text).toBeUndefined();
    });

    it('are replaced when written again, and never duplicated', async () => {
      const [index, tenantId] = [open(), randomUUID()];
      const rows = Array.from({ length: 100 }, (_, at) => rowOf(at));
      await index.writeRows(tenantId, month, 'user', rows);
      await index.writeRows(tenantId, month, 'user', rows);
      await index.writeRows(tenantId, month, 'user', [rowOf(5, { summary: Buffer.from('new') })]);
      const { pages, keys } = await scanAll(index, tenantId, scanOf({ dimension: 'user' }));
      expect(keys).toEqual(rows.map(({ rowKey }) => rowKey));
      expect(bytesOf(pages.flat()[5]?.summary)?.toString()).toBe('new');
    });

    it('of one dimension are not in another', async () => {
      const [index, tenantId] = [open(), randomUUID()];
      for (const [at, dimension] of dimensions.entries()) {
        await index.writeRows(tenantId, month, dimension, [rowOf(at)]);
      }
      for (const [at, dimension] of dimensions.entries()) {
        expect((await scanAll(index, tenantId, scanOf({ dimension }))).keys).toEqual([keyOf(at)]);
      }
    });
  });

  describe('whole rows', () => {
    it('are those of a range of keys, in order, up to a limit, with the columns to filter by', async () => {
      const [index, tenantId] = [open(), randomUUID()];
      const match = { o: -(2n ** 63n), u: 5n, r: 6 };
      const rows = [1, 2, 3, 4].map((at) => rowOf(at, { match, text: Buffer.from('text') }));
      await index.writeRows(tenantId, month, 'time', rows);
      const keysOf = async (from: string, through: string, limit = 10) => {
        const found = await index.wholeRows(tenantId, { month, dimension: 'time', from, through, limit });
        for (const row of found) {
          expect([row.match, bytesOf(row.text)]).toEqual([match, Buffer.from('text')]);
          expect(bytesOf(row.summary)?.toString()).toMatch(/^summary/);
        }
        return found.map(({ rowKey }) => rowKey);
      };
      expect(await keysOf(keyOf(2), keyOf(3))).toEqual([keyOf(2), keyOf(3)]);
      expect(await keysOf(keyOf(2), keyOf(9), 2)).toEqual([keyOf(2), keyOf(3)]);
      expect(await keysOf(keyOf(4), keyOf(4))).toEqual([keyOf(4)]);
      expect(await keysOf(keyOf(5), keyOf(5))).toEqual([]);
      const other = { month: '202604', dimension: 'time' as const, from: '', through: '~', limit: 10 };
      expect(await index.wholeRows(tenantId, other)).toEqual([]);
    });
  });

  describe('a scan', () => {
    const rows = Array.from({ length: 50 }, (_, at) =>
      rowOf(at, { match: { u: BigInt(at % 5), o: BigInt(at % 2) * -7n, t: at } }),
    );
    const keysWhere = (matches: (at: number) => boolean) =>
      rows
        .map((_, at) => at)
        .filter(matches)
        .map(keyOf);
    const filled = async () => {
      const [index, tenantId] = [open(), randomUUID()];
      await index.writeRows(tenantId, month, 'time', rows);
      return { index, tenantId };
    };

    it('returns the keys between its bounds, exclusive, in ascending order', async () => {
      const { index, tenantId } = await filled();
      const { keys } = await scanAll(index, tenantId, scanOf({ after: keyOf(10), before: keyOf(20) }));
      expect(keys).toEqual(keysWhere((at) => at > 10 && at < 20));
    });

    it('omits texts unless requested, and still returns their position', async () => {
      const [index, tenantId] = [open(), randomUUID()];
      const textAt = { blobName: 'a:b', line: 7 };
      await index.writeRows(tenantId, month, 'time', [
        rowOf(1, { text: Buffer.from('text') }),
        rowOf(2, { textAt }),
      ]);
      const [held, pointed] = (await index.scan(tenantId, scanOf({ withTexts: false }))).rows;
      expect([held?.rowKey, bytesOf(held?.summary)]).toEqual([keyOf(1), Buffer.from('summary 1')]);
      expect([held?.text, held?.textAt]).toEqual([undefined, undefined]);
      expect([pointed?.text, pointed?.textAt]).toEqual([undefined, textAt]);
      const [whole] = (await index.scan(tenantId, scanOf())).rows;
      expect(bytesOf(whole?.text)).toEqual(Buffer.from('text'));
    });

    it('continues page by page, without losing or repeating a row', async () => {
      const { index, tenantId } = await filled();
      const { keys, pages } = await scanAll(index, tenantId, scanOf({ pageSize: 7 }));
      expect(keys).toEqual(rows.map(({ rowKey }) => rowKey));
      for (const page of pages) expect(page.length).toBeLessThanOrEqual(7);
    });

    it('applies terms: hashes of either sign, and numbers', async () => {
      const { index, tenantId } = await filled();
      const where: readonly MatchTerm[] = [
        { column: 'u', anyOf: [1n, 3n] },
        { column: 'o', anyOf: [-7n] },
      ];
      const { keys } = await scanAll(index, tenantId, scanOf({ where, pageSize: 3 }));
      expect(keys).toEqual(keysWhere((at) => [1, 3].includes(at % 5) && at % 2 === 1));
      const numbers = scanOf({ where: [{ column: 't', anyOf: [4, 44] }] });
      expect((await scanAll(index, tenantId, numbers)).keys).toEqual([keyOf(4), keyOf(44)]);
    });

    it('never omits a matching row, even with more terms and values than storage accepts', async () => {
      const { index, tenantId } = await filled();
      const many = Array.from({ length: 40 }, (_, value) => value);
      const where: readonly MatchTerm[] = [
        { column: 't', anyOf: many },
        { column: 'u', anyOf: many.slice(1, 20).map(BigInt) },
        { column: 'o', anyOf: [0n] },
      ];
      const { keys } = await scanAll(index, tenantId, scanOf({ where, pageSize: 10 }));
      const matching = keysWhere((at) => at < 40 && at % 5 >= 1 && at % 2 === 0);
      expect(keys).toEqual(expect.arrayContaining(matching));
      expect(keys.filter((key) => !keysWhere((at) => at % 2 === 0).includes(key))).toEqual([]);
    });

    it('returns no rows without the column', async () => {
      const { index, tenantId } = await filled();
      const where: readonly MatchTerm[] = [{ column: 'm', anyOf: [1n] }];
      expect((await scanAll(index, tenantId, scanOf({ where }))).keys).toEqual([]);
    });
  });
});

describe('an unreachable index', () => {
  it('fails, and never looks empty', async () => {
    const index = createRecordIndex(createTables(lockedOut(storage())));
    const tenantId = randomUUID();
    await expect(index.createClaims(tenantId, [claimOf('first')])).rejects.toThrow();
    await expect(index.readClaims(tenantId, ['first'])).rejects.toThrow();
    await expect(index.months(tenantId)).rejects.toThrow();
    await expect(index.scan(tenantId, scanOf())).rejects.toThrow();
    await expect(index.getRow(tenantId, month, 'time', keyOf(1))).rejects.toThrow();
  });
});
