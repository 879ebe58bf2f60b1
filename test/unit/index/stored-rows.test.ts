/**
 * Rows as they are stored, pinned for records that together use every member. Stored rows are never rewritten, and a
 * record that is delivered again must produce the same row: never change stored-rows.json, add records to it.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import type { Tables } from '../../../shared/adapters/tables/tables.ts';
import { monthOf } from '../../../shared/index/keys.ts';
import { textDictionary } from '../../../shared/index/packing-dictionary.ts';
import { unpackText } from '../../../shared/index/packing.ts';
import { recordRows } from '../../../shared/index/rows.ts';
import { deliveredExamples } from './delivered-examples.ts';
import { tenantId } from './placed-records.ts';
import pinned from './stored-rows.json' with { type: 'json' };

const blobName = `tenant=${tenantId}/date=2026-03-02/landing.ndjson.gz`;
const dictionary = textDictionary;

/** The entities of all rows in the form that the pins have. */
async function storedRows(placed: (typeof deliveredExamples)[number]): Promise<readonly object[]> {
  const stored: object[] = [];
  const notCalled = () => Promise.reject(new Error('Not expected.'));
  const tables: Tables = {
    write: notCalled,
    upsertAll: notCalled,
    get: notCalled,
    remove: notCalled,
    page: notCalled,
    all: notCalled,
    drop: notCalled,
    names: notCalled,
    async transact(table, actions) {
      for (const [, entity] of actions) stored.push({ table, ...readable(entity) });
      return await Promise.resolve([]);
    },
  };
  const index = createRecordIndex(tables);
  for (const { dimension, row } of recordRows(placed, { tenantId, blobName })) {
    await index.writeRows(tenantId, monthOf(placed.time), dimension, [row]);
  }
  return stored;
}

function readable(entity: object): object {
  // As in JSON, undefined properties are left out.
  const present = Object.entries(entity).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, readableValue(name, value)]));
}

function readableValue(column: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}L`;
  if (!(value instanceof Uint8Array)) return value;
  return column === 'd' ? summaryJson(value) : unpackText(value).toString('latin1');
}

/** The output of zlib differs between machines, so the text is pinned, and that it is packed as before. */
function summaryJson(packed: Uint8Array): string {
  const json = inflateRawSync(packed.subarray(1), { dictionary });
  const again = deflateRawSync(json, { level: 6, windowBits: 12, memLevel: 6, dictionary });
  expect(Buffer.from(packed).equals(Buffer.concat([Buffer.from([1]), again]))).toBe(true);
  return json.toString('utf8');
}

/** Rows of a record may be written in any order. */
function inOrder(rows: readonly object[]): readonly object[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

type StoredRow = (typeof pinned)[number][number];

/**
 * Of the rows that are written now, those that the pins have, cut to the summary that the pins have: later releases add
 * rows and values, and change none.
 */
function asPinned(rows: readonly object[], pins: readonly StoredRow[]): readonly object[] {
  return pins.flatMap((pin) => {
    const now = rows.find((row) => 'rowKey' in row && row.rowKey === pin.rowKey);
    return now === undefined ? [] : [{ ...now, d: shortened(now, listOf(pin.d).length) }];
  });
}

function shortened(row: object, length: number): string {
  return JSON.stringify(listOf('d' in row ? row.d : undefined).slice(0, length));
}

function listOf(json: unknown): readonly unknown[] {
  const list: unknown = typeof json === 'string' ? JSON.parse(json) : undefined;
  return Array.isArray(list) ? list : [];
}

it('stored rows keep their format, whatever members a record has', async () => {
  const stored = await Promise.all(deliveredExamples.map(storedRows));
  expect(stored.map((rows, at) => inOrder(asPinned(rows, pinned[at] ?? [])))).toStrictEqual(
    pinned.map(inOrder),
  );
  // Only a record with several values has a row that the first release did not write.
  const added = stored.map((rows, at) => rows.length - (pinned[at]?.length ?? 0));
  expect(added).toEqual(deliveredExamples.map((one) => Number(one === deliveredExamples[2])));
});
