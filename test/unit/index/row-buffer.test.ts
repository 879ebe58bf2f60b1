/** Transactions as Table Storage takes them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dimensions } from '../../../shared/index/keys.ts';
import type { IndexRow } from '../../../shared/index/record-index.ts';
import { createRowBuffer, type RowTransaction } from '../../../shared/index/row-buffer.ts';

const anyRow = fc.record({
  month: fc.constantFrom('202602', '202603'),
  dimension: fc.constantFrom(...dimensions),
  key: fc.nat(400),
  bytes: fc.oneof(fc.nat(300), fc.nat(60_000)),
});

function toRow(rowKey: string, bytes: number): IndexRow {
  return { rowKey, match: {}, summary: new Uint8Array(Math.floor(bytes / 2)), text: new Uint8Array(bytes) };
}

/** Bytes of what the transaction's binary becomes on the wire. */
function wireBytes({ rows }: RowTransaction): number {
  const binary = rows.map((row) => row.summary.length + (row.text?.length ?? 0));
  return binary.reduce((sum, bytes) => sum + Math.ceil(bytes / 3) * 4, 0);
}

function place({ month, dimension }: RowTransaction, { rowKey }: IndexRow): string {
  return `${month} ${dimension} ${rowKey}`;
}

describe('the row buffer', () => {
  it('returns every row once, in transactions of one partition, at most 100 rows and 3.5 MiB', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 1200, size: 'max' }), (added) => {
        const buffer = createRowBuffer();
        const given = added.flatMap(({ month, dimension, key, bytes }) => {
          return buffer.add(month, dimension, toRow(String(key), bytes)) ?? [];
        });
        const all = [...given, ...buffer.drain()];
        for (const transaction of all) {
          const { rows } = transaction;
          expect(rows.length).toBeGreaterThan(0);
          expect(rows.length).toBeLessThanOrEqual(100);
          expect(new Set(rows.map((row) => row.rowKey)).size).toBe(rows.length);
          expect(wireBytes(transaction)).toBeLessThanOrEqual(3.5 * 1024 * 1024);
        }
        const places = all.flatMap((transaction) => transaction.rows.map((row) => place(transaction, row)));
        const wanted = added.map(({ month, dimension, key }) => `${month} ${dimension} ${key}`);
        expect(new Set(places)).toEqual(new Set(wanted));
        expect(buffer.drain()).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('fills transactions to 100 rows', () => {
    const buffer = createRowBuffer();
    const given = Array.from({ length: 250 }, (_, key) =>
      buffer.add('202603', 'time', toRow(String(key), 10)),
    );
    const sizes = [...given, ...buffer.drain()].flatMap((transaction) => transaction?.rows.length ?? []);
    expect(sizes).toEqual([100, 100, 50]);
  });

  it('bounds the number of buffered rows, however many partitions they belong to', () => {
    const buffer = createRowBuffer();
    let waiting = 0;
    for (let added = 0; added < 30_000; added++) {
      const month = String(190_001 + (added % 1000));
      waiting += 1 - (buffer.add(month, 'time', toRow(String(added), 10))?.rows.length ?? 0);
      expect(waiting).toBeLessThanOrEqual(10_000);
    }
    expect(buffer.drain().reduce((sum, { rows }) => sum + rows.length, 0)).toBe(waiting);
  });
});
