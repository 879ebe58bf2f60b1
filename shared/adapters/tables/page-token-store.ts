/** Table `PageTokens`: positions of queries that are too long for a link. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import type { PageTokenStore } from '../../query/page-tokens.ts';
import { binaryColumn, dateColumn } from './columns.ts';
import { openRows } from './rows.ts';
import type { Tables } from './tables.ts';

/** A column holds 64 KiB. */
const columnBytes = 60_000;
/** A set of 5,000 tenants needs three or four; a row may have 1 MiB. */
const partNames = ['token', 'more', 'part2', 'part3', 'part4', 'part5', 'part6', 'part7'] as const;
const maxTokenBytes = 2 * 1024 * 1024;

const part = binaryColumn.optional();
const columns = z.object({
  at: dateColumn,
  token: binaryColumn,
  more: part,
  part2: part,
  part3: part,
  part4: part,
  part5: part,
  part6: part,
  part7: part,
});

export function createPageTokenStore(tables: Tables): PageTokenStore {
  const rows = openRows(tables, {
    table: 'PageTokens',
    columns,
    toRow: (row) => Buffer.concat(partNames.flatMap((name) => row[name] ?? [])),
  });
  return {
    async keep(id, token, at) {
      const bytes = deflateRawSync(token);
      if (bytes.length > columnBytes * partNames.length) throw new Error('A page token is too long.');
      const row = { at, ...partsOf(bytes) };
      if (!(await rows.createOwn(keyOf(id), row))) throw new Error('Another page token has this ID.');
    },
    async find(id) {
      const bytes = await rows.get(keyOf(id));
      return bytes && inflateRawSync(bytes, { maxOutputLength: maxTokenBytes }).toString('utf8');
    },
  };
}

function partsOf(bytes: Buffer) {
  const used = partNames.slice(0, Math.max(1, Math.ceil(bytes.length / columnBytes)));
  const partAt = (at: number) => bytes.subarray(at * columnBytes, (at + 1) * columnBytes);
  return Object.fromEntries(used.map((name, at) => [name, partAt(at)]));
}

/** Ids are random, so their first character spreads them over partitions. */
function keyOf(id: string) {
  return { partitionKey: id.slice(0, 1), rowKey: id };
}
